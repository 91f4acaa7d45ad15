"""Which processes keep a Cisco processor busy: CISCO-PROCESS-MIB, the busiest ten over five minutes. Asked seldom: there are hundreds."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, instead, numbers
from natvakt_agent.collectors.snmp.reading import filled_text, scaled

REVISED = "1.3.6.1.4.1.9.9.109.1.2.3.1"  # cpmProcessExtRevTable
PROCESS = "1.3.6.1.4.1.9.9.109.1.2.1.1"
BUSIEST = 10
percent = scaled(0.01)


def busy(row: Row) -> Iterable[Row]:
    if row.get("used_ratio"):
        yield row


def busiest(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: -float(str(row["used_ratio"])))[:BUSIEST]


PROCESSES = Pack(
    name="cisco-processes",
    mib="CISCO-PROCESS-MIB",
    table="process",
    index=numbers("cpu", "pid"),
    columns=(
        document("used_ratio", f"{REVISED}.7", percent),
        instead(document("used_ratio", "1.3.6.1.4.1.9.9.109.1.2.2.1.6", percent)),
        document("name", f"{PROCESS}.2", filled_text),
    ),
    derive=busy,
    settle=busiest,
    applies=CISCO_PRODUCTS,
    tested=2,
)
