"""Memory of Cisco devices: the enhanced pools, the older pools, and the whole of an IOS-XE processor."""

from collections.abc import Callable, Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, instead, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import NAME
from natvakt_agent.collectors.snmp.reading import filled_text, scaled

ENHANCED = "1.3.6.1.4.1.9.9.221.1.1.1.1"
POOL = "1.3.6.1.4.1.9.9.48.1.1.1"
PROCESS = "1.3.6.1.4.1.9.9.109.1.1.1.1"
kilobytes = scaled(1024)


def used_and_total(prefix: str, suffix: str = "") -> Callable[[Row], Iterable[Row]]:
    """Used and free make a total; a pool with neither is not there. The index carries the MIB so that two MIBs never meet."""

    def derive(row: Row) -> Iterable[Row]:
        used, free = row.get("_used"), row.get("_free")
        if isinstance(used, int | float) and isinstance(free, int | float) and used + free > 0:
            names = (row.get("_owner"), row.get("_name"), suffix)
            yield {
                "index": f"{prefix}.{row['_index']}", "used_bytes": int(used), "total_bytes": int(used + free),
                "name": " ".join(str(name) for name in names if name) or None,
            }  # fmt: skip

    return derive


ENHANCED_POOLS = Pack(
    name="cisco-enhanced-mempool",
    mib="CISCO-ENHANCED-MEMPOOL-MIB",
    table="memory",
    index=numbers("_physical", "_pool"),
    columns=(
        series("_used", f"{ENHANCED}.18"),
        instead(series("_used", f"{ENHANCED}.7")),
        series("_free", f"{ENHANCED}.20"),
        instead(series("_free", f"{ENHANCED}.8")),
        document("_name", f"{ENHANCED}.3", filled_text),
        looked_up("_owner", NAME, filled_text, at="_physical"),
    ),
    derive=used_and_total("cemp"),
    applies=CISCO,
)
MEMORY_POOLS = Pack(
    name="cisco-memory-pool",
    mib="CISCO-MEMORY-POOL-MIB",
    table="memory",
    index=numbers("_pool"),
    columns=(
        series("_used", f"{POOL}.5"),
        series("_free", f"{POOL}.6"),
        document("_name", f"{POOL}.2", filled_text),
    ),
    derive=used_and_total("pool"),
    applies=CISCO,
    unless=("cisco-enhanced-mempool",),
)
PROCESSOR_MEMORY = Pack(
    name="cisco-process-memory",
    mib="CISCO-PROCESS-MIB",
    table="memory",
    index=numbers("_cpu"),
    columns=(
        series("_used", f"{PROCESS}.17", kilobytes),
        instead(series("_used", f"{PROCESS}.12", kilobytes)),
        series("_free", f"{PROCESS}.19", kilobytes),
        instead(series("_free", f"{PROCESS}.13", kilobytes)),
        document("_physical", f"{PROCESS}.2"),
        looked_up("_name", NAME, filled_text, at="_physical"),
    ),
    derive=used_and_total("cpm", "memory"),
    applies=CISCO,
)
