"""Environment of older Cisco devices: CISCO-ENVMON-MIB. Temperatures and voltages give a reading and a state."""

from collections.abc import Callable, Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, numbers, series
from natvakt_agent.collectors.snmp.reading import scaled, text

ENVMON = "1.3.6.1.4.1.9.9.13.1"
VOLTAGE, TEMPERATURE, FAN, SUPPLY = (f"{ENVMON}.{table}.1" for table in (2, 3, 4, 5))
STATES = {1: "normal", 2: "warning", 3: "critical", 4: "shutdown", 5: "notPresent", 6: "notFunctioning"}


def state_row(oid: str, row: Row, watches: str | None) -> Row:
    code = row.get("_state")
    return {"oid": oid, "kind": "state", "unit": "", "name": row.get("_name"), "value": code, "state_code": code,
            "state": STATES.get(code) if isinstance(code, int) else None, "component": watches}  # fmt: skip


def states_at(column: str, watches: str | None = None) -> Callable[[Row], Iterable[Row]]:
    def derive(row: Row) -> Iterable[Row]:
        if row.get("_state") is not None:
            yield state_row(f"{column}.{row['_index']}", row, watches)

    return derive


def reading_and_state(value: str, state: str, kind: str, unit: str) -> Callable[[Row], Iterable[Row]]:
    def derive(row: Row) -> Iterable[Row]:
        if row.get("_value") is not None:
            yield {
                "oid": f"{value}.{row['_index']}", "kind": kind, "unit": unit, "name": row.get("_name"), "value": row["_value"],
                "state_code": row.get("_state"), "low_critical": row.get("_low"), "high_critical": row.get("_high"),
            }  # fmt: skip
        yield from states_at(state)(row)

    return derive


def pack(name: str, table: str, watches: str, **columns: int) -> Pack:
    """A table of states with nothing to measure."""
    return Pack(
        name=name,
        mib="CISCO-ENVMON-MIB",
        table="sensor",
        index=numbers("_number"),
        columns=(series("_state", f"{table}.{columns['state']}"), document("_name", f"{table}.{columns['descr']}", text)),
        derive=states_at(f"{table}.{columns['state']}", watches),
        applies=CISCO,
    )


ENVMON_TEMPERATURE = Pack(
    name="cisco-envmon-temperature",
    mib="CISCO-ENVMON-MIB",
    table="sensor",
    index=numbers("_number"),
    columns=(
        series("_value", f"{TEMPERATURE}.3"),
        series("_state", f"{TEMPERATURE}.6"),
        document("_name", f"{TEMPERATURE}.2", text),
        document("_high", f"{TEMPERATURE}.4"),
    ),
    derive=reading_and_state(f"{TEMPERATURE}.3", f"{TEMPERATURE}.6", "temperature", "celsius"),
    applies=CISCO,
)
ENVMON_VOLTAGE = Pack(
    name="cisco-envmon-voltage",
    mib="CISCO-ENVMON-MIB",
    table="sensor",
    index=numbers("_number"),
    columns=(
        series("_value", f"{VOLTAGE}.3", scaled(0.001)),
        series("_state", f"{VOLTAGE}.7"),
        document("_name", f"{VOLTAGE}.2", text),
        document("_low", f"{VOLTAGE}.4", scaled(0.001)),
        document("_high", f"{VOLTAGE}.5", scaled(0.001)),
    ),
    derive=reading_and_state(f"{VOLTAGE}.3", f"{VOLTAGE}.7", "voltage", "volt"),
    applies=CISCO,
)
ENVMON_FAN = pack("cisco-envmon-fan", FAN, "fan", state=3, descr=2)
ENVMON_SUPPLY = pack("cisco-envmon-supply", SUPPLY, "power-supply", state=3, descr=2)
