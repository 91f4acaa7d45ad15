"""Whether something stands in maintenance at a moment: once, or every week by the clock on the wall."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from natvakt_server.domain.incidents import DAY_NS, NOTE_CHARACTERS, Maintenance, NotPlannable

SECOND_NS = 1_000_000_000
DAY_MINUTES = 24 * 60
LONGEST_ONCE_NS, LONGEST_RECURRING_NS = 31 * DAY_NS, 2 * 366 * DAY_NS


def covers(planned: Maintenance, site: str, device: str, at_ns: int) -> bool:
    """`device` empty: the site itself, which only a maintenance of the whole site covers."""
    if planned.site not in ("", site) or planned.device not in ("", device):
        return False
    if not planned.start_ns <= at_ns < (min(planned.end_ns, planned.ended_ns) if planned.ended_ns else planned.end_ns):
        return False
    return not planned.is_recurring or _in_window(planned, at_ns)


def covering(planned: Iterable[Maintenance], site: str, device: str, at_ns: int) -> Maintenance | None:
    return next((each for each in planned if covers(each, site, device, at_ns)), None)


def _in_window(planned: Maintenance, at_ns: int) -> bool:
    """A window begins by the wall clock and lasts by the stop watch: a change to or from summer time makes it neither longer nor shorter.
    One that would begin in the hour that is left out in spring begins with the hour after.
    """
    zone = ZoneInfo(planned.time_zone)
    now = datetime.fromtimestamp(at_ns // SECOND_NS, UTC)
    today = now.astimezone(zone).date()
    for days_ago in (0, 1):
        day = today - timedelta(days=days_ago)
        if day.weekday() not in planned.weekdays:
            continue
        hour, minute = divmod(planned.start_minute, 60)
        start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
        if start <= now < start + timedelta(minutes=planned.minutes):
            return True
    return False


def checked(planned: Maintenance, now_ns: int) -> Maintenance:
    """Raises NotPlannable: nothing is silenced for no reason, in no name, or for ever."""
    if not planned.reason.strip() or len(planned.reason) > NOTE_CHARACTERS:
        raise NotPlannable("no-reason", f"the reason has {len(planned.reason.strip())} characters; write 1 to {NOTE_CHARACTERS}")
    if not planned.owner.strip():
        raise NotPlannable("no-owner", "nobody is named who answers for it; write a name")
    if planned.end_ns <= planned.start_ns:
        raise NotPlannable("ends-early", "it ends before it begins; write a later end")
    if planned.end_ns <= now_ns:
        raise NotPlannable("over", "it is over already; write an end that lies ahead")
    longest = LONGEST_RECURRING_NS if planned.is_recurring else LONGEST_ONCE_NS
    if planned.end_ns - planned.start_ns > longest:
        raise NotPlannable("too-long", f"it lasts longer than {longest // DAY_NS} days; plan a shorter one and look again then")
    if planned.is_recurring:
        _check_recurrence(planned)
    return planned


def _check_recurrence(planned: Maintenance) -> None:
    try:
        ZoneInfo(planned.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise NotPlannable("zone-unknown", f"time zone {planned.time_zone!r} is not known; write one like Europe/Stockholm") from error
    if not set(planned.weekdays) <= set(range(7)):
        raise NotPlannable("weekdays", f"weekdays {planned.weekdays!r}: write days from 0 (Monday) to 6 (Sunday)")
    if not 0 <= planned.start_minute < DAY_MINUTES or not 0 < planned.minutes <= DAY_MINUTES:
        raise NotPlannable("hours", "a window begins within a day and lasts up to 24 hours; write a time like 02:00 and minutes")
