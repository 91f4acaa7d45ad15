"""Sensors by the standard: ENTITY-SENSOR-MIB (RFC 3433)."""

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, document, lasting, lasting_at, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import CONTAINED_IN, DESCR, NAME
from natvakt_agent.collectors.snmp.packs.sensing import reading_at
from natvakt_agent.collectors.snmp.reading import filled_text

SENSOR = "1.3.6.1.2.1.99.1.1.1"
VALUE = f"{SENSOR}.4"

ENTITY_SENSOR = Pack(
    name="entity-sensor",
    mib="ENTITY-SENSOR-MIB",
    table="sensor",
    index=numbers("_physical"),
    columns=(
        series("_raw", VALUE),
        series("_status", f"{SENSOR}.5"),
        lasting("_type", f"{SENSOR}.1"),
        lasting("_scale", f"{SENSOR}.2"),
        lasting("_precision", f"{SENSOR}.3"),
        lasting_at("_name", NAME, filled_text, at="_physical"),
        lasting_at("_descr", DESCR, filled_text, at="_physical"),
        looked_up("_parent", CONTAINED_IN, at="_physical"),
    ),
    derive=reading_at(VALUE),
    unless=("cisco-entity-sensor",),
)
# A Cisco device that answers both MIBs tells each sensor twice. The standard's half is in the snapshots, for what compares by its OIDs;
# only Cisco's, which has the thresholds, is polled.
ENTITY_SENSOR_TWINS = Pack(
    name="entity-sensor-twins",
    mib="ENTITY-SENSOR-MIB",
    table="sensor",
    index=numbers("_physical"),
    columns=(
        document("_raw", VALUE),
        document("_status", f"{SENSOR}.5"),
        document("_type", f"{SENSOR}.1"),
        document("_scale", f"{SENSOR}.2"),
        document("_precision", f"{SENSOR}.3"),
        looked_up("_name", NAME, filled_text, at="_physical"),
        looked_up("_descr", DESCR, filled_text, at="_physical"),
        looked_up("_parent", CONTAINED_IN, at="_physical"),
    ),
    derive=reading_at(VALUE),
    applies=CISCO,
    unless=("entity-sensor",),
    tested=1,
)
