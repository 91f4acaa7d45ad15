"""ENTITY-SENSOR-MIB (RFC 3433), CISCO-ENTITY-SENSOR-MIB, CISCO-ENVMON-MIB and CISCO-ENTITY-FRU-CONTROL-MIB."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from demo.mib import MibBuilder, Number, derived, gauge, integer, text, ticks

ENTITY_SENSOR_ENTRY = "1.3.6.1.2.1.99.1.1.1"
CISCO_SENSOR_ENTRY = "1.3.6.1.4.1.9.9.91.1.1.1.1"
CISCO_THRESHOLD_ENTRY = "1.3.6.1.4.1.9.9.91.1.2.1.1"
ENVMON_TEMPERATURE_ENTRY = "1.3.6.1.4.1.9.9.13.1.3.1"
ENVMON_FAN_ENTRY = "1.3.6.1.4.1.9.9.13.1.4.1"
ENVMON_SUPPLY_ENTRY = "1.3.6.1.4.1.9.9.13.1.5.1"
FRU_POWER_ENTRY = "1.3.6.1.4.1.9.9.117.1.1.2.1"
FRU_FAN_ENTRY = "1.3.6.1.4.1.9.9.117.1.4.1.1"

MINOR, CRITICAL = 10, 30  # entSensorThresholdSeverity
LESS_OR_EQUAL, GREATER_OR_EQUAL = 2, 4  # entSensorThresholdRelation


class Quantity(IntEnum):
    """SensorDataType; `DBM` exists only in Cisco's MIB."""

    VOLTS_DC = 4
    AMPERES = 5
    WATTS = 6
    CELSIUS = 8
    RPM = 10
    DBM = 14


class Scale(IntEnum):
    MILLI = 8
    UNITS = 9


class EnvironmentState(IntEnum):
    """CiscoEnvMonState."""

    NORMAL = 1
    WARNING = 2
    CRITICAL = 3
    SHUTDOWN = 4
    NOT_PRESENT = 5
    NOT_FUNCTIONING = 6


class PowerState(IntEnum):
    """cefcFRUPowerOperStatus."""

    OFF_OTHER = 1
    ON = 2
    OFF_INSUFFICIENT_POWER = 5
    FAILED = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """Alarm and warning levels in the sensor's own scaled units."""

    low_alarm: int
    low_warning: int
    high_warning: int
    high_alarm: int


@dataclass(frozen=True, slots=True)
class Sensor:
    """One sensor of the entity MIB: `value` is scaled by `scale` and has `precision` decimals."""

    index: int
    quantity: Quantity
    value: Number
    scale: Scale = Scale.UNITS
    precision: int = 0
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Temperature:
    index: int
    name: str
    celsius: Number
    shutdown_celsius: int
    state: EnvironmentState = EnvironmentState.NORMAL


@dataclass(frozen=True, slots=True)
class Fan:
    index: int
    name: str
    state: EnvironmentState = EnvironmentState.NORMAL


@dataclass(frozen=True, slots=True)
class Supply:
    index: int
    name: str
    fed: bool = True


def cisco_sensors(mib: MibBuilder, sensors: Sequence[Sensor]) -> None:
    """CISCO-ENTITY-SENSOR-MIB with four thresholds a sensor where it has limits."""
    for sensor in sensors:
        mib.row(
            CISCO_SENSOR_ENTRY,
            (sensor.index,),
            {
                1: integer(int(sensor.quantity)),
                2: integer(int(sensor.scale)),
                3: integer(sensor.precision),
                4: integer(sensor.value),
                5: integer(1),
                7: integer(60),
            },
        )
        if sensor.limits is None:
            continue
        limits = sensor.limits
        levels = (
            (CRITICAL, GREATER_OR_EQUAL, limits.high_alarm),
            (MINOR, GREATER_OR_EQUAL, limits.high_warning),
            (MINOR, LESS_OR_EQUAL, limits.low_warning),
            (CRITICAL, LESS_OR_EQUAL, limits.low_alarm),
        )
        for number, (severity, relation, level) in enumerate(levels, 1):
            mib.row(
                CISCO_THRESHOLD_ENTRY,
                (sensor.index, number),
                {
                    2: integer(severity),
                    3: integer(relation),
                    4: integer(level),
                    5: integer(derived(sensor.value, partial(_crossed, relation, level))),
                    6: integer(1),
                },
            )


def _crossed(relation: int, level: int, reading: int) -> int:
    """entSensorThresholdEvaluation: true(1) where the reading is beyond the level, else false(2)."""
    return 1 if (reading >= level if relation == GREATER_OR_EQUAL else reading <= level) else 2


def entity_sensors(mib: MibBuilder, sensors: Sequence[Sensor]) -> None:
    """ENTITY-SENSOR-MIB: the same sensors without thresholds."""
    for sensor in sensors:
        mib.row(
            ENTITY_SENSOR_ENTRY,
            (sensor.index,),
            {
                1: integer(int(sensor.quantity)),
                2: integer(int(sensor.scale)),
                3: integer(sensor.precision),
                4: integer(sensor.value),
                5: integer(1),
                6: text(sensor.quantity.name.replace("_", " ").lower()),
                7: ticks(0),
                8: gauge(60_000),
            },
        )


def environment(mib: MibBuilder, temperatures: Sequence[Temperature], fans: Sequence[Fan], supplies: Sequence[Supply]) -> None:
    """CISCO-ENVMON-MIB, and for supplies and fans what CISCO-ENTITY-FRU-CONTROL-MIB says of them."""
    for temperature in temperatures:
        mib.row(
            ENVMON_TEMPERATURE_ENTRY,
            (temperature.index,),
            {
                2: text(f"{temperature.name}, GREEN"),
                3: gauge(temperature.celsius),
                4: integer(temperature.shutdown_celsius),
                5: integer(0),
                6: integer(int(temperature.state)),
            },
        )
    for fan in fans:
        mib.row(ENVMON_FAN_ENTRY, (fan.index,), {2: text(f"{fan.name}, {fan.state.name.capitalize()}"), 3: integer(int(fan.state))})
        mib.row(FRU_FAN_ENTRY, (fan.index,), {1: integer(2 if fan.state is EnvironmentState.NORMAL else 3)})
    for supply in supplies:
        state = EnvironmentState.NORMAL if supply.fed else EnvironmentState.NOT_FUNCTIONING
        word = "Normal" if supply.fed else "No Input Power"
        mib.row(ENVMON_SUPPLY_ENTRY, (supply.index,), {2: text(f"{supply.name}, {word}"), 3: integer(int(state)), 4: integer(2)})
        power = PowerState.ON if supply.fed else PowerState.OFF_INSUFFICIENT_POWER
        mib.row(FRU_POWER_ENTRY, (supply.index,), {1: integer(1), 2: integer(int(power)), 3: integer(30 if supply.fed else 0)})
