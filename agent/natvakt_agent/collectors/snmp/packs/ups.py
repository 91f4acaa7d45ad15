"""Uninterruptible power supplies: UPS-MIB (RFC 1628), and PowerNet-MIB for what only APC tells (replace the battery)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import Pack, Row, document, fixed, instead, numbers, series, state
from natvakt_agent.collectors.snmp.reading import Flaw, filled_text, object_identifier, scaled, ticks
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

UPS = "1.3.6.1.2.1.33.1"
APC = "1.3.6.1.4.1.318.1.1.1"
APC_DEVICES = ("1.3.6.1.4.1.318.",)
BATTERY = {1: "unknown", 2: "batteryNormal", 3: "batteryLow", 4: "batteryDepleted"}
SOURCES = {1: "other", 2: "none", 3: "normal", 4: "bypass", 5: "battery", 6: "booster", 7: "reducer"}
# upsBasicOutputStatus (APC) in the codes of upsOutputSource: on line, on battery, smart boost, bypass, off, smart trim
APC_OUTPUT = {2: 3, 3: 5, 4: 6, 6: 4, 7: 2, 9: 4, 10: 4, 12: 7}
REPLACE_NEEDED = 2
BATTERY_BAD = f"{UPS}.6.3.1"  # upsAlarmBatteryBad
percent, tenths, minutes = scaled(0.01), scaled(0.1), scaled(60)

BATTERY_AND_OUTPUT = Pack(
    name="ups-mib",
    mib="UPS-MIB",
    table="ups",
    index=fixed(),
    columns=(
        state("battery_status", f"{UPS}.2.1", BATTERY),
        series("seconds_on_battery", f"{UPS}.2.2"),
        series("runtime_seconds", f"{UPS}.2.3", minutes),
        series("charge_ratio", f"{UPS}.2.4", percent),
        series("battery_volts", f"{UPS}.2.5", tenths),
        series("battery_celsius", f"{UPS}.2.7"),
        state("output_source", f"{UPS}.4.1", SOURCES),
        series("output_hertz", f"{UPS}.4.2", tenths),
        series("alarms", f"{UPS}.6.1"),
        document("manufacturer", f"{UPS}.1.1", filled_text),
        document("model", f"{UPS}.1.2", filled_text),
        document("version", f"{UPS}.1.3", filled_text),
        document("low_battery_seconds", f"{UPS}.9.7", minutes),
    ),
    scalar=True,
)


def worst_line(rows: list[Row]) -> list[Row]:
    """A UPS of several phases carries what its fullest one carries; power adds up."""
    loads = [value for row in rows if isinstance(value := row.get("load_ratio"), int | float)]
    watts = [value for row in rows if isinstance(value := row.get("output_watts"), int | float)]
    volts = [value for row in rows if isinstance(value := row.get("output_volts"), int | float)]
    if not loads and not watts:
        return []
    return [{"load_ratio": max(loads, default=None), "output_watts": sum(watts) or None, "output_volts": min(volts, default=None)}]


OUTPUT_LINES = Pack(
    name="ups-mib-output", mib="UPS-MIB", table="ups", index=numbers("_line"),
    columns=(
        series("load_ratio", f"{UPS}.4.4.1.5", percent), series("output_watts", f"{UPS}.4.4.1.4"), series("output_volts", f"{UPS}.4.4.1.2"),
    ),
    settle=worst_line, founds=False, only_with=("ups-mib",), tested=1,
)  # fmt: skip


def lowest_input(rows: list[Row]) -> list[Row]:
    volts = [value for row in rows if isinstance(value := row.get("input_volts"), int | float)]
    return [{"input_volts": min(volts)}] if volts else []


INPUT_LINES = Pack(
    name="ups-mib-input", mib="UPS-MIB", table="ups", index=numbers("_line"), columns=(series("input_volts", f"{UPS}.3.3.1.3"),),
    settle=lowest_input, founds=False, only_with=("ups-mib",),
)  # fmt: skip


def battery_alarm(rows: list[Row]) -> list[Row]:
    """Only what is wrong has a row: without one, nothing is said of the battery."""
    return [{"replace_battery": 1}] if any(row.get("_alarm") == BATTERY_BAD for row in rows) else []


ALARMS = Pack(
    name="ups-mib-alarms", mib="UPS-MIB", table="ups", index=numbers("_alarm_number"),
    columns=(series("_alarm", f"{UPS}.6.2.1.2", object_identifier),), settle=battery_alarm, founds=False, only_with=("ups-mib",),
    comes_and_goes=True,
)  # fmt: skip


def output_source(raw: SnmpValue) -> Value:
    if isinstance(raw, int):
        return APC_OUTPUT.get(raw, 1)
    raise Flaw(f"{type(raw).__name__} where a state was expected")


def apc(row: Row) -> Iterable[Row]:
    indicator = row.get("_replace")
    yield {**row, "replace_battery": int(indicator == REPLACE_NEEDED) if isinstance(indicator, int) else None}


POWERNET = Pack(
    name="apc-powernet",
    mib="PowerNet-MIB",
    table="ups",
    index=fixed(),
    columns=(
        series("battery_status", f"{APC}.2.1.1"),
        series("seconds_on_battery", f"{APC}.2.1.2", ticks),
        series("runtime_seconds", f"{APC}.2.2.3", ticks),
        series("charge_ratio", f"{APC}.2.3.1", scaled(0.001)),
        instead(series("charge_ratio", f"{APC}.2.2.1", percent)),
        series("battery_celsius", f"{APC}.2.2.2"),
        series("output_source", f"{APC}.4.1.1", output_source),
        series("load_ratio", f"{APC}.4.2.3", percent),
        series("output_volts", f"{APC}.4.2.1"),
        series("input_volts", f"{APC}.3.2.1"),
        series("_replace", f"{APC}.2.2.4"),
        document("model", f"{APC}.1.1.1", filled_text),
        document("version", f"{APC}.1.2.1", filled_text),
        document("serial", f"{APC}.1.2.3", filled_text),
        document("battery_replaced", f"{APC}.2.1.3", filled_text),
        document("manufacturer", f"{APC}.1.1.1", lambda raw: "APC" if raw else None),
    ),
    derive=apc,
    applies=APC_DEVICES,
    scalar=True,
)
UPS_PACKS = (BATTERY_AND_OUTPUT, OUTPUT_LINES, INPUT_LINES, ALARMS, POWERNET)
