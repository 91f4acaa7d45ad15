"""What is asked of whom and how often: the scheduler's input."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class TableRef:
    """One table of one collector: with its document fields (`snapshot`), or only what is kept over time."""

    collector: str
    table: str
    snapshot: bool = True


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """One device with the interval of each of its tables, in nanoseconds.

    `patient` tables wait longer when the device is slowed down; `off_peak` ones, which are large, wait until it has little to do.
    A plan that `is_slow` takes minutes a poll and has places of its own, so that it keeps no other waiting.
    """

    device: str
    intervals: Mapping[TableRef, int]
    deadline_ns: int
    patient: frozenset[TableRef] = frozenset()
    off_peak: frozenset[TableRef] = frozenset()
    is_slow: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """One turn at one device: everything of it that is due, asked in one go."""

    number: int
    device: str
    tables: tuple[TableRef, ...]
    started_ns: int
    deadline_ns: int


@dataclass(frozen=True, slots=True)
class Counters:
    """What the scheduler did since it began. `shed` are slots of tables that passed while their device was not asked."""

    started: int = 0
    finished: int = 0
    overrun: int = 0
    shed: int = 0
