"""Schedules as people write them, and back.

| Written | Due |
|---|---|
| `every 6h` (`m`, `h`, `d`) | that long after the last good run |
| `daily 02:00`, `daily 06:00,18:00` | every day |
| `weekdays 22:00` | Monday to Friday |
| `weekly sun 03:00`, `weekly mon,thu 22:00` | on those days |
| `monthly 1 04:00`, `monthly last 04:00` | on that day of the month, in a shorter month on its last |
| `monthly first sun 03:00` (first to fourth, last) | on that weekday of the month |
| `cron 0 2 * * 1-5` | as crontab(5): minute, hour, day of the month, month, day of the week |
"""

import re
from datetime import date, timedelta

from natvakt_server.domain.backup_jobs.calendar import AtTimes, Calendar, CronDays, Days, Every, MonthDay, WeekDayOfMonth, WeekDays

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PLACES = ("last", "first", "second", "third", "fourth")
UNITS = {"m": 60, "h": 3600, "d": 86_400}
SHORTEST_SECONDS, LONGEST_SECONDS = 300, 92 * 86_400
LONGEST_CHARACTERS, MOST_TIMES = 120, 288
WAYS = (
    "every 6h, daily 02:00, weekdays 22:00, weekly sun 03:00, monthly 1 04:00, monthly last 04:00, monthly first sun 03:00, "
    "cron 0 2 * * 1-5"
)
_LENGTH = re.compile(r"([1-9]\d{0,4})([mhd])", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class BadSchedule(ValueError):
    """Names what was written, what is wrong with it and how it is written."""


def canonical(text: str) -> str:
    return " ".join(text.casefold().split())


def parse_schedule(text: str) -> Calendar:
    """Raises BadSchedule."""
    if len(text) > LONGEST_CHARACTERS:
        raise BadSchedule(f"a schedule has at most {LONGEST_CHARACTERS} characters; write one of {WAYS}")
    kind, *rest = canonical(text).split() or [""]
    match kind, rest:
        case "every", [length]:
            return Every(_length(length))
        case "daily", [times]:
            return AtTimes(WeekDays(frozenset(range(7))), _times(times))
        case "weekdays", [times]:
            return AtTimes(WeekDays(frozenset(range(5))), _times(times))
        case "weekly", [days, times]:
            return AtTimes(WeekDays(frozenset(_week_day(day) for day in days.split(","))), _times(times))
        case "monthly", [day, times]:
            return AtTimes(MonthDay(_month_day(day)), _times(times))
        case "monthly", [place, day, times] if place in PLACES:
            return AtTimes(WeekDayOfMonth(PLACES.index(place), _week_day(day)), _times(times))
        case "cron", [minute, hour, day, month, week_day]:
            return _cron(minute, hour, day, month, week_day)
    raise BadSchedule(f"{text[:LONGEST_CHARACTERS]!r} is no schedule; write one of {WAYS}")


def interval_written(seconds: int) -> str:
    """As `every` takes it, in the largest unit that divides it; a day is 24 hours."""
    units = (("d", 86_400, 2), ("h", 3600, 1), ("m", 60, 1))
    size, unit = next(((size, unit) for unit, size, least in units if seconds % size == 0 and seconds >= least * size), (1, "s"))
    return f"every {seconds // size}{unit}"


def _length(text: str) -> int:
    found = _LENGTH.fullmatch(text)
    seconds = int(found[1]) * UNITS[found[2]] if found else 0
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise BadSchedule(f"every {text}: write a length from 5m to 92d, such as 6h")
    return seconds


def _times(text: str) -> tuple[int, ...]:
    found = [_TIME.fullmatch(each) for each in text.split(",")]
    minutes = {int(each[1]) * 60 + int(each[2]) for each in found if each}
    if not all(found):
        raise BadSchedule(f"{text!r} is no time of day; write 02:00, or several as 06:00,18:00")
    return tuple(sorted(minutes))


def _week_day(text: str) -> int:
    if text not in WEEK:
        raise BadSchedule(f"{text!r} is no day of the week; write {', '.join(WEEK)}")
    return WEEK.index(text)


def _month_day(text: str) -> int:
    if text == "last":
        return 31
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 31):
        raise BadSchedule(f"{text!r} is no day of a month; write 1 to 31, or last")
    return int(text)


def _cron(minute: str, hour: str, day: str, month: str, week_day: str) -> AtTimes:
    minutes, hours = _field(minute, "minute", 0, 59), _field(hour, "hour", 0, 23)
    if len(minutes) * len(hours) > MOST_TIMES:
        raise BadSchedule(f"cron {minute} {hour}: more often than every 5 minutes; write */5 or less")
    months = _field(month, "month", 1, 12, MONTHS)
    days = _field(day, "day of the month", 1, 31)
    week = frozenset((each - 1) % 7 for each in _field(week_day, "day of the week", 0, 7, ("sun", *WEEK[:6])))  # 0 and 7 are Sunday
    rule = CronDays(months, days, week, either=not day.startswith("*") and not week_day.startswith("*"))
    if not _ever(rule):
        raise BadSchedule(f"cron {day} {month}: there is no such day; correct day and month")
    return AtTimes(rule, tuple(sorted(h * 60 + m for h in hours for m in minutes)), each_pass=hour.startswith("*"))


def _field(text: str, what: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        start = low if span == "*" else _number(first, what, low, high, names)
        end = high if span == "*" or (step and not dash) else _number(last, what, low, high, names) if dash else start
        width = _number(step, what, 1, high, ()) if "/" in part else 1
        if end < start:
            raise BadSchedule(f"{text!r}: the {what} runs backwards; write the lower one first")
        found.update(range(start, end + 1, width))
    return frozenset(found)


def _number(text: str, what: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + low
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and low <= int(text) <= high):
        raise BadSchedule(f"{text!r} is no {what}; write {low} to {high}, *, */5, 1-5 or 1,15")
    return int(text)


def _ever(days: Days) -> bool:
    first = date(2024, 1, 1)  # a leap year, and the three after it
    return any(days.hold(first + timedelta(days=number)) for number in range(4 * 366))
