"""What every device has: the system group, interfaces, hardware, processors, memory, sensors."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.recording import Recording, counter, counter64, gauge, identifier, integer, octets, text, ticks

SYSTEM = "1.3.6.1.2.1.1"
ENGINE = "1.3.6.1.6.3.10.2.1"
IF, IF_X = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
DOT3 = "1.3.6.1.2.1.10.7.2.1"
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
ETHERNET, LOOPBACK, VIRTUAL, TUNNEL, BUNDLE, DS_ONE, ISDN = 6, 24, 53, 131, 161, 18, 77
CHASSIS, CONTAINER, SUPPLY, FAN, SENSOR, MODULE, PORT, STACK, CPU = 3, 5, 6, 7, 8, 9, 10, 11, 12
UP, DOWN = 1, 2


def system(to: Recording, descr: str, object_id: str, name: str, uptime_seconds: int = 2_592_000, mac: str = "020000a00000") -> None:
    to.note("SNMPv2-MIB, SNMP-FRAMEWORK-MIB")
    to.scalars(
        SYSTEM,
        {
            1: text(descr),
            2: identifier(object_id),
            3: ticks(uptime_seconds),
            4: text("noc@example.net"),
            5: text(name),
            6: text("Test room"),
        },
    )
    to.scalars(ENGINE, {1: octets(f"8000000903{mac}"), 2: integer(4), 3: integer(uptime_seconds)})


@dataclass(frozen=True)
class Port:
    index: int
    name: str
    descr: str = ""
    alias: str = ""
    kind: int = ETHERNET
    mbps: int = 1_000
    oper: int = UP
    admin: int = UP
    mac: str = "020000b00000"


def ports(to: Recording, rows: Sequence[Port], is_extended: bool = True) -> None:
    """IF-MIB with its extension, EtherLike-MIB for Ethernet."""
    to.note("IF-MIB, EtherLike-MIB")
    for place, row in enumerate(rows, 1):
        mac = f"{row.mac[:8]}{place:04x}"
        to.row(
            IF,
            row.index,
            {
                2: text(row.descr or row.name),
                3: integer(row.kind),
                4: integer(1500),
                5: gauge(min(row.mbps * 1_000_000, 4_294_967_295)),
                6: octets(mac if row.kind == ETHERNET else ""),
                7: integer(row.admin),
                8: integer(row.oper),
                9: ticks(86_400),
                10: counter(1_000_000 * place),
                13: counter(0),
                14: counter(place - 1),
                16: counter(2_000_000 * place),
                19: counter(3),
                20: counter(0),
            },
        )
        if is_extended:
            to.row(
                IF_X,
                row.index,
                {
                    1: text(row.name),
                    6: counter64(5_000_000_000 * place),
                    7: counter64(4_000 * place),
                    10: counter64(6_000_000_000 * place),
                    11: counter64(5_000 * place),
                    15: gauge(row.mbps),
                    18: text(row.alias),
                },
            )
        if row.kind == ETHERNET and is_extended:
            to.row(DOT3, row.index, {3: counter(place % 3), 8: counter(0), 19: integer(3)})


@dataclass(frozen=True)
class Part:
    index: int
    kind: int
    name: str
    descr: str = ""
    model: str = ""
    serial: str = ""
    parent: int = 0
    software: str = ""
    hardware: str = ""
    is_fru: bool = True


def hardware(to: Recording, parts: Sequence[Part]) -> None:
    to.note("ENTITY-MIB")
    for part in parts:
        to.row(
            ENTITY,
            part.index,
            {
                2: text(part.descr or part.name),
                4: integer(part.parent),
                5: integer(part.kind),
                7: text(part.name),
                8: text(part.hardware),
                10: text(part.software),
                11: text(part.serial),
                12: text("Example Systems"),
                13: text(part.model),
                16: integer(1 if part.is_fru else 2),
            },
        )


def base_mac(to: Recording, mac: str) -> None:
    to.note("BRIDGE-MIB: the bridge's own address")
    to.scalar("1.3.6.1.2.1.17.1.1", octets(mac))


def cisco_processor(
    to: Recording, percent: int, physical: int = 0, memory_kilobytes: tuple[int, int] | None = None, index: int = 1
) -> None:
    """`memory_kilobytes`: used and free, as an IOS-XE processor tells them beside its load."""
    to.note("CISCO-PROCESS-MIB")
    cells = {2: integer(physical), 6: gauge(percent + 3), 7: gauge(percent + 1), 8: gauge(percent)}
    if memory_kilobytes:
        cells |= {12: gauge(memory_kilobytes[0]), 13: gauge(memory_kilobytes[1])}
    to.row("1.3.6.1.4.1.9.9.109.1.1.1.1", index, cells)


def cisco_processes(to: Recording, load: dict[str, int]) -> None:
    """The processes of CPU 1 with their load over five minutes in percent."""
    to.note("CISCO-PROCESS-MIB: processes")
    for pid, (name, percent) in enumerate(load.items(), 1):
        to.put(f"1.3.6.1.4.1.9.9.109.1.2.1.1.2.1.{pid}", text(name))
        to.put(f"1.3.6.1.4.1.9.9.109.1.2.3.1.7.1.{pid}", gauge(percent))


def memory_pool(to: Recording, used: int, free: int, name: str = "Processor", index: int = 1) -> None:
    to.note("CISCO-MEMORY-POOL-MIB")
    to.row("1.3.6.1.4.1.9.9.48.1.1.1", index, {2: text(name), 5: gauge(used), 6: gauge(free), 7: gauge(free)})


def enhanced_pool(to: Recording, physical: int, used: int, free: int, name: str = "processor", index: int = 1) -> None:
    to.note("CISCO-ENHANCED-MEMPOOL-MIB")
    cells = {3: text(name), 7: gauge(min(used, 2**32 - 1)), 8: gauge(min(free, 2**32 - 1)), 18: counter64(used), 20: counter64(free)}
    to.row("1.3.6.1.4.1.9.9.221.1.1.1.1", f"{physical}.{index}", cells)


def flash(to: Recording, size: int, free: int, name: str = "flash:") -> None:
    to.note("CISCO-FLASH-MIB")
    to.put("1.3.6.1.4.1.9.9.10.1.1.2.1.7.1", text(name))
    to.row(
        "1.3.6.1.4.1.9.9.10.1.1.4.1.1",
        "1.1",
        {
            4: gauge(min(size, 2**32 - 1)),
            5: gauge(min(free, 2**32 - 1)),
            10: text(name),
            13: counter64(size),
            14: counter64(free),
        },
    )


def nvram(to: Recording, size: int, used: int, why_reload: str) -> None:
    to.note("OLD-CISCO-CHASSIS-MIB, OLD-CISCO-SYSTEM-MIB")
    to.scalar("1.3.6.1.4.1.9.3.6.7", integer(size))
    to.scalar("1.3.6.1.4.1.9.3.6.8", integer(used))
    to.scalar("1.3.6.1.4.1.9.2.1.2", text(why_reload))


def cisco_sensor(to: Recording, physical: int, kind: int, value: int, precision: int = 0, limits: tuple[int, int] | None = None) -> None:
    """CISCO-ENTITY-SENSOR-MIB in plain units; `limits`: warning and critical above."""
    entry = "1.3.6.1.4.1.9.9.91.1.1.1.1"
    to.row(entry, physical, {1: integer(kind), 2: integer(9), 3: integer(precision), 4: integer(value), 5: integer(1)})
    for number, (severity, limit) in enumerate(zip((10, 20), limits or (), strict=False), 1):
        to.row("1.3.6.1.4.1.9.9.91.1.2.1.1", f"{physical}.{number}", {2: integer(severity), 3: integer(4), 4: integer(limit)})


def environment(to: Recording, temperatures: dict[str, tuple[int, int]], fans: dict[str, int], supplies: dict[str, int]) -> None:
    """CISCO-ENVMON-MIB: degrees with their limit, states of fans and supplies."""
    to.note("CISCO-ENVMON-MIB")
    for index, (name, (celsius, limit)) in enumerate(temperatures.items(), 1):
        to.row("1.3.6.1.4.1.9.9.13.1.3.1", index, {2: text(name), 3: gauge(celsius), 4: integer(limit), 6: integer(1)})
    for index, (name, state) in enumerate(fans.items(), 1):
        to.row("1.3.6.1.4.1.9.9.13.1.4.1", index, {2: text(name), 3: integer(state)})
    for index, (name, state) in enumerate(supplies.items(), 1):
        to.row("1.3.6.1.4.1.9.9.13.1.5.1", index, {2: text(name), 3: integer(state)})


def configuration_times(to: Recording, changed: float, saved: float, startup: float) -> None:
    """sysUpTime of each moment, in seconds."""
    to.note("CISCO-CONFIG-MAN-MIB")
    to.scalars("1.3.6.1.4.1.9.9.43.1.1", {1: ticks(changed), 2: ticks(saved), 3: ticks(startup)})


def clock(to: Recording, stratum: int, status: int, offset_seconds: float, peer: str = "10.9.0.123") -> None:
    """CISCO-NTP-MIB with one server."""
    to.note("CISCO-NTP-MIB")
    fixed = round(offset_seconds * 65_536).to_bytes(4, "big", signed=True).hex()
    to.scalars(
        "1.3.6.1.4.1.9.9.168.1.1",
        {
            1: integer(0 if status == 6 else 3),
            2: integer(stratum),
            4: octets("00000400"),
            5: octets("00000800"),
            9: integer(77 if status == 6 else 0),
            11: integer(status),
        },
    )
    to.row(
        "1.3.6.1.4.1.9.9.168.1.2.1.1",
        77,
        {
            2: integer(1),
            3: (64, peer),
            8: integer(3),
            9: integer(max(stratum - 1, 1)),
            21: integer(255 if status == 6 else 0),
            23: octets(fixed),
            24: octets("00000200"),
            25: octets("00000100"),
        },
    )


def cdp(to: Recording, if_index: int, name: str, port: str, address: str, platform: str, native: int | None = None) -> None:
    cells = {
        4: octets(bytes(int(part) for part in address.split(".")).hex()),
        6: text(name),
        7: text(port),
        8: text(platform),
        9: octets("00000029"),
        12: integer(3),
    }
    if native is not None:
        cells[11] = integer(native)
    to.note("CISCO-CDP-MIB")
    to.row("1.3.6.1.4.1.9.9.23.1.2.1.1", f"{if_index}.1", cells)


def addresses(to: Recording, rows: dict[str, tuple[int, str]]) -> None:
    """RFC 1213 ipAddrTable: address -> ifIndex and mask."""
    to.note("IP-MIB")
    for address, (if_index, mask) in rows.items():
        to.row("1.3.6.1.2.1.4.20.1", address, {1: (64, address), 2: integer(if_index), 3: (64, mask)})
