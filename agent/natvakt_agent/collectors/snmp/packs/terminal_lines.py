"""Serial lines of a console server, each as in use or idle: OLD-CISCO-TS-MIB. Lines without a location serve nobody."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, lasting, numbers, series
from natvakt_agent.collectors.snmp.reading import filled_text

LINE = "1.3.6.1.4.1.9.2.9.2.1"
LOCATION, ACTIVE, TYPE = f"{LINE}.8", f"{LINE}.1", f"{LINE}.2"
TTY, AUXILIARY = 3, 6  # tsLineType: terminal, auxiliary
STATES = {0: "idle", 1: "active"}


def serial_line(row: Row) -> Iterable[Row]:
    code, location = row.get("_active"), row.get("_location")
    if isinstance(code, int) and location and row.get("_type") in (TTY, AUXILIARY, None):
        yield {
            "oid": f"{ACTIVE}.{row['_index']}", "kind": "state", "unit": "", "name": f"line {row['_line']} {location}", "value": code,
            "state_code": code, "state": STATES.get(code, str(code)),
        }  # fmt: skip


TERMINAL_LINES = Pack(
    name="terminal-lines", mib="OLD-CISCO-TS-MIB", table="sensor", index=numbers("_line"),
    columns=(lasting("_location", LOCATION, filled_text), series("_active", ACTIVE), lasting("_type", TYPE)),
    derive=serial_line, applies=CISCO_PRODUCTS, tested=1,
)  # fmt: skip
