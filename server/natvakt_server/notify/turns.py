"""Clock times of people: quiet hours, and who is on call. What clocks do when they are set is the calendar's business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from natvakt_server.domain.backup_jobs.calendar import AtTimes, WeekDays, last_due, next_due
from natvakt_server.domain.escalation import OnCallCalendar, Person
from natvakt_server.domain.notifying import Destination

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVERY_DAY = WeekDays(frozenset(range(7)))
FARTHEST_NS = 92 * 86_400 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Turn:
    """Who has it from then on; without a name nobody."""

    from_ns: int
    name: str


def quiet_until(destination: Destination, now_ns: int) -> int | None:
    """When the quiet hours that last now end; None outside of them."""
    if not destination.quiet_from or destination.quiet_from == destination.quiet_until:
        return None
    zone = ZoneInfo(destination.time_zone)
    began = last_due(daily(destination.quiet_from), zone, now_ns)
    ends = next_due(daily(destination.quiet_until), zone, began) if began is not None else None
    return ends if ends is not None and ends > now_ns else None


def on_call(calendar: OnCallCalendar, now_ns: int) -> Person | None:
    """None before the first day, and where a stand-in is nobody of the list."""
    by_name = {person.name: person for person in calendar.people}
    for each in calendar.stand_ins:
        if each.from_ns <= now_ns < each.until_ns:
            return by_name.get(each.name)
    zone = ZoneInfo(calendar.time_zone)
    handed = last_due(daily(calendar.handover), zone, now_ns)
    if handed is None or not calendar.people:
        return None
    day = (EPOCH + timedelta(microseconds=handed // 1000)).astimezone(zone).date()
    days = (day - calendar.first_day).days
    return calendar.people[days // calendar.turn_days % len(calendar.people)] if days >= 0 else None


def daily(time: str) -> AtTimes:
    hours, _, minutes = time.partition(":")
    return AtTimes(EVERY_DAY, (int(hours) * 60 + int(minutes),))


def turns(calendar: OnCallCalendar, now_ns: int, count: int) -> Sequence[Turn]:
    """The turn that is now and those after it, each from one change of person to the next, at most a quarter of a year ahead."""
    found: list[Turn] = []
    at_ns: int | None = now_ns
    while at_ns is not None and at_ns < now_ns + FARTHEST_NS and len(found) <= count:
        person = on_call(calendar, at_ns)
        name = person.name if person else ""
        if not found or found[-1].name != name:
            found.append(Turn(at_ns, name))
        at_ns = _next_change(calendar, at_ns)
    return found[:count]


def _next_change(calendar: OnCallCalendar, at_ns: int) -> int | None:
    """The next moment at which somebody else may have the turn."""
    handed = next_due(daily(calendar.handover), ZoneInfo(calendar.time_zone), at_ns)
    ends = [moment for each in calendar.stand_ins for moment in (each.from_ns, each.until_ns) if moment > at_ns]
    return min([*ends, *([handed] if handed is not None else [])], default=None)
