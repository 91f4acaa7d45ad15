"""When a backup is meant to run: every so often, or at clock times of certain days in a time zone.

Clock times follow what cron does (cron(8), Debian) when clocks are set: a time that the day skips is due when the gap ends; a time that
comes twice is due once, at the first of the two, unless the job runs in every hour, when both are due.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

SECOND_NS = 1_000_000_000
LONGEST_DAYS = 8 * 366 + 1  # 29 February of 1896 and 1904 are the farthest apart
MOST_COUNTED = 99
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Days(Protocol):
    def hold(self, day: date) -> bool:
        """Whether something is due on this day."""
        ...


@dataclass(frozen=True, slots=True)
class WeekDays:
    """0 is Monday."""

    days: frozenset[int]

    def hold(self, day: date) -> bool:
        return day.weekday() in self.days


@dataclass(frozen=True, slots=True)
class MonthDay:
    """In a shorter month its last day: a monthly backup is meant to run in every month."""

    day: int

    def hold(self, day: date) -> bool:
        return day.day == min(self.day, monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class WeekDayOfMonth:
    """The first to fourth such day of the month; `place` 0 is the last."""

    place: int
    day: int

    def hold(self, day: date) -> bool:
        if day.weekday() != self.day:
            return False
        if self.place:
            return (day.day - 1) // 7 + 1 == self.place
        return day.day + 7 > monthrange(day.year, day.month)[1]


@dataclass(frozen=True, slots=True)
class CronDays:
    """`either`: both a day of the month and a day of the week are told, and one of them is enough (crontab(5))."""

    months: frozenset[int]
    days: frozenset[int]
    week_days: frozenset[int]
    either: bool

    def hold(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_month, by_week = day.day in self.days, day.weekday() in self.week_days
        return by_month or by_week if self.either else by_month and by_week


@dataclass(frozen=True, slots=True)
class Every:
    """So many seconds after the last good run, whatever the clocks say."""

    seconds: int


@dataclass(frozen=True, slots=True)
class AtTimes:
    """`minutes` of the day, ascending. `each_pass`: an hour that comes twice is due twice."""

    days: Days
    minutes: tuple[int, ...]
    each_pass: bool = False


Calendar = Every | AtTimes


def last_due(calendar: AtTimes, zone: ZoneInfo, at_ns: int) -> int | None:
    """The newest moment at or before this one; None where there was none in eight years."""
    return next(dues_before(calendar, zone, at_ns), None)


def next_due(calendar: AtTimes, zone: ZoneInfo, after_ns: int) -> int | None:
    start = _local_day(zone, after_ns)
    for number in range(-1, LONGEST_DAYS):
        for moment in _moments(calendar, zone, start + timedelta(days=number)):
            if moment > after_ns:
                return moment
    return None


def dues_before(calendar: AtTimes, zone: ZoneInfo, at_ns: int) -> Iterator[int]:
    """At or before this moment, the newest first."""
    start = _local_day(zone, at_ns)
    for number in range(-1, LONGEST_DAYS):
        for moment in reversed(_moments(calendar, zone, start - timedelta(days=number))):
            if moment <= at_ns:
                yield moment


def count_between(calendar: AtTimes, zone: ZoneInfo, after_ns: int, until_ns: int) -> int:
    """How many were due after the one and at or before the other moment; at most MOST_COUNTED."""
    return sum(moment > after_ns for moment in islice(dues_before(calendar, zone, until_ns), MOST_COUNTED))


def _local_day(zone: ZoneInfo, at_ns: int) -> date:
    return (_EPOCH + timedelta(seconds=at_ns // SECOND_NS)).astimezone(zone).date()


def _moments(calendar: AtTimes, zone: ZoneInfo, day: date) -> list[int]:
    """Of one local day, ascending, each once."""
    if not calendar.days.hold(day):
        return []
    found = {moment for minute in calendar.minutes for moment in _instants(zone, day, minute, calendar.each_pass)}
    return sorted(found)


def _instants(zone: ZoneInfo, day: date, minute: int, each_pass: bool) -> tuple[int, ...]:
    first = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    second = first.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    assert before is not None
    assert after is not None
    if before == after:
        return (_ns(first),)
    if before < after:  # the clock jumps over it
        return (_gap_end(zone, _seconds(second), _seconds(first)) * SECOND_NS,)
    return (_ns(first), _ns(second)) if each_pass else (_ns(first),)


def _gap_end(zone: ZoneInfo, low: int, high: int) -> int:
    """The second in (low, high] from which the new offset holds."""
    old = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if datetime.fromtimestamp(middle, zone).utcoffset() == old else (low, middle)
    return high


def _seconds(moment: datetime) -> int:
    return int((moment.astimezone(UTC) - _EPOCH).total_seconds())


def _ns(moment: datetime) -> int:
    return _seconds(moment) * SECOND_NS
