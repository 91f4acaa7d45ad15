"""hq-core: a stack of two C9300-24T, the core of headquarters.

Planted: power supply B of member 2 is not fed. Near miss: one five-minute CPU sample of 98 percent.
"""

from collections.abc import Callable, Mapping

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice, Traffic
from demo.devices.catalyst import HQ_VLANS, SwitchPlan, assemble, finish, headquarters_trees
from demo.estate import cables_of
from demo.hardware import Member, Optic, PowerSupply, catalyst
from demo.mibs.processor import Pool, busy_percent
from demo.mibs.redundancy import ROLE_MASTER, ROLE_STANDBY, StackSwitch, stack, supervisor_pair
from demo.mibs.routing import BROADCAST, DESIGNATED, FULL, OspfInterface, OspfNeighbour, ospf
from demo.ports import PortFactory, PortRange
from demo.world import MINUTE_NS, World

SOFTWARE = "17.09.03"
SPIKE_HOURS_BEFORE_EPOCH = 5.0
SPIKE_PERCENT = 98
SERVERS = {"Gi1/0/11": "hq-cucm", "Gi1/0/12": "hq-lin", "Gi1/0/13": "hq-win", "Gi1/0/14": "hq-ups"}
ADDRESSES = (
    ("10.1.0.1", 24, "Vl10"),
    ("10.1.20.1", 24, "Vl20"),
    ("10.1.30.1", 24, "Vl30"),
    ("10.1.40.1", 24, "Vl40"),
    ("10.1.50.1", 24, "Vl50"),
    ("10.1.60.1", 24, "Vl60"),
    ("10.1.9.1", 29, "Vl900"),
    ("10.255.0.1", 32, "Lo0"),
)


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-core"]
    rows = _interfaces(world, own)
    plan = SwitchPlan(
        rows=rows,
        hardware=catalyst("c93xx Stack", SOFTWARE, _members(rows)),
        cpu_percent=_with_spike(busy_percent(world.servers[0], 9, 8), world),
        pools=[Pool(1, "Processor", 1_476_395_008, 372_244_480)],
        vlan_names=HQ_VLANS,
        trees=headquarters_trees(world, own, known, toward_core="Po13"),
        own_addresses=ADDRESSES,
        changed_days_ago=12.2,
    )
    mib, contexts = assemble(world, own, known, plan)
    image = "CAT9K_IOSXE"
    stack(mib, [StackSwitch(1, 1000, ROLE_MASTER, 15, own.base_mac, image), StackSwitch(2, 2000, ROLE_STANDBY, 14, own.base_mac, image)])
    supervisor_pair(mib, 1, 2)
    ospf(
        mib,
        "10.255.0.1",
        [OspfInterface("10.1.9.1", BROADCAST, 1, DESIGNATED, "10.1.9.1")],
        [OspfNeighbour("10.1.9.2", "10.255.0.2", 0, FULL), OspfNeighbour("10.1.9.3", "10.255.0.3", 0, FULL)],
    )
    return finish(own, plan, mib, contexts)


def _interfaces(world: World, own: Identity) -> list[Interface]:
    to_server = Traffic(world.servers[1], 1_400_000, 1_100_000)
    changes = {name: {"alias": server, "traffic": to_server} for name, server in SERVERS.items()}
    changes["Gi1/0/2"] = {"alias": "hq-fw a Ethernet1/2", "traffic": Traffic(world.offices[1], 2_500_000, 700_000)}
    changes["Gi2/0/2"] = {"alias": "hq-fw b Ethernet1/2", "traffic": Traffic(world.constants[0], 900, 1_100)}
    factory = PortFactory(world, own, changes)
    rows = factory.ethernet(
        [PortRange("Gi1/0/", 1, 24), PortRange("Te1/1/", 1, 8, 10_000), PortRange("Gi2/0/", 1, 24), PortRange("Te2/1/", 1, 8, 10_000)]
    )
    for bundle, far in (("Po11", "hq-acc1 Po1"), ("Po13", "hq-acc3 Po1"), ("Po17", "hq-wlc Po1")):
        names = {seen.local.port for seen in cables_of(own.name) if seen.local.bundle == bundle}
        rows.append(factory.bundle(bundle, [row for row in rows if row.name in names], far))
    rows += [factory.logical(f"Vl{number}", InterfaceType.PROP_VIRTUAL, name) for number, name in HQ_VLANS.items() if number != 999]
    rows.append(factory.logical("Lo0", InterfaceType.LOOPBACK, "router id", speed_mbps=8_000, mtu=1514))
    return rows


def _members(rows: list[Interface]) -> list[Member]:
    def ports(number: int) -> list[Interface]:
        return [row for row in rows if row.name.startswith((f"Gi{number}/", f"Te{number}/"))]

    def optics(number: int) -> list[Optic]:
        return [Optic(f"Te{number}/1/{port}", "SFP-10G-SR", f"NVD2417A{number}{port:02d}", -38 - port, -23) for port in (1, 2, 8)]

    def supplies(number: int, second_is_fed: bool) -> tuple[PowerSupply, PowerSupply]:
        model = "PWR-C1-350WAC-P"
        return PowerSupply("A", model, f"FNV2408P{number}A1"), PowerSupply("B", model, f"FNV2408P{number}A2", second_is_fed)

    return [
        Member(
            number,
            "C9300-24T",
            f"FNV2410X0A{number}",
            ports(number),
            supplies(number, second_is_fed=number == 1),
            optics(number),
            fans=3,
            inlet_celsius=24 + number,
            uplink_module=("C9300-NM-8X", f"FNV2409M0C{number}"),
        )
        for number in (1, 2)
    ]


def _with_spike(usual: Callable[[int], int], world: World) -> Callable[[int], int]:
    """98 percent for the one five-minute sample around the spike, as a `show tech-support` does it."""
    middle = world.before(hours=SPIKE_HOURS_BEFORE_EPOCH)
    first, last = middle - 2 * MINUTE_NS, middle + 2 * MINUTE_NS
    return lambda now_ns: SPIKE_PERCENT if first <= now_ns <= last else usual(now_ns)
