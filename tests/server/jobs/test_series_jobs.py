"""Roll-up and retention as plans, and run over a real embedded store."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.series import SeriesUnavailable, Tier, Touched
from natvakt_server.domain.tiers import DAY_NS, HOUR_NS, MINUTE_NS, RETENTION_NS, TOUCH_NS
from natvakt_server.jobs import retention, rollup
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from testkit.series import NOW, T0, Ask, StandingClock, batch, interface_table, minutes, points


def touched(*starts: float, tenant: str = "acme") -> list[Touched]:
    return [Touched(mark, tenant, minutes(at)) for mark, at in enumerate(starts, 1)]


def test_nothing_written_is_nothing_to_do() -> None:
    assert rollup.plan([], NOW) == rollup.Plan([], [])


def test_a_window_waits_until_it_is_closed_and_the_agents_had_time_to_send() -> None:
    assert rollup.plan(touched(165), minutes(171)) == rollup.Plan([], [("acme", minutes(165))])
    done = rollup.plan(touched(165), minutes(172))
    assert done.steps == [rollup.Step("acme", minutes(165), minutes(170), hour_is_closed=False)]


def test_an_open_hour_is_left_to_its_last_window() -> None:
    assert rollup.plan(touched(125), minutes(132)).later == [("acme", minutes(175))]
    last = rollup.plan(touched(175), minutes(182))
    assert last == rollup.Plan([rollup.Step("acme", minutes(175), minutes(180), hour_is_closed=True)], [])


def test_a_late_window_reaches_to_where_its_next_sample_may_be() -> None:
    steps = rollup.plan(touched(0), NOW).steps
    assert (steps[0].start_ns, steps[-1].end_ns) == (T0, minutes(5) + rollup.REACH_NS)


@given(st.lists(st.tuples(st.sampled_from(["acme", "globex"]), st.integers(-2000, 130)), max_size=40))
def test_a_plan_covers_every_window_once_or_leaves_it_to_later(windows: list[tuple[str, int]]) -> None:
    now = T0 + 120 * TOUCH_NS
    planned = rollup.plan([Touched(mark, tenant, T0 + place * TOUCH_NS) for mark, (tenant, place) in enumerate(windows)], now)
    for tenant in ("acme", "globex"):
        own = [step for step in planned.steps if step.tenant == tenant]
        later = {start for owner, start in planned.later if owner == tenant}
        assert all(before.end_ns <= after.start_ns for before, after in pairwise(own))
        assert all(step.start_ns < step.end_ns <= now - rollup.GRACE_NS for step in own)
        assert all(step.start_ns // HOUR_NS == (step.end_ns - 1) // HOUR_NS for step in own)
        covered = {moment for step in own for moment in range(step.start_ns, step.end_ns, TOUCH_NS)}
        assert {T0 + place * TOUCH_NS for owner, place in windows if owner == tenant} <= covered | later
        finished = {step.start_ns // HOUR_NS for step in own if step.hour_is_closed}
        for owner, place in windows:
            hour = (T0 + place * TOUCH_NS) // HOUR_NS
            assert owner != tenant or hour in finished or any(start // HOUR_NS == hour for start in later)


def test_runs_roll_up_what_was_written_and_settle_it(tmp_path: Path) -> None:
    store = DuckDbSeries(tmp_path / "series.duckdb", StandingClock())
    store.write(batch(1), [interface_table([minutes(at) for at in range(120)], ifHCInOctets=[60 * at for at in range(120)])])
    first = rollup.roll_up(store, NOW, marks_a_run=10)
    assert (first.windows, first.more) == (10, True)
    while rollup.roll_up(store, NOW, marks_a_run=10).more:
        pass
    assert not store.touched(1)
    ask = Ask(("ifHCInOctets_increase",), tier=Tier.HOUR)
    assert points(store.lines("acme", ask.query())[0]) == [(0, 59 * 60), (60, 3600)]
    store.write(batch(2), [interface_table([minutes(119.5)], ifHCInOctets=[60 * 119 + 30])])
    rollup.roll_up(store, NOW)
    assert points(store.lines("acme", ask.query())[0]) == [(0, 59 * 60), (60, 3630)]
    store.close()


def test_a_device_that_falls_silent_in_the_middle_of_an_hour_gets_its_row_when_the_hour_closes(tmp_path: Path) -> None:
    store = DuckDbSeries(tmp_path / "series.duckdb", StandingClock())
    store.write(batch(1), [interface_table([minutes(at) for at in range(11)], ifHCInOctets=range(0, 660, 60))])
    rollup.roll_up(store, minutes(20))
    ask = Ask(("ifHCInOctets_increase",), tier=Tier.HOUR)
    assert len(store.lines("acme", Ask(tier=Tier.FIVE_MINUTES).query())) == 1
    assert not store.lines("acme", ask.query())
    for at in range(25, 90, 5):
        rollup.roll_up(store, minutes(at))
    assert points(store.lines("acme", ask.query())[0]) == [(0, 600)]
    assert not store.touched(1)
    store.close()


def test_a_late_point_corrects_the_increase_of_the_window_after_it(tmp_path: Path) -> None:
    store = DuckDbSeries(tmp_path / "series.duckdb", StandingClock())
    store.write(batch(1), [interface_table([minutes(0), minutes(61)], ifHCInOctets=[0, 100])])
    rollup.roll_up(store, NOW)
    store.write(batch(2), [interface_table([minutes(30)], ifHCInOctets=[70])])
    rollup.roll_up(store, NOW)
    for tier, expected in ((Tier.HOUR, [(0, 70), (60, 30)]), (Tier.FIVE_MINUTES, [(0, 0), (30, 70), (60, 30)])):
        assert points(store.lines("acme", Ask(("ifHCInOctets_increase",), tier=tier).query())[0]) == expected
    store.close()


class AwayAfter:
    """A store that goes away after so many roll-ups."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.settled: list[int] = []

    def touched(self, limit: int) -> list[Touched]:
        return touched(0, 5)[:limit]

    def roll_up(self, tier: Tier, start_ns: int, end_ns: int, tenant: str | None = None) -> int:
        self.count -= 1
        if self.count < 0:
            raise SeriesUnavailable("away")
        return 1

    def settle(self, through_mark: int) -> None:
        self.settled.append(through_mark)

    def remember(self, windows: Sequence[tuple[str, int]]) -> None:
        assert not windows

    def expire(self, tier: Tier, before_ns: int) -> None:
        raise AssertionError("no roll-up forgets anything")

    def compact(self, start_ns: int, end_ns: int) -> int:
        raise AssertionError("no roll-up orders anything")


