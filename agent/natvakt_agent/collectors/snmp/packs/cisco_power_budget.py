"""What the supplies of a chassis can give and what is taken of it: CISCO-ENTITY-FRU-CONTROL-MIB cefcFRUPowerSupplyGroupTable.

The numbers are currents or powers, in a unit that the device tells in words: `CentiAmps @ 12V`, `Watts`.
"""

import re
from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO_SYSTEMS, Pack, Row, instead, lasting, lasting_at, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import DESCR, NAME
from natvakt_agent.collectors.snmp.reading import filled_text

GROUP = "1.3.6.1.4.1.9.9.117.1.1.1.1"
UNITS, AVAILABLE, DRAWN, DRAWN_INLINE = (f"{GROUP}.{column}" for column in (2, 3, 4, 7))
AMPERES = re.compile(r"(centi|deci|milli)?\s*amp(?:ere)?s?\s*@?\s*(\d+(?:\.\d+)?)\s*v", re.IGNORECASE)
WATTS = re.compile(r"(centi|deci|milli)?\s*watts?", re.IGNORECASE)
SHARES = {"": 1.0, "deci": 0.1, "centi": 0.01, "milli": 0.001}


def watts_each(units: object) -> float | None:
    """How many watts one of these units is; None where the words do not say."""
    if current := AMPERES.search(str(units or "")):
        return SHARES[(current[1] or "").lower()] * float(current[2])
    power = WATTS.search(str(units or ""))
    return SHARES[(power[1] or "").lower()] if power else None


def budget(row: Row) -> Iterable[Row]:
    factor = watts_each(row.get("_units"))
    for field, oid, title in (
        ("_available", AVAILABLE, "available"),
        ("_drawn", DRAWN, "drawn"),
        ("_inline", DRAWN_INLINE, "drawn by PoE"),
    ):
        raw = row.get(field)
        if factor is not None and isinstance(raw, int):
            yield {
                "oid": f"{oid}.{row['_index']}", "kind": "power", "unit": "watt", "value": round(raw * factor, 3),
                "name": f"{row.get('_name') or row['_group']} power {title}",
            }  # fmt: skip


POWER_BUDGET = Pack(
    name="cisco-power-budget", mib="CISCO-ENTITY-FRU-CONTROL-MIB", table="sensor", index=numbers("_group"),
    columns=(
        series("_drawn", DRAWN), series("_available", AVAILABLE), series("_inline", DRAWN_INLINE), lasting("_units", UNITS, filled_text),
        lasting_at("_name", NAME, filled_text, at="_group"), instead(lasting_at("_name", DESCR, filled_text, at="_group")),
    ),
    derive=budget, applies=CISCO_SYSTEMS, tested=1,
)  # fmt: skip
