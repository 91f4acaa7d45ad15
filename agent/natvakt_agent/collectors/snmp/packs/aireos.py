"""Processor and memory of an AireOS controller: AIRESPACE-SWITCHING-MIB agentResourceInfoGroup."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, fixed, series
from natvakt_agent.collectors.snmp.reading import scaled

RESOURCES = "1.3.6.1.4.1.14179.1.1.5"
LOAD = f"{RESOURCES}.1"
kilobytes = scaled(1024)


def load(row: Row) -> Iterable[Row]:
    if row.get("used_ratio") is not None:
        yield {"index": "aireos", "name": "Processor", "used_ratio": row["used_ratio"], "oid": f"{LOAD}.0"}


def memory(row: Row) -> Iterable[Row]:
    total, free = row.get("_total"), row.get("_free")
    if isinstance(total, int | float) and isinstance(free, int | float) and total > 0:
        yield {"index": "aireos", "name": "Memory", "total_bytes": int(total), "used_bytes": int(max(0, total - free))}


AIREOS_PROCESSOR = Pack(
    name="aireos-cpu", mib="AIRESPACE-SWITCHING-MIB", table="cpu", index=fixed(), columns=(series("used_ratio", LOAD, scaled(0.01)),),
    derive=load, applies=(*CISCO, "1.3.6.1.4.1.14179."), unless=("cisco-process",), scalar=True,
)  # fmt: skip
AIREOS_MEMORY = Pack(
    name="aireos-memory", mib="AIRESPACE-SWITCHING-MIB", table="memory", index=fixed(),
    columns=(series("_total", f"{RESOURCES}.2", kilobytes), series("_free", f"{RESOURCES}.3", kilobytes)),
    derive=memory, applies=(*CISCO, "1.3.6.1.4.1.14179."), unless=("cisco-enhanced-mempool", "cisco-memory-pool"), scalar=True,
)  # fmt: skip
