"""What the two ISR 4300 routers of the site answer alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from demo.device import Identity, Interface, SimulatedDevice
from demo.hardware import Hardware
from demo.mib import MibBuilder, Number
from demo.mibs.addresses import Address, addresses
from demo.mibs.entity import Part, PartClass
from demo.mibs.flash import flash
from demo.mibs.interfaces import interfaces
from demo.mibs.ipsla import Operation, ip_sla
from demo.mibs.neighbours import cdp, lldp
from demo.mibs.processor import Pool, cisco_cpu, enhanced_pools, memory_pools
from demo.mibs.routing import OspfInterface, OspfNeighbour, ntp, ospf
from demo.mibs.sensors import Fan, Quantity, Scale, Sensor, Supply, entity_sensors
from demo.mibs.system import cisco_restart, configuration_history, snmp_engine, system
from demo.world import World

SOFTWARE = "17.09.04a"
CHASSIS, SUPPLY, FAN, ENGINE, MODULE, FIRST_SENSOR, FIRST_PORT = 1, 3, 23, 7000, 1000, 7001, 1010
NTP_SERVERS = ("192.0.2.123", "192.0.2.124")
GIBIBYTE = 1024**3
PROCESSOR_POOL_OCTETS = 1_703_936_000


@dataclass(frozen=True, slots=True)
class RouterPlan:
    """An ISR in a few facts. `cards` are voice and network modules: name, model, serial."""

    model: str
    serial: str
    supply_serial: str
    rows: Sequence[Interface]
    own_addresses: Sequence[tuple[str, int, str]]
    cpu_percent: Callable[[int], int]
    memory_used: Number
    cards: Sequence[tuple[str, str, str]]
    operations: Sequence[Operation]
    router_id: str
    ospf_interfaces: Sequence[OspfInterface]
    ospf_neighbours: Sequence[OspfNeighbour]
    changed_days_ago: float


def assemble(world: World, own: Identity, known: Mapping[str, Identity], plan: RouterPlan) -> MibBuilder:
    mib = MibBuilder()
    index_of = {row.name: row.index for row in plan.rows}
    system(mib, own)
    snmp_engine(mib, own)
    cisco_restart(mib)
    configuration_history(mib, own, world.before(days=plan.changed_days_ago), world.before(days=plan.changed_days_ago - 0.01))
    interfaces(mib, own, plan.rows)
    hardware = _hardware(plan)
    hardware.write(mib)
    entity_sensors(mib, hardware.sensors)
    cisco_cpu(mib, plan.cpu_percent, physical_index=ENGINE)
    pools = [Pool(1, "Processor", PROCESSOR_POOL_OCTETS, plan.memory_used)]
    memory_pools(mib, pools)
    enhanced_pools(mib, ENGINE, pools)
    flash(mib, 1, "bootflash:", 3 * GIBIBYTE, 2 * GIBIBYTE)
    cdp(mib, own, plan.rows, known)
    lldp(mib, own, plan.rows, known)
    addresses(mib, [Address(address, length, index_of[name]) for address, length, name in plan.own_addresses])
    ntp(mib, NTP_SERVERS)
    ip_sla(mib, own, plan.operations)
    ospf(mib, plan.router_id, plan.ospf_interfaces, plan.ospf_neighbours)
    return mib


def finish(own: Identity, plan: RouterPlan, mib: MibBuilder) -> SimulatedDevice:
    return SimulatedDevice(own, plan.rows, {own.community.encode("ascii"): mib.build()})


def _hardware(plan: RouterPlan) -> Hardware:
    hardware = Hardware()
    chassis = f"Cisco {plan.model.partition('/')[0]} Chassis"
    hardware.parts += [
        Part(CHASSIS, PartClass.CHASSIS, "Chassis", chassis, 0, 1, plan.model, plan.serial, SOFTWARE, hardware="V05", replaceable=True),
        Part(SUPPLY, PartClass.POWER_SUPPLY, "Power Supply Module 0", "AC Power Supply", CHASSIS, 1, "PWR-4300-AC", plan.supply_serial),
        Part(FAN, PartClass.FAN, "Fan Tray", "Cisco ISR Fan Assembly", CHASSIS, 2, "ACS-4330-FANASSY", ""),
        Part(MODULE, PartClass.MODULE, "module 0", "Cisco ISR built-in NIM controller", CHASSIS, 3, f"{plan.model}", "", SOFTWARE),
        Part(ENGINE, PartClass.MODULE, "module R0", "Cisco ISR Route Processor", CHASSIS, 4, plan.model, plan.serial, SOFTWARE),
    ]
    hardware.supplies.append(Supply(SUPPLY, "Power Supply Module 0"))
    hardware.fans.append(Fan(FAN, "Fan Tray"))
    for number, (name, quantity, value, scale) in enumerate(
        (
            ("Temp: Inlet 1", Quantity.CELSIUS, 27, Scale.UNITS),
            ("Temp: Outlet 1", Quantity.CELSIUS, 33, Scale.UNITS),
            ("Temp: CPU", Quantity.CELSIUS, 42, Scale.UNITS),
            ("V: 12v", Quantity.VOLTS_DC, 12_040, Scale.MILLI),
            ("V: 3.3v", Quantity.VOLTS_DC, 3_311, Scale.MILLI),
        )
    ):
        index = FIRST_SENSOR + number
        hardware.parts.append(Part(index, PartClass.SENSOR, name, name, ENGINE, number + 1))
        hardware.sensors.append(Sensor(index, quantity, value, scale))
    for number, (name, model, serial) in enumerate(plan.cards, 1):
        hardware.parts.append(Part(1100 + number, PartClass.MODULE, name, model, MODULE, number, model, serial, replaceable=True))
    for number, row in enumerate(plan.rows):
        if row.connector:
            hardware.parts.append(
                Part(FIRST_PORT + number, PartClass.PORT, row.name, row.long_name, MODULE, number + 1, if_index=row.index)
            )
    return hardware
