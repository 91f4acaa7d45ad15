"""hq-acc3: a WS-C2960X-24PS-L with four phones, past its support.

Planted: bridge priority 4096 makes it the root of VLAN 20; the model's support has ended.
Near miss: a model with one power supply. It has no CISCO-ENTITY-SENSOR-MIB, so optic levels are not provided.
"""

from collections.abc import Mapping

from demo.device import Identity, InterfaceType, SimulatedDevice
from demo.devices.catalyst import HQ_VLANS, Power, SwitchPlan, assemble, finish, headquarters_trees
from demo.hardware import Member, PowerSupply, catalyst
from demo.mibs.processor import Pool, busy_percent
from demo.ports import PortFactory, PortRange
from demo.world import World

SOFTWARE = "15.2(7)E8"


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-acc3"]
    factory = PortFactory(world, own)
    rows = factory.ethernet([PortRange("Gi1/0/", 1, 28)])
    rows.append(factory.bundle("Po1", [row for row in rows if row.name in ("Gi1/0/25", "Gi1/0/26")], "hq-core Po13"))
    rows.append(factory.logical("Vl10", InterfaceType.PROP_VIRTUAL, "mgmt"))
    built_in = PowerSupply("A", "", "")
    member = Member(1, "WS-C2960X-24PS-L", "FNV1912X0D1", rows, (built_in,), fans=1, inlet_celsius=29)
    plan = SwitchPlan(
        rows=rows,
        hardware=catalyst("WS-C2960X Stack", SOFTWARE, [member]),
        cpu_percent=busy_percent(world.offices[2], 14, 4),
        pools=[Pool(1, "Processor", 400_556_032, 61_865_984), Pool(2, "I/O", 33_554_432, 15_728_640)],
        vlan_names=HQ_VLANS,
        trees=headquarters_trees(world, own, known, toward_core="Po1"),
        own_addresses=[(own.address, 24, "Vl10")],
        changed_days_ago=130.5,
        power=Power(370, 24),
        has_enhanced_pools=False,
        has_sensor_mib=False,
    )
    return finish(own, plan, *assemble(world, own, known, plan))
