"""What ENTITY-SENSOR-MIB (RFC 3433) and its Cisco forerunner share: type, scale and precision of a reading."""

import math
import re
from collections.abc import Callable, Iterable, Mapping

from natvakt_agent.collectors.snmp.pack import Row
from natvakt_agent.model.observation import Value

KINDS: Mapping[int, tuple[str, str]] = {
    1: ("other", ""),
    2: ("unknown", ""),
    3: ("voltage", "volt"),
    4: ("voltage", "volt"),
    5: ("current", "ampere"),
    6: ("power", "watt"),
    7: ("frequency", "hertz"),
    8: ("temperature", "celsius"),
    9: ("humidity", "percent"),
    10: ("fan-speed", "rpm"),
    11: ("airflow", "cubic-metre-per-minute"),
    12: ("state", ""),
    13: ("state", ""),
    14: ("optical-power", "dbm"),
    15: ("attenuation", "db"),
}
TRUTH = {1: "true", 2: "false"}
OTHER, TRUTH_VALUE, SPECIAL_ENUM, DBM = 1, 12, 13, 14
UNITS_SCALE, MILLI_SCALE = 9, 8
EXPONENTS = {code: (code - UNITS_SCALE) * 3 for code in range(1, 14)} | {14: 18, 15: 15, 16: 21, 17: 24}
STATUS = {1: "ok", 2: "unavailable", 3: "nonoperational"}
OK = 1
WATT = "watt"
OPTICAL = re.compile(r"(\b|_)(tx|rx|transmit|receive|optical)\b.*\bpower\b|\bpower\b.*\b(tx|rx|transmit|receive|optical)\b", re.IGNORECASE)


def scaled_reading(raw: Value, scale: Value, precision: Value) -> float | None:
    """A raw reading in its unit: raw * 10^scale / 10^precision (RFC 3433, entPhySensorScale and -Precision)."""
    if not isinstance(raw, int | float):
        return None
    exponent = EXPONENTS.get(scale, 0) if isinstance(scale, int) else 0
    digits = precision if isinstance(precision, int) and precision > 0 else 0
    return round(raw * 10.0 ** (exponent - digits), 9)


def dbm(watts: float | None) -> float | None:
    """Optical power in dBm; darkness has none."""
    return round(10 * math.log10(watts * 1000), 3) if watts is not None and watts > 0 else None


def is_optical(unit: str | None, name: Value) -> bool:
    """IOS-XR tells light in watts, as if it were a power supply: only the name says what it is."""
    return unit == WATT and _names_light(name)


def _names_light(name: Value) -> bool:
    return isinstance(name, str) and OPTICAL.search(name) is not None


def reading_at(value_column: str) -> Callable[[Row], Iterable[Row]]:
    """The derivation of both MIBs: one sensor row whose `oid` is the instance of `value_column`."""

    def derive(row: Row) -> Iterable[Row]:
        code, status = row.get("_type"), row.get("_status") or OK
        kind, unit = KINDS.get(code, KINDS[1]) if isinstance(code, int) else (None, None)
        is_state = code in (TRUTH_VALUE, SPECIAL_ENUM)
        raw = row.get("_raw")
        value = raw if is_state else scaled_reading(raw, row.get("_scale"), row.get("_precision"))
        name = row.get("_name") or row.get("_descr")
        if code == OTHER and _names_light(name):  # RFC 3433 has no decibel: agents that tell dBm by it call the type other
            kind, unit = KINDS[DBM]
        elif is_optical(unit, name):
            kind, unit = KINDS[DBM]
            value = dbm(scaled_reading(raw, row.get("_scale"), row.get("_precision")))
        word = TRUTH.get(raw) if code == TRUTH_VALUE and isinstance(raw, int) else None
        yield {
            "oid": f"{value_column}.{row['_index']}",
            "kind": kind,
            "unit": unit,
            "name": name,
            "value": value if status == OK else None,
            "state_code": status,
            "state": word if status == OK else STATUS.get(status) if isinstance(status, int) else None,
            "component": row.get("_parent"),
        }

    return derive
