"""Schedules of backups as truth tables: when each is due, with clocks set forward and back."""

from datetime import datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from natvakt_server.domain.backup_jobs.calendar import AtTimes, Every, dues_before, last_due, next_due
from natvakt_server.domain.backup_jobs.schedule import BadSchedule, interval_written, parse_schedule

STOCKHOLM, NEW_YORK, KOLKATA, LORD_HOWE, UTC = "Europe/Stockholm", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"


def ns(written: str) -> int:
    """ISO 8601 with an offset."""
    return int(datetime.fromisoformat(written).timestamp()) * 1_000_000_000


# schedule, zone, at, newest moment due, next one
TRUTH = [
    # every day
    ("daily 02:00", STOCKHOLM, "2026-11-25T01:59:59+01:00", "2026-11-24T02:00+01:00", "2026-11-25T02:00+01:00"),
    ("daily 02:00", STOCKHOLM, "2026-11-25T02:00:00+01:00", "2026-11-25T02:00+01:00", "2026-11-26T02:00+01:00"),
    ("daily 06:00,18:00", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-25T06:00+01:00", "2026-11-25T18:00+01:00"),
    ("daily 18:00,06:00", STOCKHOLM, "2026-11-25T23:00+01:00", "2026-11-25T18:00+01:00", "2026-11-26T06:00+01:00"),
    ("daily 00:00", STOCKHOLM, "2026-12-31T23:59+01:00", "2026-12-31T00:00+01:00", "2027-01-01T00:00+01:00"),
    ("daily 02:00", UTC, "2026-11-25T03:00+01:00", "2026-11-25T02:00+00:00", "2026-11-26T02:00+00:00"),
    ("daily 02:00", KOLKATA, "2026-11-25T02:00+05:30", "2026-11-25T02:00+05:30", "2026-11-26T02:00+05:30"),
    # the night the clocks go forward: 29 March 2026, 02:00 becomes 03:00
    ("daily 01:30", STOCKHOLM, "2026-03-29T12:00+02:00", "2026-03-29T01:30+01:00", "2026-03-30T01:30+02:00"),
    ("daily 02:00", STOCKHOLM, "2026-03-29T12:00+02:00", "2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00"),
    ("daily 02:30", STOCKHOLM, "2026-03-29T12:00+02:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"),
    ("daily 02:30", STOCKHOLM, "2026-03-29T01:59+01:00", "2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00"),
    ("daily 03:00", STOCKHOLM, "2026-03-29T12:00+02:00", "2026-03-29T03:00+02:00", "2026-03-30T03:00+02:00"),
    ("daily 02:10,02:50", STOCKHOLM, "2026-03-29T01:59+01:00", "2026-03-28T02:50+01:00", "2026-03-29T03:00+02:00"),
    ("daily 02:30", NEW_YORK, "2026-03-08T12:00-04:00", "2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00"),
    ("daily 02:15", LORD_HOWE, "2026-10-04T12:00+11:00", "2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00"),  # by half an hour
    # the night they go back: 25 October 2026, 03:00 becomes 02:00
    ("daily 01:30", STOCKHOLM, "2026-10-25T12:00+01:00", "2026-10-25T01:30+02:00", "2026-10-26T01:30+01:00"),
    ("daily 02:30", STOCKHOLM, "2026-10-25T12:00+01:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
    ("daily 02:30", STOCKHOLM, "2026-10-25T02:45+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
    ("daily 02:30", STOCKHOLM, "2026-10-25T02:15+02:00", "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00"),
    ("daily 02:00", STOCKHOLM, "2026-10-25T02:00+01:00", "2026-10-25T02:00+02:00", "2026-10-26T02:00+01:00"),
    ("daily 03:00", STOCKHOLM, "2026-10-25T12:00+01:00", "2026-10-25T03:00+01:00", "2026-10-26T03:00+01:00"),
    ("daily 01:30", NEW_YORK, "2026-11-01T12:00-05:00", "2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"),
    # days of the week; 25 November 2026 is a Wednesday
    ("weekdays 22:00", STOCKHOLM, "2026-11-29T12:00+01:00", "2026-11-27T22:00+01:00", "2026-11-30T22:00+01:00"),
    ("weekdays 22:00", STOCKHOLM, "2026-11-27T22:00+01:00", "2026-11-27T22:00+01:00", "2026-11-30T22:00+01:00"),
    ("weekly sun 03:00", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-22T03:00+01:00", "2026-11-29T03:00+01:00"),
    ("weekly sun 02:30", STOCKHOLM, "2026-03-29T12:00+02:00", "2026-03-29T03:00+02:00", "2026-04-05T02:30+02:00"),
    ("weekly sun 02:30", STOCKHOLM, "2026-10-25T12:00+01:00", "2026-10-25T02:30+02:00", "2026-11-01T02:30+01:00"),
    ("weekly mon,thu 22:00", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-23T22:00+01:00", "2026-11-26T22:00+01:00"),
    ("weekly Mon,Thu  22:00", STOCKHOLM, "2026-11-27T12:00+01:00", "2026-11-26T22:00+01:00", "2026-11-30T22:00+01:00"),
    # months
    ("monthly 1 04:00", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-01T04:00+01:00", "2026-12-01T04:00+01:00"),
    ("monthly 31 04:00", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-10-31T04:00+01:00", "2026-11-30T04:00+01:00"),
    ("monthly last 04:00", STOCKHOLM, "2027-02-10T12:00+01:00", "2027-01-31T04:00+01:00", "2027-02-28T04:00+01:00"),
    ("monthly last 04:00", STOCKHOLM, "2028-02-10T12:00+01:00", "2028-01-31T04:00+01:00", "2028-02-29T04:00+01:00"),
    ("monthly 30 04:00", STOCKHOLM, "2027-03-01T12:00+01:00", "2027-02-28T04:00+01:00", "2027-03-30T04:00+02:00"),
    ("monthly first sun 03:00", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-01T03:00+01:00", "2026-12-06T03:00+01:00"),
    ("monthly third wed 03:00", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-18T03:00+01:00", "2026-12-16T03:00+01:00"),
    ("monthly last sun 02:30", STOCKHOLM, "2026-03-29T12:00+02:00", "2026-03-29T03:00+02:00", "2026-04-26T02:30+02:00"),
    ("monthly last sun 02:30", STOCKHOLM, "2026-10-25T12:00+01:00", "2026-10-25T02:30+02:00", "2026-11-29T02:30+01:00"),
    # as cron
    ("cron 0 2 * * *", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-25T02:00+01:00", "2026-11-26T02:00+01:00"),
    ("cron 30 22 * * 1-5", STOCKHOLM, "2026-11-29T12:00+01:00", "2026-11-27T22:30+01:00", "2026-11-30T22:30+01:00"),
    ("cron 0 3 * * 0", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-22T03:00+01:00", "2026-11-29T03:00+01:00"),
    ("cron 0 3 * * 7", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-22T03:00+01:00", "2026-11-29T03:00+01:00"),
    ("cron 0 3 * * sun", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-22T03:00+01:00", "2026-11-29T03:00+01:00"),
    ("cron 15 */6 * * *", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-25T06:15+01:00", "2026-11-25T12:15+01:00"),
    ("cron 0 4 1,15 * *", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-15T04:00+01:00", "2026-12-01T04:00+01:00"),
    ("cron 0 4 31 * *", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-10-31T04:00+01:00", "2026-12-31T04:00+01:00"),  # cron skips months
    ("cron 0 4 13 * fri", STOCKHOLM, "2026-11-25T12:00+01:00", "2026-11-20T04:00+01:00", "2026-11-27T04:00+01:00"),  # one is enough
    ("cron 0 4 29 feb *", STOCKHOLM, "2026-11-25T12:00+01:00", "2024-02-29T04:00+01:00", "2028-02-29T04:00+01:00"),
    ("cron 30 2 * * *", STOCKHOLM, "2026-03-29T12:00+02:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"),
    ("cron 30 2 * * *", STOCKHOLM, "2026-10-25T02:45+01:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
    ("cron 30 * * * *", STOCKHOLM, "2026-10-25T02:45+01:00", "2026-10-25T02:30+01:00", "2026-10-25T03:30+01:00"),  # both passes
    ("cron 30 * * * *", STOCKHOLM, "2026-03-29T03:10+02:00", "2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00"),
]


@pytest.mark.parametrize(("schedule", "zone", "at", "due", "following"), TRUTH)
def test_when_it_is_due(schedule: str, zone: str, at: str, due: str, following: str) -> None:
    calendar = parse_schedule(schedule)
    assert isinstance(calendar, AtTimes)
    assert last_due(calendar, ZoneInfo(zone), ns(at)) == ns(due)
    assert next_due(calendar, ZoneInfo(zone), ns(at)) == ns(following)


def test_a_day_with_25_hours_has_25_hourly_moments_and_one_daily() -> None:
    zone, first, last = ZoneInfo(STOCKHOLM), ns("2026-10-25T00:00+02:00"), ns("2026-10-25T23:59+01:00")

    def due(schedule: str) -> int:
        calendar = parse_schedule(schedule)
        assert isinstance(calendar, AtTimes)
        return len(list(takewhile(lambda moment: moment >= first, dues_before(calendar, zone, last))))

    assert due("cron 0 * * * *") == 25
    assert due("daily 02:30") == 1


def test_an_interval_is_a_length_of_time() -> None:
    assert parse_schedule("every 6h") == Every(6 * 3600)
    assert parse_schedule("every 30m") == Every(1800)
    assert parse_schedule("every 2d") == Every(2 * 86_400)
    assert [interval_written(seconds) for seconds in (604_800, 86_400, 5400, 90)] == ["every 7d", "every 24h", "every 90m", "every 90s"]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("", "no schedule"),
        ("nightly", "no schedule"),
        ("daily", "no schedule"),
        ("daily 24:00", "no time of day"),
        ("daily 2:00", "no time of day"),
        ("daily 02:00,", "no time of day"),
        ("weekly someday 02:00", "no day of the week"),
        ("monthly 0 02:00", "no day of a month"),
        ("monthly 32 02:00", "no day of a month"),
        ("monthly ³ 02:00", "no day of a month"),
        ("monthly fifth sun 02:00", "no schedule"),
        ("every 1m", "5m to 92d"),
        ("every 93d", "5m to 92d"),
        ("every soon", "5m to 92d"),
        ("cron * * * * *", "more often"),
        ("cron 0 2 30 feb *", "no such day"),
        ("cron 60 2 * * *", "no minute"),
        ("cron 0 2 * * mon-sun-tue", "no day of the week"),
        ("cron 0 5-2 * * *", "backwards"),
        ("cron 0 */0 * * *", "no hour"),
        ("cron 0 2 * *", "no schedule"),
        ("daily " + "02:00," * 40 + "02:00", "at most"),
    ],
)
def test_what_is_no_schedule_is_refused_with_the_way_out(written: str, named: str) -> None:
    with pytest.raises(BadSchedule, match=named):
        parse_schedule(written)
