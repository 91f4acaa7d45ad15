"""The worker's housekeeping: intervals, failures that stay their own, and roll-ups that nobody makes twice."""

import pytest
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.series import SeriesUnavailable, Tier, Touched
from natvakt_server.domain.tiers import RETENTION_NS, TOUCH_NS, window_start
from natvakt_server.jobs.rollup import GRACE_NS, MARKS_A_RUN
from natvakt_server.jobs.upkeep import (
    AGAIN_SECONDS,
    BACKLOG_AGE_NS,
    LONGEST_DEFERRAL_NS,
    LONGEST_WAIT_SECONDS,
    RollUps,
    Task,
    Upkeep,
    worker_tasks,
)
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from testkit.identity import IdentityHouse
from testkit.series import NOW, Ask, StandingClock, batch, interface_table, minutes, points


def after(clock, seconds):
    clock.now_ns += round(seconds * 1e9)


def runs_of(upkeep, clock, runs, seconds, step_seconds=1.0):
    """What ran in that time."""
    runs.clear()
    for _ in range(round(seconds / step_seconds)):
        upkeep.step()
        after(clock, step_seconds)
    return sorted(runs)


def test_each_task_runs_at_once_and_then_in_its_own_interval():
    clock, runs = StandingClock(), []
    upkeep = Upkeep([Task("often", 10, lambda: runs.append("often")), Task("seldom", 30, lambda: runs.append("seldom"))], clock)
    assert runs_of(upkeep, clock, runs, 60) == ["often"] * 6 + ["seldom"] * 2


@pytest.mark.parametrize("error", [StoreUnavailable("away"), SeriesUnavailable("away"), ValueError("a mistake")])
def test_a_task_that_fails_holds_up_no_other_and_is_tried_again_soon(error):
    clock, runs = StandingClock(), []

    def broken():
        runs.append("broken")
        raise error

    upkeep = Upkeep([Task("broken", 86_400, broken), Task("sound", 60, lambda: runs.append("sound"))], clock)
    assert runs_of(upkeep, clock, runs, 2 * AGAIN_SECONDS) == ["broken", "broken", "sound", "sound"]
    assert upkeep.failures == {"broken": 2}


def test_it_waits_until_something_is_due_but_never_so_long_that_it_could_not_be_stopped():
    clock = StandingClock()
    assert Upkeep([Task("soon", 3, lambda: None)], clock).step() == 3
    assert Upkeep([Task("late", 86_400, lambda: None)], clock).step() == LONGEST_WAIT_SECONDS


class ForgetfulRetention:
    def __init__(self):
        self.asked = []

    def expire_ledger(self, received_before_ns):
        self.asked.append(("ledger", NOW - received_before_ns))
        return 0

    def expire_sessions(self, ended_before_ns):
        self.asked.append(("sessions", NOW - ended_before_ns))
        return 0

    def expire_configurations(self, replaced_before_ns, unused_before_ns):
        self.asked.append(("configurations", NOW - replaced_before_ns, NOW - unused_before_ns))
        return 0

    def expire_events(self, heard_before_ns):
        self.asked.append(("events", NOW - heard_before_ns))
        return 0


@pytest.fixture
def series(tmp_path):
    store = DuckDbSeries(tmp_path / "series.duckdb", StandingClock())
    yield store
    store.close()


def test_the_workers_tasks_roll_up_rotate_and_forget(series):
    clock, house, retention, left = StandingClock(), IdentityHouse(), ForgetfulRetention(), []
    series.write(batch(), [interface_table([minutes(1), minutes(2)], ifHCInOctets=[10, 20])])
    tasks = worker_tasks(
        roll_ups=RollUps(series, clock),
        series=series,
        series_retention_ns=RETENTION_NS,
        retention=retention,
        configurations=retention,
        configuration_retention_ns=400 * 86_400 * 10**9,
        events=retention,
        event_retention_ns=90 * 86_400 * 10**9,
        recipients=house.recipients,
        tenants=lambda: ["acme"],
        send_reports=lambda: 0,
        renew_gateway_certificate=lambda: left.append("certificate"),
        clock=clock,
    )
    upkeep = Upkeep(tasks, clock)
    upkeep.step()
    after(clock, 60)
    upkeep.step()  # what came late is rolled up when nothing more of it has come
    assert upkeep.failures == {}
    assert left == ["certificate"]
    assert len(house.keys.recipient_keys("acme")) == 2
    day_ns = 86_400 * 10**9
    assert retention.asked == [("ledger", 30 * day_ns), ("sessions", 0), ("configurations", 400 * day_ns, day_ns), ("events", 90 * day_ns)]
    (line,) = series.lines("acme", Ask(tier=Tier.MINUTE).query())
    assert points(line) == [(1, 10), (2, 20)]


