"""HOST-RESOURCES-MIB (RFC 2790) and UCD-SNMP-MIB: servers."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.device import Identity
from demo.mib import MibBuilder, Number, Value, derived, gauge, integer, octets, pointer, text, ticks

HR_SYSTEM = "1.3.6.1.2.1.25.1"
HR_STORAGE = "1.3.6.1.2.1.25.2"
HR_STORAGE_ENTRY = "1.3.6.1.2.1.25.2.3.1"
HR_DEVICE_ENTRY = "1.3.6.1.2.1.25.3.2.1"
HR_PROCESSOR_ENTRY = "1.3.6.1.2.1.25.3.3.1"
DEVICE_TYPE_PROCESSOR = "1.3.6.1.2.1.25.3.1.3"
UCD_MEMORY = "1.3.6.1.4.1.2021.4"
UCD_DISK_ENTRY = "1.3.6.1.4.1.2021.9.1"
UCD_LOAD_ENTRY = "1.3.6.1.4.1.2021.10.1"
UCD_SYSTEM_STATS = "1.3.6.1.4.1.2021.11"

RAM, VIRTUAL_MEMORY, FIXED_DISK = f"{HR_STORAGE}.1.2", f"{HR_STORAGE}.1.3", f"{HR_STORAGE}.1.4"
FIRST_PROCESSOR_INDEX = 196_608
RUNNING = 2


@dataclass(frozen=True, slots=True)
class Volume:
    """A file system. Sizes in allocation units."""

    index: int
    path: str
    device: str
    unit_octets: int
    total_units: int
    used_units: Number


@dataclass(frozen=True, slots=True)
class Memory:
    """Kilobytes."""

    total: int
    used: Number
    swap_total: int = 0
    swap_used: int = 0


def host_resources(
    mib: MibBuilder, own: Identity, memory: Memory, volumes: Sequence[Volume], processors: int, load_percent: Number
) -> None:
    mib.scalar(f"{HR_SYSTEM}.1", ticks(own.uptime_ticks))
    mib.scalar(f"{HR_SYSTEM}.5", gauge(2))
    mib.scalar(f"{HR_SYSTEM}.6", gauge(184))
    mib.scalar(f"{HR_STORAGE}.2", integer(memory.total))
    _storage(mib, 1, RAM, "Physical memory", 1024, memory.total, memory.used)
    if memory.swap_total:
        _storage(mib, 3, VIRTUAL_MEMORY, "Swap space", 1024, memory.swap_total, memory.swap_used)
    for volume in volumes:
        _storage(mib, volume.index, FIXED_DISK, volume.path, volume.unit_octets, volume.total_units, volume.used_units)
    for number in range(processors):
        index = FIRST_PROCESSOR_INDEX + number
        mib.row(HR_DEVICE_ENTRY, (index,), {2: pointer(DEVICE_TYPE_PROCESSOR), 3: text("CPU"), 4: pointer("0.0"), 5: integer(RUNNING)})
        mib.row(HR_PROCESSOR_ENTRY, (index,), {1: pointer("0.0"), 2: integer(load_percent)})


def _storage(mib: MibBuilder, index: int, kind: str, description: str, unit_octets: int, total: int, used: Number) -> None:
    mib.row(
        HR_STORAGE_ENTRY,
        (index,),
        {1: integer(index), 2: pointer(kind), 3: text(description), 4: integer(unit_octets), 5: integer(total), 6: integer(used)},
    )


def ucd(mib: MibBuilder, memory: Memory, volumes: Sequence[Volume], load_percent: Number, processors: int) -> None:
    """net-snmp's own view: memory, watched disks, load average, CPU shares."""
    free = derived(memory.used, lambda used: memory.total - used)
    for column, kilobytes in ((3, memory.swap_total), (4, memory.swap_total - memory.swap_used), (5, memory.total), (6, free), (11, free)):
        mib.scalar(f"{UCD_MEMORY}.{column}", integer(kilobytes))
    for column, kilobytes in ((13, 18_432), (14, 210_944), (15, 1_310_720)):
        mib.scalar(f"{UCD_MEMORY}.{column}", integer(kilobytes))
    for number, volume in enumerate(volumes, 1):
        _watched_disk(mib, number, volume)
    for number, minutes in enumerate((1, 5, 15), 1):
        hundredths = derived(load_percent, lambda percent: percent * processors)
        columns: dict[int, Value] = {1: integer(number), 2: text(f"Load-{minutes}"), 3: _decimal(hundredths), 5: integer(hundredths)}
        mib.row(UCD_LOAD_ENTRY, (number,), columns)
    mib.scalar(f"{UCD_SYSTEM_STATS}.9", integer(derived(load_percent, lambda percent: percent * 3 // 4)))
    mib.scalar(f"{UCD_SYSTEM_STATS}.10", integer(derived(load_percent, lambda percent: percent - percent * 3 // 4)))
    mib.scalar(f"{UCD_SYSTEM_STATS}.11", integer(derived(load_percent, lambda percent: 100 - percent)))


def _decimal(hundredths: Number) -> Value:
    """laLoad: the same number as text with two decimals."""
    if isinstance(hundredths, int):
        return text(f"{hundredths / 100:.2f}")
    moving = hundredths
    return octets(lambda now_ns: f"{(moving(now_ns) or 0) / 100:.2f}".encode("ascii"))


def _watched_disk(mib: MibBuilder, number: int, volume: Volume) -> None:
    def kilobytes(units: int) -> int:
        return units * volume.unit_octets // 1024

    total = kilobytes(volume.total_units)
    mib.row(
        UCD_DISK_ENTRY,
        (number,),
        {
            1: integer(number),
            2: text(volume.path),
            3: text(volume.device),
            4: integer(-1),
            5: integer(10),
            6: integer(total),
            7: integer(derived(volume.used_units, lambda units: total - kilobytes(units))),
            8: integer(derived(volume.used_units, kilobytes)),
            9: integer(derived(volume.used_units, lambda units: units * 100 // volume.total_units)),
        },
    )
