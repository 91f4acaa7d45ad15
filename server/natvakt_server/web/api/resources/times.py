"""Times in answers."""

from datetime import UTC, datetime, timedelta


def moment(time_ns: int | None) -> datetime | None:
    """In UTC, to the microsecond; None where it never was."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000) if time_ns else None


def certain(time_ns: int) -> datetime:
    """Of what did happen."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000)