def test_promise_62_upkeep_destroys_recipient_keys_whose_time_is_over():
    house = IdentityHouse()
    house.recipients.announcement("acme")
    kept = house.rotation.kept_after_end_ns
    house.clock.advance((house.rotation.period_ns + kept) / 1e9 + 1)
    tasks = worker_tasks(
        roll_ups=RollUps(MarkedSeries([]), house.clock),
        series=None,
        series_retention_ns=RETENTION_NS,
        retention=ForgetfulRetention(),
        configurations=ForgetfulRetention(),
        configuration_retention_ns=400 * 86_400 * 10**9,
        events=ForgetfulRetention(),
        event_retention_ns=90 * 86_400 * 10**9,
        recipients=house.recipients,
        tenants=lambda: ["acme"],
        send_reports=lambda: 0,
        renew_gateway_certificate=lambda: None,
        clock=house.clock,
    )
    next(task for task in tasks if task.name == "recipient-keys").run()
    oldest = min(house.keys.recipient_keys("acme"), key=lambda key: key.not_before_ns)
    assert oldest.destroyed_ns == house.clock.wall_ns()
    assert house.recipients.opening_key("acme", oldest.id) is None


class MarkedSeries:
    """Nothing but windows that wait for their roll-up."""

    def __init__(self, starts):
        self.marks = [Touched(number, "acme", start_ns) for number, start_ns in enumerate(starts, 1)]

    def touched(self, limit):
        return self.marks[:limit]

    def settle(self, through_mark):
        self.marks = [mark for mark in self.marks if mark.mark > through_mark]

    def remember(self, windows):
        self.marks += [Touched(1_000_000 + number, tenant, start_ns) for number, (tenant, start_ns) in enumerate(windows)]

    def roll_up(self, tier, start_ns, end_ns, tenant=None):
        return 1


def test_roll_ups_go_on_until_everything_that_is_closed_was_rolled_up():
    series = MarkedSeries(sorted(NOW - number * TOUCH_NS for number in range(1, 2 * MARKS_A_RUN + 100)))
    assert RollUps(series, StandingClock())() > 0
    open_since_ns = window_start(NOW - GRACE_NS, TOUCH_NS)
    assert all(mark.start_ns >= open_since_ns for mark in series.marks)


def test_roll_ups_end_when_only_open_windows_are_left():
    series = MarkedSeries([NOW - TOUCH_NS] * MARKS_A_RUN)
    assert RollUps(series, StandingClock())() == 0


LATE = NOW - BACKLOG_AGE_NS - 2 * TOUCH_NS


def test_while_a_backlog_flows_in_roll_ups_wait_until_it_is_through():
    series = MarkedSeries([LATE])
    roll_ups = RollUps(series, StandingClock())
    assert roll_ups.when_quiet() == 0
    series.remember([("acme", LATE + TOUCH_NS)])
    assert roll_ups.when_quiet() == 0
    assert len(series.marks) == 2
    assert roll_ups.when_quiet() > 0
    assert series.marks == []


def test_what_arrives_in_time_is_rolled_up_at_once():
    assert RollUps(MarkedSeries([NOW - 2 * TOUCH_NS]), StandingClock()).when_quiet() > 0


def test_a_backlog_that_never_ends_does_not_hold_roll_ups_for_ever():
    clock = IdentityHouse().clock
    late_ns = clock.wall_ns() - 2 * BACKLOG_AGE_NS
    series = MarkedSeries([late_ns])
    roll_ups = RollUps(series, clock)
    assert roll_ups.when_quiet() == 0
    clock.advance(LONGEST_DEFERRAL_NS / 1e9)
    series.remember([("acme", late_ns + TOUCH_NS)])
    assert roll_ups.when_quiet() > 0


def test_whoever_needs_roll_ups_now_does_not_wait_for_the_backlog():
    assert RollUps(MarkedSeries([LATE]), StandingClock())() > 0
