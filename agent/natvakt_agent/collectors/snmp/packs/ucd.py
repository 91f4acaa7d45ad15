"""net-snmp's own tables, for hosts that have no HOST-RESOURCES: UCD-SNMP-MIB."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import Pack, Row, fixed, lasting, numbers, series
from natvakt_agent.collectors.snmp.reading import scaled, text

IDLE = "1.3.6.1.4.1.2021.11.11"
MEMORY = "1.3.6.1.4.1.2021.4"
DISK = "1.3.6.1.4.1.2021.9.1"
kilobytes = scaled(1024)


def busy(row: Row) -> Iterable[Row]:
    idle = row.get("_idle")
    if isinstance(idle, int) and 0 <= idle <= 100:
        yield {"index": "ucd", "name": "CPU", "used_ratio": round(1 - idle / 100, 4), "oid": f"{IDLE}.0"}


def real_memory(row: Row) -> Iterable[Row]:
    total, free = row.get("_total"), row.get("_free")
    if isinstance(total, int | float) and isinstance(free, int | float):
        reclaimable = sum(value for value in (row.get("_buffers"), row.get("_cached")) if isinstance(value, int | float))
        yield {"index": "ucd", "name": "Physical memory", "total_bytes": int(total), "used_bytes": int(max(0, total - free - reclaimable))}


def file_system(row: Row) -> Iterable[Row]:
    total, used = row.get("_total"), row.get("_used")
    if isinstance(total, int | float) and isinstance(used, int | float) and total > 0:
        yield {
            "index": f"ucd.{row['_index']}",
            "name": row.get("name"),
            "total_bytes": int(total),
            "used_bytes": int(used),
            "fs_type": "fixed-disk",
        }


UCD_PROCESSOR = Pack(
    name="ucd-processor",
    mib="UCD-SNMP-MIB",
    table="cpu",
    index=fixed(),
    columns=(series("_idle", IDLE),),
    derive=busy,
    unless=("cisco-process", "host-processors"),
    scalar=True,
)
UCD_MEMORY = Pack(
    name="ucd-memory",
    mib="UCD-SNMP-MIB",
    table="memory",
    index=fixed(),
    columns=(
        series("_total", f"{MEMORY}.5", kilobytes),
        series("_free", f"{MEMORY}.6", kilobytes),
        series("_buffers", f"{MEMORY}.14", kilobytes),
        series("_cached", f"{MEMORY}.15", kilobytes),
    ),
    derive=real_memory,
    unless=("cisco-enhanced-mempool", "cisco-memory-pool", "host-memory"),
    scalar=True,
)
UCD_STORAGE = Pack(
    name="ucd-storage",
    mib="UCD-SNMP-MIB",
    table="storage",
    index=numbers("_disk"),
    columns=(series("_total", f"{DISK}.6", kilobytes), series("_used", f"{DISK}.8", kilobytes), lasting("name", f"{DISK}.2", text)),
    derive=file_system,
    unless=("cisco-flash", "host-storage"),
)
