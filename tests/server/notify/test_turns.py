"""Quiet hours and on-call turns by the clocks of people, also when these are set."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.escalation import OnCallCalendar, Person, StandIn
from natvakt_server.notify.turns import on_call, quiet_until
from testkit.notifying import destination

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR_NS = 3_600_000_000_000
PEOPLE = (Person("Anna", ("d1",)), Person("Bo", ("d2",)), Person("Cia", ("d3",)))


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


def local(text: str, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold).timestamp()) * 1_000_000_000


def calendar(**changes) -> OnCallCalendar:
    made = {"first_day": date(2026, 11, 2), "turn_days": 7, "handover": "08:00", "people": PEOPLE, "stand_ins": ()}
    return OnCallCalendar("c1", "Duty", "Europe/Stockholm", **{**made, **changes})


def quiet(now_ns: int, quiet_from="22:00", until="06:30"):
    return quiet_until(destination(quiet_from=quiet_from, quiet_until=until), now_ns)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-25 21:59", None),
        ("2026-11-25 22:00", "2026-11-26 06:30"),
        ("2026-11-26 03:00", "2026-11-26 06:30"),
        ("2026-11-26 06:29", "2026-11-26 06:30"),
        ("2026-11-26 06:30", None),
        ("2026-11-26 12:00", None),
    ],
)
def test_quiet_hours_over_midnight(now, until):
    assert quiet(local(now)) == (local(until) if until else None)


def test_quiet_hours_within_a_day():
    assert quiet(local("2026-11-25 12:30"), "12:00", "13:00") == local("2026-11-25 13:00")
    assert quiet(local("2026-11-25 23:00"), "12:00", "13:00") is None


def test_none_are_none():
    assert quiet(local("2026-11-25 03:00"), "", "") is None


def test_an_end_that_the_night_skips_is_where_the_clocks_jump_to():
    assert quiet(local("2026-03-29 01:30"), "22:00", "02:30") == utc("2026-03-29 01:00")


def test_an_end_that_comes_twice_is_the_first_one_and_quiet_does_not_begin_again():
    assert quiet(local("2026-10-25 02:15"), "22:00", "02:30") == local("2026-10-25 02:30")
    assert quiet(local("2026-10-25 02:15", fold=1), "22:00", "02:30") is None


def test_the_night_the_clocks_go_back_is_an_hour_longer():
    assert quiet(local("2026-10-24 22:00")) - local("2026-10-24 22:00") == 9.5 * HOUR_NS
    assert quiet(local("2026-03-28 22:00")) - local("2026-03-28 22:00") == 7.5 * HOUR_NS


@pytest.mark.parametrize(
    ("now", "name"),
    [
        ("2026-11-02 07:59", None),
        ("2026-11-02 08:00", "Anna"),
        ("2026-11-09 07:59", "Anna"),
        ("2026-11-09 08:00", "Bo"),
        ("2026-11-16 08:00", "Cia"),
        ("2026-11-23 08:00", "Anna"),
    ],
)
def test_turns_follow_each_other(now, name):
    person = on_call(calendar(), local(now))
    assert (person.name if person else None) == name


@pytest.mark.parametrize(("day", "before", "after"), [("2026-03-29", "Anna", "Bo"), ("2026-10-25", "Anna", "Bo")])
@pytest.mark.parametrize("handover", ["01:30", "02:30", "08:00"])
def test_a_handover_on_the_day_clocks_are_set_is_one_handover(day, before, after, handover):
    first = date.fromisoformat(day).toordinal() - 7
    kept = calendar(first_day=date.fromordinal(first), handover=handover)
    names = [on_call(kept, local(f"{day} 00:00") + minutes * 60_000_000_000).name for minutes in range(0, 26 * 60, 10)]
    assert names[0] == before
    assert names[-1] == after
    assert sum(one != other for one, other in pairwise(names)) == 1


def test_a_stand_in_has_the_turn_from_one_moment_to_the_other():
    kept = calendar(stand_ins=(StandIn(local("2026-11-04 12:00"), local("2026-11-05 12:00"), "Cia"),))
    assert [on_call(kept, local(f"2026-11-{day}")).name for day in ("04 11:59", "04 12:00", "05 11:59", "05 12:00")] == [
        "Anna",
        "Cia",
        "Cia",
        "Anna",
    ]


def test_a_stand_in_who_is_no_longer_there_is_nobody():
    assert on_call(calendar(stand_ins=(StandIn(0, local("2030-01-01 00:00"), "Dan"),)), local("2026-11-04 12:00")) is None


@given(st.integers(0, 5 * 366 * 24 * 60), st.integers(1, 14), st.sampled_from(["00:00", "02:00", "02:30", "08:00", "23:59"]))
def test_somebody_has_the_turn_at_every_minute_and_for_as_long_as_a_turn_is(minutes, turn_days, handover):
    kept = calendar(turn_days=turn_days, handover=handover, first_day=date(2025, 1, 1))
    now_ns = utc("2025-01-02 00:00") + minutes * 60_000_000_000
    person = on_call(kept, now_ns)
    assert person is not None
    following = on_call(kept, now_ns + turn_days * 24 * HOUR_NS + HOUR_NS)
    between = {on_call(kept, now_ns + part * turn_days * 6 * HOUR_NS).name for part in range(4)}
    assert following is not None
    assert len(between) <= 2
