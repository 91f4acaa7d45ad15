"""Sensors of Cisco devices with their thresholds: CISCO-ENTITY-SENSOR-MIB."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, lasting, lasting_at, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import CONTAINED_IN, DESCR, NAME
from natvakt_agent.collectors.snmp.packs.sensing import WATT, dbm, is_optical, reading_at, scaled_reading
from natvakt_agent.collectors.snmp.reading import filled_text

SENSOR = "1.3.6.1.4.1.9.9.91.1.1.1.1"
THRESHOLD = "1.3.6.1.4.1.9.9.91.1.2.1.1"
TYPE, SCALE, PRECISION, VALUE, STATUS = (f"{SENSOR}.{column}" for column in range(1, 6))
LESS, GREATER = (1, 2), (3, 4)  # entSensorThresholdRelation: less than (or equal), greater than (or equal)
WATTS = 6  # SensorDataType
MAJOR = 20  # entSensorThresholdSeverity: other(1), minor(10), major(20), critical(30)


def limit(row: Row) -> Iterable[Row]:
    """A threshold as one limit field of its sensor; those that compare for (in)equality are not limits."""
    relation, severity = row.get("_relation"), row.get("_severity")
    side = "low" if relation in LESS else "high" if relation in GREATER else None
    if side is None or not isinstance(severity, int):
        return
    field = f"{side}_{'critical' if severity >= MAJOR else 'warning'}"
    value = scaled_reading(row.get("_limit"), row.get("_scale"), row.get("_precision"))
    if row.get("_type") == WATTS and is_optical(WATT, row.get("_name") or row.get("_descr")):
        value = dbm(value)
    yield {"oid": f"{VALUE}.{row['_physical']}", field: value}


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
    applies=CISCO,
    founds=False,
)
