"""Cisco Small Business and Catalyst 1200/1300 switches: the CISCOSB MIBs below 1.3.6.1.4.1.9.6.1.101."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, fixed, looked_up, numbers, series, whole
from natvakt_agent.collectors.snmp.packs.if_mib import IF, IF_X
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import scaled, text

SB = "1.3.6.1.4.1.9.6.1.101"
CPU_LAST_MINUTE = f"{SB}.1.8"  # rlCpuUtilDuringLastMinute
UNIT_ENVIRONMENT = f"{SB}.53.15.1"  # rlPhdUnitEnvParamTable
TRANSCEIVER_TESTS = f"{SB}.90.1.2.1.3"  # rlPhyTestGetResult at ifIndex, test type
POE_POWER = f"{SB}.108.1.1.5"  # rlPethPsePortOutputPower at unit, port
POWER_SUPPLY_STATE = f"{SB}.83.1.2.1.3"  # rlEnvMonSupplyState
FAN_STATE = f"{SB}.83.1.1.1.3"  # rlEnvMonFanState
FAN_DATA = f"{SB}.83.5.1.1"  # rlEnvFanDataTable
SUSPENDED = f"{SB}.43.1.1.24"  # swIfIsSuspended, at ifIndex
UTILISATION_OFF = 101
ENVMON_STATES = {1: "normal", 2: "warning", 3: "critical", 4: "shutdown", 5: "notPresent", 6: "notFunctioning", 7: "restore"}
TESTS = {  # RlPhyTestType of a transceiver: kind, unit, factor
    5: ("temperature", "celsius", 1.0),
    6: ("voltage", "volt", 1e-6),
    7: ("current", "ampere", 1e-6),
    8: ("optical-power", "dbm", 1e-3),
    9: ("optical-power", "dbm", 1e-3),
}
NO_READING = -2_147_483_648


def load(row: Row) -> Iterable[Row]:
    raw = row.get("_percent")
    if isinstance(raw, int) and raw < UTILISATION_OFF:
        yield {"index": "sb", "name": "CPU", "used_ratio": raw / 100, "oid": f"{CPU_LAST_MINUTE}.0"}


def transceiver_reading(row: Row) -> Iterable[Row]:
    raw, test = row.get("_raw"), row.get("_test")
    if isinstance(raw, int) and isinstance(test, int) and test in TESTS and raw != NO_READING:
        kind, unit, factor = TESTS[test]
        yield {
            "oid": f"{TRANSCEIVER_TESTS}.{row['_index']}",
            "kind": kind,
            "unit": unit,
            "value": round(raw * factor, 9),
            "name": row.get("_name"),
        }


def unit_temperature(row: Row) -> Iterable[Row]:
    if row.get("_celsius"):
        yield {
            "oid": f"{UNIT_ENVIRONMENT}.10.{row['_index']}", "kind": "temperature", "unit": "celsius", "value": row["_celsius"],
            "name": f"Unit {row['_index']} temperature", "high_warning": row.get("_warning") or None,
            "high_critical": row.get("_critical") or None,
        }  # fmt: skip


def fan_reading(row: Row) -> Iterable[Row]:
    """Temperature and speed at a fan; 0 is what a fan without the sensor tells."""
    for field, column, kind, unit, title in (
        ("_celsius", 2, "temperature", "celsius", "temperature"),
        ("_rpm", 3, "fan-speed", "rpm", "speed"),
    ):
        if row.get(field):
            yield {
                "oid": f"{FAN_DATA}.{column}.{row['_index']}", "kind": kind, "unit": unit, "value": row[field],
                "name": f"Fan {row['_index']} {title}",
            }  # fmt: skip


def port_power(row: Row) -> Iterable[Row]:
    if row.get("_watts"):
        yield {
            "oid": f"{POE_POWER}.{row['_index']}",
            "kind": "power",
            "unit": "watt",
            "value": row["_watts"],
            "name": f"{row.get('_name') or ''} PoE".strip(),
        }


SB_PROCESSOR = Pack(
    name="small-business-cpu", mib="CISCOSB-rndMng", table="cpu", index=fixed(), columns=(series("_percent", CPU_LAST_MINUTE),),
    derive=load, applies=CISCO, unless=("cisco-process",), scalar=True,
)  # fmt: skip
SB_TRANSCEIVERS = Pack(
    name="small-business-transceivers",
    mib="CISCOSB-PHY-MIB",
    table="sensor",
    index=numbers("_ifIndex", "_test"),
    columns=(series("_raw", TRANSCEIVER_TESTS), looked_up("_name", f"{IF_X}.1", text, at="_ifIndex")),
    derive=transceiver_reading,
    applies=CISCO,
)
SB_TEMPERATURE = Pack(
    name="small-business-temperature",
    mib="CISCOSB-Physicaldescription-MIB",
    table="sensor",
    index=numbers("_unit"),
    columns=(
        series("_celsius", f"{UNIT_ENVIRONMENT}.10"),
        document("_warning", f"{UNIT_ENVIRONMENT}.12"),
        document("_critical", f"{UNIT_ENVIRONMENT}.13"),
    ),
    derive=unit_temperature,
    applies=CISCO,
    tested=1,
)
SB_FAN_DATA = Pack(
    name="small-business-fan-data",
    mib="CISCOSB-HWENVIROMENT",
    table="sensor",
    index=whole("_fan"),
    columns=(series("_celsius", f"{FAN_DATA}.2"), series("_rpm", f"{FAN_DATA}.3")),
    derive=fan_reading,
    applies=CISCO,
)
SB_POE_PORTS = Pack(
    name="small-business-poe",
    mib="CISCOSB-POE-MIB",
    table="sensor",
    index=numbers("_unit", "_port"),
    columns=(series("_watts", POE_POWER, scaled(0.001)), looked_up("_name", f"{IF}.2", text, at="_port")),
    derive=port_power,
    applies=CISCO,
)
SB_SUPPLIES = state_pack(
    "small-business-psu", "CISCOSB-HWENVIROMENT", POWER_SUPPLY_STATE, ENVMON_STATES, (document("_name", f"{SB}.83.1.2.1.2", text),)
)
SB_FANS = state_pack("small-business-fan", "CISCOSB-HWENVIROMENT", FAN_STATE, ENVMON_STATES, (document("_name", f"{SB}.83.1.1.1.2", text),))
SB_SUSPENDED = state_pack(
    "small-business-suspended", "CISCOSB-rlInterfaces", SUSPENDED, {1: "suspended", 2: "normal"},
    (looked_up("_name", f"{IF_X}.1", text, at="_ifIndex"),), title="suspended", index=numbers("_ifIndex"),
)  # fmt: skip
