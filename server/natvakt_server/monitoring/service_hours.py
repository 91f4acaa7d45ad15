"""Service hours: when an agreement counts, by the clock on the wall.

Written as `always`, or as days with a span each, divided by semicolons: `mon-fri 07:00-18:00; sat 09:00-13:00`. `24:00` ends a day.
A day has the hours that its clocks show: the night summer time ends, 00:00-24:00 lasts 25 hours.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from natvakt_server.monitoring.spans import Span, joined

SECOND_NS = 1_000_000_000
DAY_MINUTES = 24 * 60
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "always"
LONGEST_CHARACTERS = 200
WAYS = "always, or mon-fri 07:00-18:00; sat 09:00-13:00"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PART = re.compile(r"(\S+) (\d\d):([0-5]\d)-(\d\d):([0-5]\d)", re.ASCII)


class BadHours(ValueError):
    """Names what was written and how it is written."""


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """`windows`: weekday (0 is Monday), first and last minute of the day. `closed`: days on which the service rests."""

    windows: tuple[tuple[int, int, int], ...]
    zone: ZoneInfo
    closed: frozenset[date] = frozenset()

    def spans(self, start_ns: int, end_ns: int) -> list[Span]:
        """Within the period."""
        found = []
        day = _local_day(self.zone, start_ns) - timedelta(days=1)
        last = _local_day(self.zone, end_ns)
        while day <= last:
            if day not in self.closed:
                for weekday, first, after in self.windows:
                    if weekday == day.weekday():
                        found.append(
                            (max(start_ns, _instant(self.zone, day, first)), min(end_ns, _instant(self.zone, day, after, last=True)))
                        )
            day += timedelta(days=1)
        return joined(found)


def parse_hours(text: str, zone: ZoneInfo, closed: frozenset[date] = frozenset()) -> ServiceHours:
    """Raises BadHours."""
    written = " ".join(text.casefold().split())
    if not written or len(written) > LONGEST_CHARACTERS:
        raise BadHours(f"service hours of {len(written)} characters: write {WAYS}")
    if written == ALWAYS:
        return ServiceHours(tuple((day, 0, DAY_MINUTES) for day in range(7)), zone, closed)
    windows = [window for part in written.split(";") for window in _part(part.strip())]
    return ServiceHours(tuple(windows), zone, closed)


def _part(text: str) -> list[tuple[int, int, int]]:
    found = _PART.fullmatch(text)
    if found is None:
        raise BadHours(f"{text!r} are no service hours; write {WAYS}")
    first, after = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
    if not first < after <= DAY_MINUTES:
        raise BadHours(f"{text!r}: hours end after they begin and by 24:00; write a night as two days")
    return [(day, first, after) for day in _days(found[1])]


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in WEEK or (dash and last not in WEEK):
            raise BadHours(f"{part!r} is no day of the week; write {', '.join(WEEK)}, or mon-fri")
        start, end = WEEK.index(first), WEEK.index(last if dash else first)
        if end < start:
            raise BadHours(f"{part!r} runs backwards; write the earlier day first")
        days.extend(range(start, end + 1))
    return days


def _local_day(zone: ZoneInfo, at_ns: int) -> date:
    return (_EPOCH + timedelta(seconds=at_ns // SECOND_NS)).astimezone(zone).date()


def _instant(zone: ZoneInfo, day: date, minute: int, last: bool = False) -> int:
    """Of a time that comes twice the first, or the last where a window ends. Of one that the day skips: when the gap ends."""
    whole, at = day + timedelta(days=minute // DAY_MINUTES), minute % DAY_MINUTES
    local = datetime(whole.year, whole.month, whole.day, at // 60, at % 60, tzinfo=zone)
    moments = [(local.replace(fold=fold).astimezone(UTC) - _EPOCH) // timedelta(seconds=1) for fold in (0, 1)]
    if moments[0] > moments[1]:  # skipped
        return _gap_end(zone, moments[1], moments[0]) * SECOND_NS
    return moments[1 if last else 0] * SECOND_NS


def _gap_end(zone: ZoneInfo, low: int, high: int) -> int:
    old = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if datetime.fromtimestamp(middle, zone).utcoffset() == old else (low, middle)
    return high
