"""Time series: what is written, how it is asked for, and the ports of both.

`tenant` is a required argument of every read. A *sample* is one field value of one row at one time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

Number = int | float | bool


class Tier(StrEnum):
    """Resolutions and how long they are kept; `raw` is what was polled."""

    RAW = "raw"
    MINUTE = "1m"
    FIVE_MINUTES = "5m"
    HOUR = "1h"


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """Columns of one measurement of one device, as opened from a batch. All columns have the length of `times_ns`."""

    measurement: str
    device: str  # the agent's device id
    tags: Mapping[str, Sequence[str]]
    times_ns: Sequence[int]
    fields: Mapping[str, Sequence[Number | None]]


@dataclass(frozen=True, slots=True)
class BatchKey:
    """Where samples came from; a repeat of the same key replaces, never adds."""

    tenant: str
    site: str
    agent: str
    epoch: str
    lane: int
    seq: int


@dataclass(frozen=True, slots=True)
class Rejected:
    measurement: str
    reason: str
    points: int


@dataclass(frozen=True, slots=True)
class WriteResult:
    written: int
    rejected: Sequence[Rejected] = ()


@dataclass(frozen=True, slots=True)
class SeriesKey:
    measurement: str
    device: str
    tags: tuple[tuple[str, str], ...]
    field: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series. `times_ns` ascending; gaps are simply absent."""

    key: SeriesKey
    times_ns: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Query:
    """What to read. `devices` are agent device ids; `tags` must match exactly; `start_ns` inclusive, `end_ns` exclusive."""

    measurement: str
    fields: Sequence[str]
    devices: Sequence[str]
    start_ns: int
    end_ns: int
    tags: Mapping[str, str] = field(default_factory=dict)
    tier: Tier = Tier.RAW


class SeriesUnavailable(Exception):
    """The store is away or refuses for now; the caller tries again later, nothing was half done."""


class SeriesWriter(Protocol):
    def write(self, batch: BatchKey, tables: Sequence[SeriesTable]) -> WriteResult:
        """Store all points of the batch; good ones are stored even where others are rejected. Raises SeriesUnavailable."""
        ...


class SeriesReader(Protocol):
    def lines(self, tenant: str, query: Query) -> Sequence[Line]:
        """Values as stored: counters as counters."""
        ...

    def latest(self, tenant: str, measurement: str, devices: Sequence[str], since_ns: int) -> Mapping[SeriesKey, tuple[int, float]]:
        """Newest value of each series at or after `since_ns`."""
        ...


class SeriesMaintenance(Protocol):
    def roll_up(self, tier: Tier, start_ns: int, end_ns: int) -> int:
        """Recompute `tier` for the span from the tier below; repeatable. Answers the number of rows written."""
        ...

    def expire(self, tier: Tier, before_ns: int) -> None: ...
