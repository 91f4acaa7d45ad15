"""Time series: what is written, how it is asked for, and the ports of both.

`tenant` is a required argument of every read. A *sample* is one field value of one row at one time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from natvakt_server.domain.refusal import Refusal

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
    values: Sequence[float]  # int for counters and states (unsigned 64 bit survives), float for gauges


@dataclass(frozen=True, slots=True)
class Query:
    """What to read. `devices` are agent device ids; `tags` must match exactly; `start_ns` inclusive, `end_ns` exclusive.

    No devices or no fields ask for nothing: an empty list never means "all". In a rolled-up tier `fields` may also name the
    derived columns of `tiers.columns_of`.
    """

    measurement: str
    fields: Sequence[str]
    devices: Sequence[str]
    start_ns: int
    end_ns: int
    tags: Mapping[str, str] = field(default_factory=dict)
    tier: Tier = Tier.RAW


class SeriesUnavailable(Refusal):
    """The store is away or refuses for now; the caller tries again later, nothing was half done."""


class UnknownSeries(ValueError):
    """A query names a measurement, field or tag that the registry does not have: a mistake of the caller."""


Delivery = tuple[BatchKey, Sequence[SeriesTable]]
"""One opened batch on its way into the store."""


class SeriesWriter(Protocol):
    def write(self, batch: BatchKey, tables: Sequence[SeriesTable]) -> WriteResult:
        """Store all points of the batch; good ones are stored even where others are rejected. Raises SeriesUnavailable."""
        ...


class SeriesGroupWriter(SeriesWriter, Protocol):
    """A writer that stores many batches for the price of one commit or request."""

    def write_group(self, deliveries: Sequence[Delivery]) -> Sequence[WriteResult]:
        """All batches or none; one result a batch, in the order given. Raises SeriesUnavailable."""
        ...


class SeriesReader(Protocol):
    def lines(self, tenant: str, query: Query) -> Sequence[Line]:
        """Values as stored: counters as counters. Ordered by device, tags and field. Raises SeriesUnavailable, UnknownSeries."""
        ...

    def latest(self, tenant: str, measurement: str, devices: Sequence[str], since_ns: int) -> Mapping[SeriesKey, tuple[int, float]]:
        """Newest value of each series at or after `since_ns`."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class Touched:
    """Raw points of a tenant were written to the window of `tiers.TOUCH_NS` that starts at `start_ns`; `mark` grows from write to write."""

    mark: int
    tenant: str
    start_ns: int


class SeriesMaintenance(Protocol):
    def roll_up(self, tier: Tier, start_ns: int, end_ns: int, tenant: str | None = None) -> int:
        """Recompute `tier` for the span from the tier below, of one tenant or of all; repeatable. Answers the number of rows written."""
        ...

    def expire(self, tier: Tier, before_ns: int) -> None:
        """Forget every point of the tier before this moment."""
        ...

    def touched(self, limit: int) -> Sequence[Touched]:
        """Windows that raw points were written to and that are not settled yet, in order of `mark`."""
        ...

    def settle(self, through_mark: int) -> None:
        """Everything `touched` answered through this mark is rolled up. What was written meanwhile has a higher mark and stays."""
        ...

    def remember(self, windows: Sequence[tuple[str, int]]) -> None:
        """Mark windows (tenant, start_ns) as if they had been written to now: they are to be looked at again."""
        ...

    def compact(self, start_ns: int, end_ns: int) -> int:
        """Lay the raw points of a closed span in reading order, where the store does not do so by itself. Answers the rows moved."""
        ...
