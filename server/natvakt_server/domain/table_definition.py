"""What a table is: its key, what of it is kept over time and in which unit, what belongs to a whole snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    COUNTER = "counter"  # only grows; rates are computed on reading
    GAUGE = "gauge"
    STATE = "state"  # an integer code of a MIB enumeration


@dataclass(frozen=True, slots=True)
class Series:
    kind: Kind
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TableDefinition:
    name: str
    key: tuple[str, ...]
    series: Mapping[str, Series]
    document: tuple[str, ...] = ()
    source: str = ""
    interval_seconds: int = 300


def counters(*names: str, unit: str = "") -> dict[str, Series]:
    return {name: Series(Kind.COUNTER, unit) for name in names}


def gauges(**units: str) -> dict[str, Series]:
    return {name: Series(Kind.GAUGE, unit) for name, unit in units.items()}


def states(*names: str) -> dict[str, Series]:
    return {name: Series(Kind.STATE) for name in names}