def test_a_run_that_fails_half_way_settles_nothing() -> None:
    store = AwayAfter(2)
    with pytest.raises(SeriesUnavailable):
        rollup.roll_up(store, NOW)
    assert not store.settled
    store.count = 1000
    assert rollup.roll_up(store, NOW).windows == 2
    assert store.settled == [2]


def test_each_tier_forgets_by_whole_days() -> None:
    plan = {entry.tier: entry.before_ns for entry in retention.plan(RETENTION_NS, NOW)}
    assert set(plan) == set(Tier)
    for tier, before_ns in plan.items():
        assert before_ns % DAY_NS == 0
        assert 0 <= NOW - RETENTION_NS[tier] - before_ns < DAY_NS


def test_retaining_forgets_the_old_and_keeps_the_rest(tmp_path: Path) -> None:
    clock = StandingClock()
    store = DuckDbSeries(tmp_path / "series.duckdb", clock)
    store.write(batch(1), [interface_table([minutes(0), minutes(1)], ifHCInOctets=[1, 2])])
    rollup.roll_up(store, NOW)
    clock.now_ns = NOW + DAY_NS
    assert retention.retain(store, clock.now_ns) == 2
    assert len(store.lines("acme", Ask().query())) == 1
    retention.retain(store, NOW + 40 * DAY_NS)
    assert not store.lines("acme", Ask().query())
    assert not store.lines("acme", Ask(tier=Tier.MINUTE).query())
    assert len(store.lines("acme", Ask(tier=Tier.HOUR).query())) == 1
    store.close()


def test_the_closed_hours_are_those_of_the_last_full_day() -> None:
    hours = retention.closed_hours(NOW)
    assert len(hours) == 24
    assert hours[0][0] % DAY_NS == 0
    assert hours[-1][1] <= NOW < hours[-1][1] + DAY_NS


def test_a_retention_that_forgets_too_early_is_refused_with_the_tier_named() -> None:
    retention.check_retention(RETENTION_NS)
    with pytest.raises(ValueError, match="retention of tier 1h"):
        retention.check_retention({**RETENTION_NS, Tier.HOUR: 2 * DAY_NS})
    with pytest.raises(ValueError, match="retention of tier raw"):
        retention.check_retention({**RETENTION_NS, Tier.RAW: MINUTE_NS})
    with pytest.raises(ValueError, match="retention of tier 5m"):
        retention.check_retention({tier: kept for tier, kept in RETENTION_NS.items() if tier is not Tier.FIVE_MINUTES})


def test_hours_that_hold_little_are_rolled_up_together_and_full_ones_one_by_one() -> None:
    """A month of hourly backlog is a handful of steps; no step crosses a gap, another tenant or an open hour."""
    hours = [rollup.Step("acme", n * HOUR_NS, (n + 1) * HOUR_NS, hour_is_closed=True) for n in range(10)]
    steps = [
        *hours,
        rollup.Step("acme", 12 * HOUR_NS, 13 * HOUR_NS, hour_is_closed=True),
        rollup.Step("birch", 13 * HOUR_NS, 14 * HOUR_NS, hour_is_closed=False),
    ]
    assert rollup.joined(steps, 0, 1) == (hours[0], 1)
    assert rollup.joined(steps, 0, 4) == (rollup.Step("acme", 0, 4 * HOUR_NS, hour_is_closed=True), 4)
    assert rollup.joined(steps, 8, 100) == (rollup.Step("acme", 8 * HOUR_NS, 10 * HOUR_NS, hour_is_closed=True), 2)
    assert rollup.joined(steps, 11, 100) == (steps[11], 1)
