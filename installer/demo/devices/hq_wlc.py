"""hq-wlc: a Catalyst 9800-L with four access points. Planted: AP3 left three days ago and did not come back."""

from collections.abc import Callable, Mapping

from demo.device import Identity, InterfaceType, SimulatedDevice
from demo.estate import ENDPOINTS
from demo.hardware import Hardware, Optic, add_optic
from demo.load import LoadCurve
from demo.mib import MibBuilder
from demo.mibs.addresses import Address, addresses
from demo.mibs.entity import Part, PartClass
from demo.mibs.flash import flash
from demo.mibs.interfaces import interfaces, stacked
from demo.mibs.neighbours import cdp, lldp
from demo.mibs.processor import Pool, busy_percent, cisco_cpu, enhanced_pools, memory_pools
from demo.mibs.routing import ntp
from demo.mibs.sensors import Fan, Quantity, Sensor, Supply, Temperature
from demo.mibs.system import cisco_restart, configuration_history, snmp_engine, system
from demo.mibs.wireless import NEVER_NS, AccessPoint, access_points
from demo.ports import PortFactory, PortRange
from demo.world import World

SOFTWARE = "17.09.05"
LOST_ACCESS_POINT, LOST_DAYS_AGO = "AP3", 3.0
CHASSIS, SUPPLY, FAN, INLET, FIRST_PORT, FIRST_OPTIC = 1, 3, 23, 7001, 1010, 2000
GIBIBYTE = 1024**3


def build(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-wlc"]
    factory = PortFactory(world, own)
    rows = factory.ethernet([PortRange("Te0/0/", 0, 1, 10_000), PortRange("Gi0/0/", 0, 3)])
    rows.append(factory.bundle("Po1", [row for row in rows if row.name in ("Te0/0/0", "Te0/0/1")], "hq-core Po17"))
    rows.append(factory.logical("Vl10", InterfaceType.PROP_VIRTUAL, "mgmt"))
    index_of = {row.name: row.index for row in rows}
    mib = MibBuilder()
    system(mib, own)
    snmp_engine(mib, own)
    cisco_restart(mib)
    configuration_history(mib, own, world.before(days=71.0), world.before(days=70.99))
    interfaces(mib, own, rows)
    stacked(mib, index_of["Po1"], [index_of["Te0/0/0"], index_of["Te0/0/1"]])
    _hardware(index_of).write(mib)
    cisco_cpu(mib, busy_percent(world.offices[3], 5, 6), physical_index=CHASSIS)
    pools = [Pool(1, "Processor", 3_221_225_472, 1_181_116_006)]
    memory_pools(mib, pools)
    enhanced_pools(mib, CHASSIS, pools)
    flash(mib, 1, "bootflash:", 25 * GIBIBYTE, 19 * GIBIBYTE)
    cdp(mib, own, rows, known)
    lldp(mib, own, rows, known)
    addresses(mib, [Address(own.address, 24, index_of["Vl10"])])
    ntp(mib, ("10.1.0.1", "192.0.2.123"))
    access_points(mib, _access_points(world))
    return SimulatedDevice(own, rows, {own.community.encode("ascii"): mib.build()})


def _access_points(world: World) -> list[AccessPoint]:
    found = []
    for number, endpoint in enumerate((endpoint for endpoint in ENDPOINTS if not endpoint.is_phone), 1):
        curve = world.offices[number % len(world.offices)]
        found.append(
            AccessPoint(
                name=endpoint.name,
                mac=bytes.fromhex("02c15ca00000")[:5] + bytes((number * 16,)),
                address=endpoint.address,
                model="C9120AXI-E",
                serial=f"FNV2409W0A{number}",
                software=endpoint.software,
                load_percent=_share(curve, 6, 9),
                clients=_share(curve, 2, 8),
                gone_ns=world.before(days=LOST_DAYS_AGO) if endpoint.name == LOST_ACCESS_POINT else NEVER_NS,
            )
        )
    return found


def _share(curve: LoadCurve, floor: int, mean: int) -> Callable[[int], int]:
    return lambda now_ns: min(50, round(floor + mean * curve.level(now_ns)))


def _hardware(index_of: Mapping[str, int]) -> Hardware:
    hardware = Hardware()
    hardware.parts += [
        Part(
            CHASSIS,
            PartClass.CHASSIS,
            "Chassis",
            "Cisco Catalyst 9800-L Chassis",
            0,
            1,
            "C9800-L-C-K9",
            "FNV2407X0J1",
            SOFTWARE,
            hardware="V02",
        ),
        Part(
            SUPPLY,
            PartClass.POWER_SUPPLY,
            "Power Supply Module 0",
            "Cisco Catalyst 9800-L AC Power Supply",
            CHASSIS,
            1,
            "C9800-AC-110W",
            "FNV2406P0J1",
        ),
        Part(FAN, PartClass.FAN, "Fan Tray", "Cisco Catalyst 9800-L Fan Tray", CHASSIS, 2),
        Part(INLET, PartClass.SENSOR, "Temp: Inlet", "Temp: Inlet", CHASSIS, 3),
    ]
    hardware.supplies.append(Supply(SUPPLY, "Power Supply Module 0"))
    hardware.fans.append(Fan(FAN, "Fan Tray"))
    hardware.temperatures.append(Temperature(INLET, "Temp: Inlet", 26, 60))
    hardware.sensors.append(Sensor(INLET, Quantity.CELSIUS, 26))
    for position, name in enumerate(("Te0/0/0", "Te0/0/1")):
        port = FIRST_PORT + position
        hardware.parts.append(Part(port, PartClass.PORT, name, name, CHASSIS, position + 1, if_index=index_of[name]))
        add_optic(hardware, FIRST_OPTIC + 10 * position, port, Optic(name, "SFP-10G-SR", f"NVD2418J1{position:02d}", -45, -24))
    return hardware
