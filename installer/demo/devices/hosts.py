"""hq-lin, hq-win, hq-cucm and hq-ups: what is no network gear.

Planted: /var of hq-lin is full in eighteen days; 7 of 60 phones of hq-cucm lost their registration two days ago;
hq-ups asks for a new battery.
"""

from collections.abc import Callable, Mapping, Sequence

from demo.device import Identity, Interface, InterfaceType, SimulatedDevice, Traffic
from demo.estate import ENDPOINTS
from demo.load import LoadCurve
from demo.mib import MibBuilder
from demo.mibs.addresses import Address, addresses
from demo.mibs.host import Memory, Volume, host_resources, ucd
from demo.mibs.interfaces import interfaces
from demo.mibs.power import Ups, ups
from demo.mibs.system import snmp_engine, system
from demo.mibs.voice import Phone, call_manager
from demo.world import World, line, wobble

SERVER_SERVICES = 72
VAR_UNITS = 26_214_400  # 100 GiB in units of 4 KiB
VAR_USED_AT_EPOCH, VAR_DAYS_LEFT = 0.82, 18
LOST_PHONES = 7
LOST_DAYS_AGO = 2.0
BATTERY_BAD_DAYS_AGO = 11.0


def build_linux(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-lin"]
    mib, rows = _host(world, own, "eth0", "eth0")
    memory = Memory(16_384_000, _kilobytes(world.servers[1], 6_200_000, 900_000), swap_total=2_097_148, swap_used=41_200)
    growth = VAR_UNITS * (1 - VAR_USED_AT_EPOCH) / VAR_DAYS_LEFT
    filling = line(world, VAR_UNITS * VAR_USED_AT_EPOCH, growth)
    volumes = [
        Volume(31, "/", "/dev/sda1", 4096, 13_107_200, 5_373_952),
        Volume(36, "/var", "/dev/sdb1", 4096, VAR_UNITS, lambda now_ns: min(max(filling(now_ns), 0), VAR_UNITS)),
        Volume(39, "/srv", "/dev/sdc1", 4096, 131_072_000, 61_341_696),
    ]
    load = _percent(world.servers[1], 4, 12)
    host_resources(mib, own, memory, volumes, processors=4, load_percent=load)
    ucd(mib, memory, volumes, load, processors=4)
    return _finished(own, rows, mib)


def build_windows(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-win"]
    mib, rows = _host(world, own, "Ethernet", "Intel(R) 82574L Gigabit Network Connection")
    memory = Memory(33_553_900, _kilobytes(world.offices[2], 14_800_000, 1_900_000))
    volumes = [
        Volume(4, "C:\\ Label:  Serial Number 5c0e6201", "C:", 4096, 31_328_000, 15_977_280),
        Volume(5, "D:\\ Label:Data  Serial Number 5c0e6202", "D:", 4096, 262_012_000, 141_486_000),
    ]
    host_resources(mib, own, memory, volumes, processors=4, load_percent=_percent(world.offices[2], 3, 10))
    return _finished(own, rows, mib)


def build_call_manager(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-cucm"]
    mib, rows = _host(world, own, "eth0", "eth0")
    memory = Memory(8_152_000, _kilobytes(world.offices[3], 5_100_000, 240_000), swap_total=2_064_380, swap_used=118_000)
    volumes = [
        Volume(31, "/", "/dev/sda1", 4096, 6_553_600, 3_801_088),
        Volume(32, "/common", "/dev/sda6", 4096, 13_107_200, 5_767_168),
    ]
    host_resources(mib, own, memory, volumes, processors=2, load_percent=_percent(world.offices[3], 9, 7))
    call_manager(mib, own.name, own.address, "12.5.1.18901-1", _phones(world), gateways=2)
    return _finished(own, rows, mib)


def build_ups(world: World, known: Mapping[str, Identity]) -> SimulatedDevice:
    own = known["hq-ups"]
    mib, rows = _host(world, own, "lan1", "lan1")
    bad_since = own.uptime_ticks(world.before(days=BATTERY_BAD_DAYS_AGO))
    ups(mib, Ups("APC", "Smart-UPS 3000", "UPS 15.0 / ID=1026", 26, _percent(world.offices[0], 38, 6), bad_since))
    return _finished(own, rows, mib)


def _host(world: World, own: Identity, name: str, long_name: str) -> tuple[MibBuilder, list[Interface]]:
    """Builder with system group, one Ethernet interface and its address."""
    mib = MibBuilder()
    busy = own.name not in ("hq-ups",)
    traffic = Traffic(world.servers[1], 1_100_000, 1_400_000) if busy else Traffic(world.constants[0], 400, 600, 120, 160)
    rows = [
        Interface(1, "lo", "lo", kind=InterfaceType.LOOPBACK, speed_mbps=10, mtu=65_536, connector=False),
        Interface(2, name, long_name, mac=own.base_mac, traffic=traffic),
    ]
    system(mib, own, services=SERVER_SERVICES)
    snmp_engine(mib, own)
    interfaces(mib, own, rows)
    addresses(mib, [Address("127.0.0.1", 8, 1), Address(own.address, 24, 2)])
    return mib, rows


def _finished(own: Identity, rows: Sequence[Interface], mib: MibBuilder) -> SimulatedDevice:
    return SimulatedDevice(own, rows, {own.community.encode("ascii"): mib.build()})


def _percent(curve: LoadCurve, floor: int, mean: int) -> Callable[[int], int]:
    return lambda now_ns: min(65, round(floor + mean * curve.level(now_ns)))


def _kilobytes(curve: LoadCurve, floor: int, mean: int) -> Callable[[int], int]:
    return lambda now_ns: round(floor + mean * min(curve.level(now_ns), 3.0)) + wobble(9, now_ns, 4_096)


def _phones(world: World) -> list[Phone]:
    """All phones of both sites; the last ones of hq-acc1 lost their registration."""
    found = []
    lost = {endpoint.name for endpoint in [phone for phone in ENDPOINTS if phone.is_phone and phone.device == "hq-acc1"][-LOST_PHONES:]}
    for endpoint in ENDPOINTS:
        if endpoint.is_phone:
            lost_ns = world.before(days=LOST_DAYS_AGO) if endpoint.name in lost else None
            found.append(Phone(endpoint.name, endpoint.address, endpoint.software.removesuffix(".loads"), lost_ns))
    return found
