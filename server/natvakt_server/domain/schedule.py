"""When a customer's next assessment is due."""

from datetime import UTC, datetime, timedelta

MONTHS = {"monthly": 1, "quarterly": 3}


def next_due(schedule: str | None, last_ns: int | None, created_ns: int) -> int | None:
    """When the next scheduled assessment is planned, in ns; None where it is on demand only. The first is due at once after a day.

    `weekly` is seven days, `monthly` and `quarterly` are calendar months (the 31st becomes the month's last day).
    """
    if schedule is None:
        return None
    if last_ns is None:
        return created_ns + 86_400 * 1_000_000_000
    last = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=last_ns // 1000)
    if schedule == "weekly":
        due = last + timedelta(days=7)
    elif schedule in MONTHS:
        due = add_months(last, MONTHS[schedule])
    else:
        raise ValueError(f"schedule {schedule!r} is not known; known are weekly, monthly, quarterly")
    return int((due - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) * 1000


def add_months(moment: datetime, months: int) -> datetime:
    index = moment.month - 1 + months
    year, month = moment.year + index // 12, index % 12 + 1
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    last_day = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last_day))
