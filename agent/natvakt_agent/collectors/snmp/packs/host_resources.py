"""Servers and appliances: HOST-RESOURCES-MIB (RFC 2790): processors, memory and file systems."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import Pack, Row, lasting, looked_up, numbers, series
from natvakt_agent.collectors.snmp.reading import filled_text, object_identifier, scaled, text

STORAGE = "1.3.6.1.2.1.25.2.3.1"
LOAD = "1.3.6.1.2.1.25.3.3.1.2"
DEVICE_DESCR = "1.3.6.1.2.1.25.3.2.1.3"
TYPES = "1.3.6.1.2.1.25.2.1."  # hrStorageTypes
MEMORY_TYPES = {f"{TYPES}2": "ram", f"{TYPES}3": "virtual"}
DISK_TYPES = {
    f"{TYPES}4": "fixed-disk", f"{TYPES}5": "removable-disk", f"{TYPES}6": "floppy-disk", f"{TYPES}7": "compact-disc",
    f"{TYPES}8": "ram-disk", f"{TYPES}9": "flash-memory", f"{TYPES}10": "network-disk",
}  # fmt: skip
RECLAIMABLE = ("memory buffers", "cached memory")  # net-snmp counts what Linux gives back on demand as used physical memory
COLUMNS = (
    series("_size", f"{STORAGE}.5"),
    series("_used", f"{STORAGE}.6"),
    lasting("_unit", f"{STORAGE}.4"),
    lasting("_type", f"{STORAGE}.2", object_identifier),
    lasting("name", f"{STORAGE}.3", text),
)


def sizes(row: Row) -> Row | None:
    """Sizes in bytes. Above 2^31 units some agents send negative numbers: the 32 bits are meant unsigned."""
    unit, size, used = row.get("_unit"), row.get("_size"), row.get("_used")
    if not isinstance(unit, int) or not isinstance(size, int) or not isinstance(used, int) or unit <= 0 or size == 0:
        return None
    return {
        "index": f"hr.{row['_index']}", "name": row.get("name"), "used_bytes": used % 2**32 * unit, "total_bytes": size % 2**32 * unit,
    }  # fmt: skip


def memories(row: Row) -> Iterable[Row]:
    kind = row.get("_type")
    is_cache = str(row.get("name")).lower() in RECLAIMABLE
    if (kind in MEMORY_TYPES or is_cache) and (found := sizes(row)):
        yield found


def without_reclaimable(rows: list[Row]) -> list[Row]:
    """Physical memory less buffers and cache, so that a healthy Linux host does not look full.

    Buffers and cache are no memory of their own, and where swap is told apart, virtual memory only sums up the two.
    """
    by_name = {str(row["name"] or row["index"]).lower(): row for row in rows}
    physical = by_name.get("physical memory")
    if physical is not None:
        freed = sum(int(by_name[name]["used_bytes"] or 0) for name in RECLAIMABLE if name in by_name)
        physical["used_bytes"] = max(0, int(physical["used_bytes"] or 0) - freed)
    left_out = (*RECLAIMABLE, "virtual memory") if "swap space" in by_name else RECLAIMABLE
    return [row for name, row in by_name.items() if name not in left_out]


def disks(row: Row) -> Iterable[Row]:
    kind = row.get("_type")
    if isinstance(kind, str) and kind in DISK_TYPES and (found := sizes(row)):
        yield {**found, "fs_type": DISK_TYPES[kind]}


def load(row: Row) -> Iterable[Row]:
    yield {**row, "index": f"hr.{row['_index']}", "oid": f"{LOAD}.{row['_index']}"}


HOST_MEMORY = Pack(
    name="host-memory",
    mib="HOST-RESOURCES-MIB",
    table="memory",
    index=numbers("_storage"),
    columns=COLUMNS,
    derive=memories,
    settle=without_reclaimable,
    unless=("cisco-enhanced-mempool", "cisco-memory-pool"),
)
HOST_STORAGE = Pack(
    name="host-storage",
    mib="HOST-RESOURCES-MIB",
    table="storage",
    index=numbers("_storage"),
    columns=COLUMNS,
    derive=disks,
    unless=("cisco-flash",),
)
HOST_PROCESSORS = Pack(
    name="host-processors",
    mib="HOST-RESOURCES-MIB",
    table="cpu",
    index=numbers("_device"),
    columns=(series("used_ratio", LOAD, scaled(0.01)), looked_up("name", DEVICE_DESCR, filled_text, at="_device")),
    derive=load,
    unless=("cisco-process", "old-cisco-cpu"),
)
