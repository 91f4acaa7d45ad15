"""Sensors of Cisco devices with their thresholds: CISCO-ENTITY-SENSOR-MIB."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, lasting, lasting_at, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import CONTAINED_IN, DESCR, NAME
from natvakt_agent.collectors.snmp.packs.sensing import WATT, dbm, is_optical, reading_at, scaled_reading
from natvakt_agent.collectors.snmp.reading import filled_text
from natvakt_agent.model.observation import Value

SENSOR = "1.3.6.1.4.1.9.9.91.1.1.1.1"
THRESHOLD = "1.3.6.1.4.1.9.9.91.1.2.1.1"
TYPE, SCALE, PRECISION, VALUE, STATUS = (f"{SENSOR}.{column}" for column in range(1, 6))
LESS, GREATER = (1, 2), (3, 4)  # entSensorThresholdRelation: less than (or equal), greater than (or equal)
WATTS = 6  # SensorDataType
MAJOR = 20  # entSensorThresholdSeverity: other(1), minor(10), major(20), critical(30)
NO_LIMIT, FARTHEST = -32_768, 1_000_000_000  # how IOS-XR says that there is none, and what the MIB allows
LOWS, HIGHS = ("low_warning", "low_critical"), ("high_warning", "high_critical")


def limit(row: Row) -> Iterable[Row]:
    """A threshold as one limit field of its sensor; those that compare for (in)equality are not limits."""
    relation, severity, raw = row.get("_relation"), row.get("_severity"), row.get("_limit")
    side = "low" if relation in LESS else "high" if relation in GREATER else None
    if side is None or not isinstance(severity, int) or not isinstance(raw, int) or raw == NO_LIMIT or abs(raw) > FARTHEST:
        return
    field = f"{side}_{'critical' if severity >= MAJOR else 'warning'}"
    value = scaled_reading(raw, row.get("_scale"), row.get("_precision"))
    if row.get("_type") == WATTS and is_optical(WATT, row.get("_name") or row.get("_descr")):
        value = dbm(value)
    if value is not None:
        yield {"oid": f"{VALUE}.{row['_physical']}", field: value}


def meaningful(rows: list[Row]) -> list[Row]:
    """The limits of each sensor together, without those that cannot be meant: all zero, or a low one that reaches a high one."""
    sensors: dict[Value, Row] = {}
    for row in rows:
        sensors[row["oid"]] = row | sensors.get(row["oid"], {})
    return [without_contradictions(row) for row in sensors.values() if any(row.get(field) for field in (*LOWS, *HIGHS))]


def without_contradictions(limits: Row) -> Row:
    lowest_high = min((float(value) for field in HIGHS if isinstance(value := limits.get(field), int | float)), default=None)
    if lowest_high is None:
        return limits
    return {name: value for name, value in limits.items() if name not in LOWS or (isinstance(value, int | float) and value < lowest_high)}


CISCO_ENTITY_SENSOR = Pack(
    name="cisco-entity-sensor",
    mib="CISCO-ENTITY-SENSOR-MIB",
    table="sensor",
    index=numbers("_physical"),
    columns=(
        series("_raw", VALUE),
        series("_status", STATUS),
        lasting("_type", TYPE),
        lasting("_scale", SCALE),
        lasting("_precision", PRECISION),
        lasting_at("_name", NAME, filled_text, at="_physical"),
        lasting_at("_descr", DESCR, filled_text, at="_physical"),
        looked_up("_parent", CONTAINED_IN, at="_physical"),
    ),
    derive=reading_at(VALUE),
    applies=CISCO,
)

CISCO_ENTITY_SENSOR_THRESHOLDS = Pack(
    name="cisco-entity-sensor-thresholds",
    mib="CISCO-ENTITY-SENSOR-MIB",
    table="sensor",
    index=numbers("_physical", "_threshold"),
    columns=(
        document("_limit", f"{THRESHOLD}.4"),
        document("_severity", f"{THRESHOLD}.2"),
        document("_relation", f"{THRESHOLD}.3"),
        looked_up("_type", TYPE, at="_physical"),
        looked_up("_name", NAME, filled_text, at="_physical"),
        looked_up("_descr", DESCR, filled_text, at="_physical"),
        looked_up("_scale", SCALE, at="_physical"),
        looked_up("_precision", PRECISION, at="_physical"),
    ),
    derive=limit,
    settle=meaningful,
    applies=CISCO,
    founds=False,
)
