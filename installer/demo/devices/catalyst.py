"""What every Catalyst of the site answers alike: `assemble` turns a plan into the device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice
from demo.estate import cables_of, endpoints_of
from demo.hardware import Hardware
from demo.mib import MibBuilder, Number, View
from demo.mibs.addresses import Address, addresses
from demo.mibs.flash import flash
from demo.mibs.interfaces import interfaces, stacked
from demo.mibs.neighbours import cdp, lldp
from demo.mibs.poe import PoePort, power_over_ethernet
from demo.mibs.processor import Pool, cisco_cpu, enhanced_pools, memory_pools
from demo.mibs.routing import ntp
from demo.mibs.switching import AccessPort, Root, Tree, Trunk, access_ports, bridge, trunks, vlans
from demo.mibs.system import cisco_restart, configuration_history, snmp_engine, system
from demo.world import World

DATA_VLAN, VOICE_VLAN, WIFI_VLAN = 20, 30, 50
HQ_VLANS: Mapping[int, str] = {10: "mgmt", 20: "data", 30: "voice", 40: "servers", 50: "wifi", 60: "guest", 900: "transit", 999: "parking"}
CORE_PRIORITY, USUAL_PRIORITY, ACCESS3_VLAN20_PRIORITY = 24_576, 32_768, 4_096
STOLEN_VLAN = 20
NTP_SERVERS = ("10.1.0.1", "192.0.2.123")
GIBIBYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Power:
    """PoE of a switch: what the endpoints draw comes from the estate, what else draws stands in `others` (class, milliwatts)."""

    budget_watts: int
    ports: int  # Gi1/0/1 to Gi1/0/`ports` feed power
    others: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SwitchPlan:
    """A Catalyst in a few facts. `trees`: spanning tree by VLAN as this bridge sees it."""

    rows: Sequence[Interface]
    hardware: Hardware
    cpu_percent: Number
    pools: Sequence[Pool]
    vlan_names: Mapping[int, str]
    trees: Mapping[int, Tree]
    own_addresses: Sequence[tuple[str, int, str]]  # address, prefix length, ifName
    changed_days_ago: float
    power: Power | None = None
    voice_vlans: Mapping[str, int | None] = field(default_factory=dict)  # ports that differ from the voice VLAN
    clock_synchronised: bool = True
    has_enhanced_pools: bool = True
    has_sensor_mib: bool = True


def assemble(world: World, own: Identity, known: Mapping[str, Identity], plan: SwitchPlan) -> tuple[MibBuilder, dict[bytes, View]]:
    """The builder of the device's own view, to be added to, and the finished views of its VLAN contexts."""
    mib = MibBuilder()
    index_of = {row.name: row.index for row in plan.rows}
    system(mib, own)
    snmp_engine(mib, own)
    cisco_restart(mib)
    configuration_history(mib, own, world.before(days=plan.changed_days_ago), world.before(days=plan.changed_days_ago - 0.01))
    interfaces(mib, own, plan.rows)
    for bundle in sorted({seen.local.bundle for seen in cables_of(own.name)} - {""}):
        stacked(mib, index_of[bundle], [index_of[seen.local.port] for seen in cables_of(own.name) if seen.local.bundle == bundle])
    plan.hardware.write(mib, plan.has_sensor_mib)
    cisco_cpu(mib, plan.cpu_percent, physical_index=1000)
    memory_pools(mib, plan.pools)
    if plan.has_enhanced_pools:
        enhanced_pools(mib, 1000, plan.pools)
    flash(mib, 1, "flash:", 2 * GIBIBYTE, GIBIBYTE)
    cdp(mib, own, plan.rows, known)
    lldp(mib, own, plan.rows, known)
    addresses(mib, [Address(address, length, index_of[name]) for address, length, name in plan.own_addresses])
    ntp(mib, NTP_SERVERS, plan.clock_synchronised)
    _switching(mib, own, plan)
    if plan.power is not None:
        _power(mib, own, plan, plan.power)
    return mib, _contexts(own, plan)


def finish(own: Identity, plan: SwitchPlan, mib: MibBuilder, contexts: Mapping[bytes, View]) -> SimulatedDevice:
    return SimulatedDevice(own, plan.rows, {own.community.encode("ascii"): mib.build(), **contexts})


def headquarters_trees(
    world: World, own: Identity, known: Mapping[str, Identity], toward_core: str, blocked: tuple[str, ...] = ()
) -> dict[int, Tree]:
    """Trees at headquarters: hq-core is the root, but for VLAN 20, which hq-acc3 has drawn to itself."""
    trees = {}
    for vlan in (1, *HQ_VLANS):
        stolen = vlan == STOLEN_VLAN
        root_name = "hq-acc3" if stolen else "hq-core"
        root = Root((ACCESS3_VLAN20_PRIORITY if stolen else CORE_PRIORITY) + vlan, known[root_name].base_mac)
        priority = CORE_PRIORITY if own.name == "hq-core" else USUAL_PRIORITY
        if own.name == root_name:
            trees[vlan] = Tree(root, root, None, changed_ns=world.before(days=9.5))
            continue
        trees[vlan] = Tree(root, Root(priority + vlan, own.base_mac), toward_core, 3, blocked, changed_ns=world.before(days=9.5))
    return trees


def _switching(mib: MibBuilder, own: Identity, plan: SwitchPlan) -> None:
    index_of = {row.name: row.index for row in plan.rows}
    endpoints = endpoints_of(own.name)
    trunk_rows = [
        Trunk(index_of[seen.local.port], seen.local.native_vlan) for seen in cables_of(own.name) if seen.local.native_vlan in (1, 999)
    ]
    trunk_rows += [Trunk(index_of[endpoint.port], WIFI_VLAN) for endpoint in endpoints if not endpoint.is_phone]
    phones = [
        AccessPort(index_of[phone.port], DATA_VLAN, plan.voice_vlans.get(phone.port, VOICE_VLAN)) for phone in endpoints if phone.is_phone
    ]
    vlans(mib, plan.vlan_names)
    trunks(mib, trunk_rows)
    access_ports(mib, phones)


def _power(mib: MibBuilder, own: Identity, plan: SwitchPlan, power: Power) -> None:
    drawing = {endpoint.port: (endpoint.poe_class, endpoint.poe_milliwatts) for endpoint in endpoints_of(own.name)} | dict(power.others)
    consumption_watts = sum(milliwatts for _, milliwatts in drawing.values()) // 1000
    ports = []
    for number in range(1, power.ports + 1):
        name = f"Gi1/0/{number}"
        power_class, milliwatts = drawing.get(name, (None, 0))
        ports.append(PoePort(number, plan.hardware.port_index(name), power_class, milliwatts))
    power_over_ethernet(mib, 1, power.budget_watts, consumption_watts, ports)


def _contexts(own: Identity, plan: SwitchPlan) -> dict[bytes, View]:
    """One view a VLAN under `community@vlan`, with the bridge of that VLAN."""
    bundled = {seen.local.port for seen in cables_of(own.name) if seen.local.bundle}
    kinds = (InterfaceType.ETHERNET, InterfaceType.LAG)
    ports = [row for row in plan.rows if row.up == 1 and row.name not in bundled and (row.kind in kinds or row.name.startswith("Po"))]
    views = {}
    for vlan, tree in plan.trees.items():
        mib = MibBuilder()
        system(mib, own)
        bridge(mib, own.base_mac, ports, tree)
        views[f"{own.community}@{vlan}".encode("ascii")] = mib.build()
    return views
