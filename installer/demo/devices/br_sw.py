"""br-sw: a C9200L-24P-4G with the branch's eighteen phones. Planted: its clock is at stratum 16."""

from collections.abc import Mapping

from demo.device import Identity, InterfaceType, SimulatedDevice
from demo.devices.catalyst import CORE_PRIORITY, Power, SwitchPlan, assemble, finish
from demo.hardware import Member, Optic, PowerSupply, catalyst
from demo.mibs.processor import Pool, busy_percent
from demo.mibs.switching import Root, Tree
from demo.ports import PortFactory, PortRange
from demo.world import World

SOFTWARE = "17.09.05"
VLANS: Mapping[int, str] = {10: "mgmt", 20: "data", 30: "voice", 999: "parking"}


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["br-sw"]
    factory = PortFactory(world, own)
    rows = factory.ethernet([PortRange("Gi1/0/", 1, 24), PortRange("Gi1/1/", 1, 4)])
    rows.append(factory.logical("Vl10", InterfaceType.PROP_VIRTUAL, "mgmt"))
    supplies = tuple(PowerSupply(bay, "PWR-C5-600WAC", f"FNV2411P0E{bay}") for bay in ("A", "B"))
    member = Member(1, "C9200L-24P-4G", "FNV2412X0E1", rows, supplies, [Optic("Gi1/1/1", "GLC-TE", "NVD2418E101")], inlet_celsius=25)
    plan = SwitchPlan(
        rows=rows,
        hardware=catalyst("c92xxL Stack", SOFTWARE, [member]),
        cpu_percent=busy_percent(world.offices[3], 9, 4),
        pools=[Pool(1, "Processor", 367_001_600, 136_314_880)],
        vlan_names=VLANS,
        trees={vlan: _tree(world, own, vlan) for vlan in (1, *VLANS)},
        own_addresses=[(own.address, 24, "Vl10")],
        changed_days_ago=95.0,
        power=Power(740, 24),
        clock_synchronised=False,
    )
    return finish(own, plan, *assemble(world, own, known, plan))


def _tree(world: World, own: Identity, vlan: int) -> Tree:
    """The only switch of the branch is its root, on purpose."""
    root = Root(CORE_PRIORITY + vlan, own.base_mac)
    return Tree(root, root, None, topology_changes=3, changed_ns=world.before(days=40.0))
