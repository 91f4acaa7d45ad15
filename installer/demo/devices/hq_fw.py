"""hq-fw: a pair of Firepower 1120 with ASA 9.18; unit a answers. Planted: unit b failed four days ago.

Near miss: OSPF two-way to hq-rtr, both with priority 0.
"""

from collections.abc import Mapping
from dataclasses import replace

from demo.device import Identity, Interface, SimulatedDevice, Traffic
from demo.hardware import Hardware
from demo.mib import MibBuilder
from demo.mibs.addresses import Address, addresses
from demo.mibs.entity import Part, PartClass, entity
from demo.mibs.interfaces import interfaces
from demo.mibs.processor import Pool, busy_percent, cisco_cpu, enhanced_pools, memory_pools
from demo.mibs.redundancy import UNIT_ERROR, UNIT_STANDBY, connections, failover
from demo.mibs.routing import BROADCAST, FULL, OTHER_DESIGNATED, TWO_WAY, OspfInterface, OspfNeighbour, ospf
from demo.mibs.sensors import Quantity, Sensor, entity_sensors
from demo.mibs.system import snmp_engine, system
from demo.ports import PortFactory, PortRange
from demo.world import World, switch_at

SOFTWARE = "9.18(4)22"
UNIT_B_FAILED_DAYS_AGO = 4.0
NAMES = {"Ethernet1/1": "outside", "Ethernet1/2": "inside", "Ethernet1/7": "folink"}
ALIASES = {"Ethernet1/1": "Telia Internet circuit 4711-23", "Ethernet1/2": "hq-core Gi1/0/2", "Ethernet1/7": "failover link to unit b"}
CHASSIS, PROCESSOR, TEMPERATURE, FIRST_PORT = 1, 2, 3, 10


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-fw"]
    rows = _interfaces(world, own)
    index_of = {row.name: row.index for row in rows}
    mib = MibBuilder()
    system(mib, own, services=4)
    snmp_engine(mib, own)
    interfaces(mib, own, rows)
    _hardware(mib, rows)
    cisco_cpu(mib, busy_percent(world.offices[1], 8, 9), physical_index=PROCESSOR)
    pools = [Pool(1, "System memory", 6_442_450_944, 2_254_857_830)]
    memory_pools(mib, pools)
    enhanced_pools(mib, PROCESSOR, pools)
    addresses(
        mib,
        [
            Address("10.1.0.5", 24, index_of["management"]),
            Address("10.1.9.3", 29, index_of["inside"]),
            Address("198.51.100.2", 28, index_of["outside"]),
        ],
    )
    ospf(
        mib,
        "10.255.0.3",
        [OspfInterface("10.1.9.3", BROADCAST, 0, OTHER_DESIGNATED, "10.1.9.1")],
        [OspfNeighbour("10.1.9.1", "10.255.0.1", 1, FULL), OspfNeighbour("10.1.9.2", "10.255.0.2", 0, TWO_WAY)],
    )
    failover(mib, switch_at(world.before(days=UNIT_B_FAILED_DAYS_AGO), UNIT_STANDBY, UNIT_ERROR), "Standby unit")
    curve = world.offices[1]
    connections(mib, lambda now_ns: round(900 + 2_400 * curve.level(now_ns)), high_water=19_842)
    return SimulatedDevice(own, rows, {own.community.encode("ascii"): mib.build()})


def _interfaces(world: World, own: Identity) -> list[Interface]:
    flows = {
        "Ethernet1/1": Traffic(world.offices[1], 2_450_000, 690_000, 900, 300),
        "Ethernet1/2": Traffic(world.offices[1], 700_000, 2_500_000, 300, 900),
        "Ethernet1/7": Traffic(world.constants[0], 1_100, 1_000, 200, 200),
    }
    changes = {port: {"alias": ALIASES[port], "traffic": flow} for port, flow in flows.items()}
    management = {"Management1/1": {"alias": "hq-core Vl10", "traffic": Traffic(world.constants[1], 2_000, 2_400, 180, 220)}}
    factory = PortFactory(world, own, changes | management)
    rows = factory.ethernet([PortRange("Ethernet1/", 1, 12), PortRange("Management1/", 1, 1)])
    return [_as_the_asa_names_it(row) for row in rows]


def _as_the_asa_names_it(row: Interface) -> Interface:
    name = NAMES.get(row.name, "management" if row.name.startswith("Management") else row.name)
    return replace(row, name=name, long_name=f"Adaptive Security Appliance '{name}' interface")


def _hardware(mib: MibBuilder, rows: list[Interface]) -> None:
    hardware = Hardware()
    hardware.parts += [
        Part(
            CHASSIS,
            PartClass.CHASSIS,
            "Chassis",
            "Cisco Firepower 1120 Threat Defense",
            0,
            1,
            "FPR-1120",
            "FNV2403X0H1",
            SOFTWARE,
            hardware="V01",
        ),
        Part(PROCESSOR, PartClass.CPU, "Processor 0/0", "Intel Atom C3000 series", CHASSIS, 1),
        Part(TEMPERATURE, PartClass.SENSOR, "CPU Temperature Sensor 0/0", "CPU temperature", PROCESSOR, 1),
    ]
    for position, row in enumerate(rows, 1):
        hardware.parts.append(Part(FIRST_PORT + position, PartClass.PORT, row.name, row.long_name, CHASSIS, position, if_index=row.index))
    entity(mib, hardware.parts)
    entity_sensors(mib, [Sensor(TEMPERATURE, Quantity.CELSIUS, 46)])
