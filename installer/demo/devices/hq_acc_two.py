"""hq-acc2: a C9200-24P with eight phones and two access points, two single uplinks.

Planted: Te1/1/1 with 0.03 percent CRC errors and received light below the alarm; native VLAN 1 on that uplink.
Near miss: sysUpTime wrapped ten days ago while snmpEngineTime ran on.
"""

from collections.abc import Mapping

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice
from demo.devices.catalyst import HQ_VLANS, Power, SwitchPlan, assemble, finish, headquarters_trees
from demo.estate import cables_of
from demo.hardware import Member, Optic, PowerSupply, catalyst
from demo.mib import Number
from demo.mibs.processor import Pool, busy_percent
from demo.ports import PortFactory, PortRange, cable_curve
from demo.world import World, line, share_since, wobble

SOFTWARE = "17.09.05"
SICK_PORT = "Te1/1/1"
FRAME_OCTETS = 640
CRC_PARTS_PER_MILLION = 300
SICK_FOR_DAYS = 9.0
RECEIVED_AT_WORST, RECEIVED_AT_BEST = -154, -58  # tenths of a dBm
FADES_PER_DAY = -4.6


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-acc2"]
    received = next(seen.in_octets_per_second for seen in cables_of(own.name) if seen.local.port == SICK_PORT)
    frames = cable_curve(world, "hq-core", "hq-acc2").count_since(own.boot_ns, received / FRAME_OCTETS)
    errors = share_since(frames, world.before(days=SICK_FOR_DAYS), CRC_PARTS_PER_MILLION)
    factory = PortFactory(world, own, {SICK_PORT: {"fcs_errors": errors}})
    rows = factory.ethernet([PortRange("Gi1/0/", 1, 24), PortRange("Te1/1/", 1, 4, 10_000)])
    rows.append(factory.logical("Vl10", InterfaceType.PROP_VIRTUAL, "mgmt"))
    plan = SwitchPlan(
        rows=rows,
        hardware=catalyst("c92xx Stack", SOFTWARE, [_member(world, rows)]),
        cpu_percent=busy_percent(world.offices[1], 10, 4),
        pools=[Pool(1, "Processor", 367_001_600, 138_412_032)],
        vlan_names=HQ_VLANS,
        trees=headquarters_trees(world, own, known, toward_core=SICK_PORT, blocked=("Te1/1/2",)),
        own_addresses=[(own.address, 24, "Vl10")],
        changed_days_ago=44.7,
        power=Power(740, 24),
    )
    return finish(own, plan, *assemble(world, own, known, plan))


def _member(world: World, rows: list[Interface]) -> Member:
    optics = (
        Optic(SICK_PORT, "SFP-10G-SR", "NVD2418C101", _fading(world), -24),
        Optic("Te1/1/2", "SFP-10G-SR", "NVD2418C102", -43, -24),
    )
    supplies = tuple(PowerSupply(bay, "PWR-C6-600WAC", f"FNV2411P0C{bay}") for bay in ("A", "B"))
    return Member(1, "C9200-24P", "FNV2412X0C1", rows, supplies, optics, inlet_celsius=27, uplink_module=("C9200-NM-4X", "FNV2409M0C9"))


def _fading(world: World) -> Number:
    """Received light: falls through three weeks and lies below the alarm level (-13.9 dBm) since then."""
    straight = line(world, RECEIVED_AT_WORST + FADES_PER_DAY * SICK_FOR_DAYS, FADES_PER_DAY)
    return lambda now_ns: min(max(straight(now_ns), RECEIVED_AT_WORST), RECEIVED_AT_BEST) - wobble(12, now_ns, 3)
