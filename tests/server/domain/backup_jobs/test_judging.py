"""How a backup stands: what was expected against what was observed, as a truth table."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from natvakt_server.domain.backup_jobs.expecting import (
    BadExpectation,
    Said,
    checked,
    expected_of_configuration,
    expected_of_job,
    observed_of_row,
    of_person,
)
from natvakt_server.domain.backup_jobs.judging import Expectation, Observed, Origin, Reason, Run, State, judge
from natvakt_server.domain.backup_jobs.schedule import BadSchedule

ZONE = ZoneInfo("Europe/Stockholm")
HOUR_NS = 3600 * 1_000_000_000
DAY_NS = 24 * HOUR_NS


def ns(written: str) -> int:
    """In Stockholm where no offset is written."""
    moment = datetime.fromisoformat(written)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).timestamp()) * 1_000_000_000


SAID = Said("acme", "device-1", "nightly", "daily 02:00", "Europe/Stockholm", 4 * 3600, ns("2026-01-01T00:00"), "anna")
NOW = ns("2026-11-25T12:00")
GOOD = Observed(told_ns=NOW, run=Run.OK, success_ns=ns("2026-11-25T03:10"), bytes=100, usual_bytes=110, usual_days=30)


def expecting(schedule: str = "daily 02:00", **changes: object) -> Expectation:
    return of_person(replace(SAID, schedule=schedule, **changes), ZONE)  # type: ignore[arg-type]


NIGHTLY = expecting()


@dataclass(frozen=True)
class Case:
    about: str
    observed: Observed | None
    state: State
    reason: Reason
    expected: Expectation = NIGHTLY
    missed: int = 0
    late_hours: float | None = None


CASES = [
    Case("the run of the night", GOOD, State.OK, Reason.DONE),
    Case(
        "somebody restored from it in October",
        replace(GOOD, restore_test_ns=ns("2026-10-09T12:00")),
        State.RESTORE_TESTED,
        Reason.RESTORED_FROM,
    ),
    Case("a restore test of last year is none", replace(GOOD, restore_test_ns=ns("2025-10-09T12:00")), State.OK, Reason.DONE),
    Case(
        "the run before midnight was not it",
        replace(GOOD, success_ns=ns("2026-11-24T03:10")),
        State.LATE,
        Reason.OVERDUE,
        missed=1,
        late_hours=10,
    ),
    Case("three nights", replace(GOOD, success_ns=ns("2026-11-22T03:10")), State.LATE, Reason.OVERDUE, missed=3, late_hours=58),
    Case("it is at it", replace(GOOD, run=Run.RUNNING), State.OK, Reason.DONE),
    Case(
        "it is at it for too long",
        replace(GOOD, run=Run.RUNNING, success_ns=ns("2026-11-24T03:10")),
        State.LATE,
        Reason.STILL_RUNNING,
        missed=1,
        late_hours=10,
    ),
    Case("clocks are two minutes apart", replace(GOOD, success_ns=ns("2026-11-25T01:58")), State.OK, Reason.DONE),
    Case("failed", replace(GOOD, run=Run.FAILED), State.FAILED, Reason.RUN_FAILED),
    Case(
        "failed, and late besides",
        replace(GOOD, run=Run.FAILED, success_ns=ns("2026-11-24T03:10")),
        State.FAILED,
        Reason.RUN_FAILED,
        missed=1,
        late_hours=10,
    ),
    Case("no bytes", replace(GOOD, bytes=0), State.EMPTY, Reason.NOTHING_SAVED),
    Case("no items where bytes are not told", replace(GOOD, bytes=None, items=0), State.EMPTY, Reason.NOTHING_SAVED),
    Case("less than half of what it was", replace(GOOD, bytes=54), State.SHRINKING, Reason.SMALLER_THAN_USUAL),
    Case("half of what it was", replace(GOOD, bytes=55), State.OK, Reason.DONE),
    Case("six days are not yet usual", replace(GOOD, bytes=1, usual_days=6), State.OK, Reason.DONE),
    Case("with warnings", replace(GOOD, run=Run.WARNING), State.WARNING, Reason.WITH_WARNINGS),
    Case("nobody tells of it", None, State.NOT_OBSERVED, Reason.NOTHING_TOLD, missed=1),
    Case("the agent is silent", replace(GOOD, told_ns=ns("2026-11-25T09:59")), State.NOT_OBSERVED, Reason.SILENT),
    Case("it cannot be read", replace(GOOD, run=Run.UNREADABLE), State.NOT_OBSERVED, Reason.UNREADABLE),
    Case("it never ran", Observed(NOW, Run.NEVER), State.NEVER, Reason.NEVER_RAN, missed=99, late_hours=24 * 328 + 10),
    Case(
        "its first night is to come",
        Observed(NOW, Run.NEVER),
        State.NEVER,
        Reason.FIRST_RUN_AWAITED,
        expecting(said_ns=ns("2026-11-25T11:00")),
    ),
    Case(
        "nobody said when",
        replace(GOOD, success_ns=ns("2024-01-01T00:00")),
        State.OK,
        Reason.NO_SCHEDULE,
        Expectation(None, ZONE, 0, Origin.NOBODY),
    ),
    Case(
        "it never ran, and nobody said when",
        Observed(NOW, Run.NEVER),
        State.NEVER,
        Reason.NEVER_RAN,
        Expectation(None, ZONE, 0, Origin.NOBODY),
    ),
    Case("an interval", replace(GOOD, success_ns=NOW - 6 * HOUR_NS), State.OK, Reason.DONE, expecting("every 6h")),
    Case("an interval and its grace", replace(GOOD, success_ns=NOW - 10 * HOUR_NS), State.OK, Reason.DONE, expecting("every 6h")),
    Case(
        "past its grace",
        replace(GOOD, success_ns=NOW - 11 * HOUR_NS),
        State.LATE,
        Reason.OVERDUE,
        expecting("every 6h"),
        missed=1,
        late_hours=5,
    ),
    Case(
        "what was due before anybody said so does not count",
        replace(GOOD, success_ns=ns("2026-11-20T03:10")),
        State.OK,
        Reason.DONE,
        expecting(said_ns=ns("2026-11-25T11:00")),
    ),
    Case(
        "Friday's on a Sunday",
        replace(GOOD, success_ns=ns("2026-11-20T23:00")),
        State.LATE,
        Reason.OVERDUE,
        expecting("weekdays 22:00"),
        2,
        38,
    ),
    Case("the month's", replace(GOOD, success_ns=ns("2026-11-01T05:00")), State.OK, Reason.DONE, expecting("monthly 1 04:00")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_how_a_backup_stands(case: Case) -> None:
    verdict = judge(case.expected, case.observed, NOW)
    assert (verdict.state, verdict.reason) == (case.state, case.reason)
    assert verdict.late_ns == (None if case.late_hours is None else round(case.late_hours * HOUR_NS))
    if case.state in {State.LATE, State.FAILED, State.NEVER}:
        assert verdict.missed == case.missed


def test_it_is_late_from_the_end_of_its_grace_and_no_second_before() -> None:
    observed = replace(GOOD, success_ns=ns("2026-11-24T03:10"))

    def state(at: str) -> State:
        return judge(expecting(), replace(observed, told_ns=ns(at)), ns(at)).state

    assert state("2026-11-25T05:59:59") is State.OK
    assert state("2026-11-25T06:00:00") is State.LATE


def test_lateness_is_judged_when_somebody_last_looked() -> None:
    """The link was away since 05:30: whether the run ended in time is not known, so nobody calls it late."""
    observed = replace(GOOD, success_ns=ns("2026-11-24T03:10"), told_ns=ns("2026-11-25T05:30"))
    assert judge(expecting(), observed, ns("2026-11-25T07:00")).state is State.OK
    assert judge(expecting(), observed, ns("2026-11-25T07:31")).state is State.NOT_OBSERVED


@pytest.mark.parametrize(
    ("success", "at", "state"),
    [
        # 29 March: 02:30 does not come; the run is due at 03:00 summer time, and late four hours after
        ("2026-03-28T02:40+01:00", "2026-03-29T06:59:59+02:00", State.OK),
        ("2026-03-28T02:40+01:00", "2026-03-29T07:00:00+02:00", State.LATE),
        ("2026-03-29T03:20+02:00", "2026-03-29T12:00:00+02:00", State.OK),
        ("2026-03-29T01:40+01:00", "2026-03-29T12:00:00+02:00", State.LATE),
        # 25 October: 02:30 comes twice; the first is the one that is due, and a run at the second is in time
        ("2026-10-25T02:40+02:00", "2026-10-25T12:00:00+01:00", State.OK),
        ("2026-10-25T02:40+01:00", "2026-10-25T12:00:00+01:00", State.OK),
        ("2026-10-24T02:40+02:00", "2026-10-25T05:29:59+01:00", State.OK),
        ("2026-10-24T02:40+02:00", "2026-10-25T05:30:00+01:00", State.LATE),
    ],
)
def test_the_nights_the_clocks_change(success: str, at: str, state: State) -> None:
    observed = replace(GOOD, success_ns=ns(success), told_ns=ns(at))
    assert judge(expecting("daily 02:30"), observed, ns(at)).state is state


def test_an_interval_does_not_know_of_clocks() -> None:
    observed = replace(GOOD, success_ns=ns("2026-03-28T12:00+01:00"), told_ns=ns("2026-03-29T17:30+02:00"))
    assert judge(expecting("every 24h"), observed, ns("2026-03-29T16:59+02:00")).state is State.OK
    assert judge(expecting("every 24h"), observed, ns("2026-03-29T17:01+02:00")).state is State.LATE


def test_the_word_of_a_person_comes_before_the_settings() -> None:
    row = {"interval_seconds": 86_400}
    assert expected_of_job(None, row, ZONE).origin is Origin.SETTINGS
    assert expected_of_job(None, row, ZONE).written == "every 24h"
    assert expected_of_job(None, row, ZONE, late_factor=1.5).grace_ns == 12 * HOUR_NS
    assert expected_of_job(SAID, row, ZONE).written == "daily 02:00"
    assert expected_of_job(None, {}, ZONE).calendar is None
    assert expected_of_configuration(None, ZONE).origin is Origin.USUAL
    assert expected_of_configuration(SAID, ZONE).origin is Origin.PERSON


def test_a_row_of_the_agent_is_read_as_it_tells_it() -> None:
    row = {"state": 3, "last_end": 1_800_000_000, "bytes": 5.0, "restore_test": 1_700_000_000}
    assert observed_of_row(row, 7).run is Run.FAILED
    assert observed_of_row(row, 7).success_ns is None, "the end of a run that failed is no copy"
    assert observed_of_row({**row, "state": 1}, 7).success_ns == 1_800_000_000 * 10**9
    assert observed_of_row({**row, "last_success": 1_790_000_000}, 7).success_ns == 1_790_000_000 * 10**9
    assert observed_of_row({"result": "ok", "last_end": 5, "bytes": True}, 7) == Observed(7, Run.OK, 5 * 10**9)


def test_what_a_person_says_is_checked() -> None:
    assert checked(replace(SAID, schedule="  Daily   02:00 ")).schedule == "daily 02:00"
    with pytest.raises(BadSchedule):
        checked(replace(SAID, schedule="nightly"))
    for wrong in ({"time_zone": "Mars/Olympus"}, {"time_zone": "../etc"}, {"grace_seconds": 0}, {"grace_seconds": 10**9}, {"job": "a\x00"}):
        with pytest.raises(BadExpectation):
            checked(replace(SAID, **wrong))  # type: ignore[arg-type]
