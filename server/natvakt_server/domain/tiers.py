"""Resolutions of the time series: how wide, how long kept, which columns, and which one answers a question.

Columns of a rolled-up row, whose time is the start of its window:

| kind    | column          | holds                                                                              |
|---------|-----------------|------------------------------------------------------------------------------------|
| counter | `name`          | the counter at the last sample of the window                                       |
|         | `name_increase` | what was added, over intervals that end in the window and hold no discontinuity    |
|         | `name_seconds`  | how many seconds those intervals cover: increase / seconds is the mean rate        |
| gauge   | `name`          | mean                                                                               |
|         | `name_min`, `name_max`, `name_last`, `name_count` | what they say                                    |
| state   | `name`          | the last code                                                                      |
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from natvakt_server.domain.registry import Kind, TableDefinition
from natvakt_server.domain.series import Tier

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
HOUR_NS = 60 * MINUTE_NS
DAY_NS = 24 * HOUR_NS

WIDTH_NS: Mapping[Tier, int] = MappingProxyType({Tier.MINUTE: MINUTE_NS, Tier.FIVE_MINUTES: 5 * MINUTE_NS, Tier.HOUR: HOUR_NS})
"""Window of each rolled-up tier. Raw has none."""

BELOW: Mapping[Tier, Tier] = MappingProxyType({Tier.MINUTE: Tier.RAW, Tier.FIVE_MINUTES: Tier.RAW, Tier.HOUR: Tier.FIVE_MINUTES})
"""What a tier is made from. Raw points are fewer values than the rows of the minute tier, so five minutes are made from them too."""

TOUCH_NS = 5 * MINUTE_NS
"""Grain in which the stores remember what was written and is to be rolled up."""

RETENTION_NS: Mapping[Tier, int] = MappingProxyType(
    {
        Tier.RAW: 35 * DAY_NS,  # an agent may come back after 30 days with everything it saw
        Tier.MINUTE: 35 * DAY_NS,
        Tier.FIVE_MINUTES: 190 * DAY_NS,
        Tier.HOUR: 5 * 366 * DAY_NS,
    }
)

LONGEST_SPAN_NS: Mapping[Tier, int] = MappingProxyType({Tier.RAW: 6 * HOUR_NS, Tier.MINUTE: 36 * HOUR_NS, Tier.FIVE_MINUTES: 8 * DAY_NS})
"""Longest span each tier is read for: about 2,000 points a line."""


class ColumnType(StrEnum):
    """Canonical types: a name has one for ever, so a store never meets a conflict."""

    UNSIGNED = "unsigned"  # 0 .. 2**64-1
    SIGNED = "signed"  # -2**63 .. 2**63-1
    FLOAT = "float"


RAW_TYPE: Mapping[Kind, ColumnType] = MappingProxyType(
    {Kind.COUNTER: ColumnType.UNSIGNED, Kind.GAUGE: ColumnType.FLOAT, Kind.STATE: ColumnType.SIGNED}
)

DERIVED: Mapping[Kind, Mapping[str, ColumnType]] = MappingProxyType(
    {
        Kind.COUNTER: MappingProxyType({"_increase": ColumnType.UNSIGNED, "_seconds": ColumnType.FLOAT}),
        Kind.GAUGE: MappingProxyType(
            {"_min": ColumnType.FLOAT, "_max": ColumnType.FLOAT, "_last": ColumnType.FLOAT, "_count": ColumnType.UNSIGNED}
        ),
        Kind.STATE: MappingProxyType({}),
    }
)


def columns_of(definition: TableDefinition, tier: Tier) -> Mapping[str, ColumnType]:
    """Name and type of every value column that a table has in a tier."""
    columns: dict[str, ColumnType] = {}
    for name, series in definition.series.items():
        columns[name] = RAW_TYPE[series.kind]
        if tier is not Tier.RAW:
            columns.update({name + suffix: kind for suffix, kind in DERIVED[series.kind].items()})
    return columns


def choose_tier(start_ns: int, end_ns: int, now_ns: int, retention_ns: Mapping[Tier, int] = RETENTION_NS) -> Tier:
    """The finest tier that still holds the start of the span and keeps a line readable.

    A span that no tier holds any more is answered by the coarsest one, as far as it reaches.
    """
    for tier in (Tier.RAW, Tier.MINUTE, Tier.FIVE_MINUTES):
        if end_ns - start_ns <= LONGEST_SPAN_NS[tier] and start_ns >= now_ns - retention_ns[tier]:
            return tier
    return Tier.HOUR


def window_start(moment_ns: int, width_ns: int) -> int:
    return moment_ns - moment_ns % width_ns
