"""Load of Cisco processors: CISCO-PROCESS-MIB by CPU and by core, the forwarding processor of IOS-XE, and OLD-CISCO-CPU."""

from collections.abc import Callable, Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, fixed, instead, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import DESCR, NAME
from natvakt_agent.collectors.snmp.reading import filled_text, scaled

TOTAL = "1.3.6.1.4.1.9.9.109.1.1.1.1"
CORE = "1.3.6.1.4.1.9.9.109.1.1.2.1"
QFP_LOAD = "1.3.6.1.4.1.9.9.715.1.1.6.1.14"
FIVE_MINUTES = 3  # ceqfpUtilTimeInterval
OLD_BUSY = "1.3.6.1.4.1.9.2.1.58"
percent = scaled(0.01)


def load_at(column: str, default_name: str) -> Callable[[Row], Iterable[Row]]:
    def derive(row: Row) -> Iterable[Row]:
        if row.get("used_ratio") is not None:
            name = row.get("_name") or f"{default_name} {row['_index']}"
            core = row.get("_core")
            yield {
                "index": row["_index"], "used_ratio": row["used_ratio"], "oid": f"{column}.{row['_index']}",
                "name": name if core is None else f"{name} core {core}",
            }  # fmt: skip

    return derive


def five_minutes(row: Row) -> Iterable[Row]:
    if row.get("_interval") == FIVE_MINUTES:
        yield from load_at(QFP_LOAD, "QFP")(row)


CPU_TOTAL = Pack(
    name="cisco-process",
    mib="CISCO-PROCESS-MIB",
    table="cpu",
    index=numbers("_cpu"),
    columns=(
        series("used_ratio", f"{TOTAL}.8", percent),
        instead(series("used_ratio", f"{TOTAL}.5", percent)),
        document("_physical", f"{TOTAL}.2"),
        looked_up("_name", NAME, filled_text, at="_physical"),
        instead(looked_up("_name", DESCR, filled_text, at="_physical")),
    ),
    derive=load_at(f"{TOTAL}.8", "Processor"),
    applies=CISCO,
)
CPU_CORE = Pack(
    name="cisco-process-core",
    mib="CISCO-PROCESS-MIB",
    table="cpu",
    index=numbers("_cpu", "_core"),
    columns=(
        series("used_ratio", f"{CORE}.5", percent),
        looked_up("_physical", f"{TOTAL}.2", at="_cpu"),
        looked_up("_name", NAME, filled_text, at="_physical"),
        instead(looked_up("_name", DESCR, filled_text, at="_physical")),
    ),
    derive=load_at(f"{CORE}.5", "Processor"),
    applies=CISCO,
)
CPU_FORWARDING = Pack(
    name="cisco-qfp",
    mib="CISCO-ENTITY-QFP-MIB",
    table="cpu",
    index=numbers("_physical", "_interval"),
    columns=(
        series("used_ratio", QFP_LOAD, percent),
        looked_up("_name", NAME, filled_text, at="_physical"),
    ),
    derive=five_minutes,
    applies=CISCO,
)
CPU_OLD = Pack(
    name="old-cisco-cpu",
    mib="OLD-CISCO-CPU-MIB",
    table="cpu",
    index=fixed(),
    columns=(series("used_ratio", OLD_BUSY, percent),),
    derive=load_at(OLD_BUSY, "Processor"),
    applies=CISCO,
    unless=("cisco-process",),
    scalar=True,
)
