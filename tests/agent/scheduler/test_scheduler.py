"""The scheduler's promises, under a clock that is moved by hand and by chance."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.scheduler.plan import DevicePlan, TableRef
from natvakt_agent.scheduler.scheduler import Scheduler

SECOND = 1_000_000_000
INTERFACE = TableRef("snmp", "interface", snapshot=False)
COMPONENT = TableRef("snmp", "component")


def plan(device, deadline=30, **seconds):
    tables = {"interface": INTERFACE, "component": COMPONENT}
    return DevicePlan(device, {tables[name]: value * SECOND for name, value in seconds.items()}, deadline * SECOND)


def scheduler(*plans, limit=4, jitter=0.0, rate=0):
    made = Scheduler(limit, jitter, Random(7), rate)
    made.set_plans(plans, 0)
    return made


def finish(made, polls):
    for poll in polls:
        made.done(poll)
    return polls


def test_tables_of_one_device_that_are_due_together_are_asked_in_one_poll():
    made = scheduler(plan("a", interface=60, component=300))
    (first,) = finish(made, made.due(0))
    assert set(first.tables) == {INTERFACE, COMPONENT}
    (second,) = finish(made, made.due(60 * SECOND))
    assert second.tables == (INTERFACE,)
    for minute in (2, 3, 4):
        finish(made, made.due(minute * 60 * SECOND))
    (sixth,) = made.due(300 * SECOND)
    assert set(sixth.tables) == {INTERFACE, COMPONENT}


def test_nothing_is_due_before_its_time():
    made = scheduler(plan("a", interface=60))
    finish(made, made.due(0))
    assert made.due(60 * SECOND - 1) == []
    assert made.next_due_ns() == 60 * SECOND


def test_promise_10_after_a_pause_there_is_one_poll_and_what_passed_is_counted():
    made = scheduler(plan("a", interface=60))
    finish(made, made.due(0))
    assert len(finish(made, made.due(3600 * SECOND))) == 1
    assert made.due(3600 * SECOND) == []
    assert made.counters.shed == 59
    assert made.next_due_ns() == 3660 * SECOND


def test_promise_10_a_device_that_is_still_being_asked_sheds_its_slots():
    made = scheduler(plan("a", interface=10))
    (slow,) = made.due(0)
    assert made.due(35 * SECOND) == []
    made.done(slow)
    assert len(made.due(36 * SECOND)) == 1
    assert made.counters.shed == 2  # the slots at 10 and 20; the one at 30 is asked now


def test_a_slow_device_never_takes_the_place_of_others():
    made = scheduler(plan("a-slow", interface=60, deadline=5), plan("b", interface=60), limit=1)
    (slow,) = made.due(0)
    assert made.due(5 * SECOND) == []
    assert [poll.device for poll in made.due(5 * SECOND + 1)] == ["b"]
    assert made.counters.overrun == 1
    assert slow in made.outstanding


def test_who_has_waited_longest_is_asked_first():
    made = scheduler(plan("a", interface=60), plan("b", interface=30), limit=1)
    finish(made, made.due(0))
    finish(made, made.due(0))
    order = [finish(made, made.due(65 * SECOND))[0].device for _ in range(2)]
    assert order == ["b", "a"]


def test_jitter_spreads_first_polls_over_the_shortest_interval():
    made = scheduler(*(plan(f"d{number}", interface=60, component=300) for number in range(50)), limit=50, jitter=1.0)
    assert len(made.due(0)) == 0
    begun = [len(finish(made, made.due(second * SECOND))) for second in range(61)]
    assert sum(begun) == 50
    assert max(begun) < 6


def test_the_sites_rate_holds_over_any_minute():
    made = scheduler(*(plan(f"d{number}", interface=10) for number in range(20)), limit=20, rate=6)
    starts = []
    for second in range(180):
        starts += [second] * len(finish(made, made.due(second * SECOND)))
    assert all(sum(start <= other < start + 60 for other in starts) <= 6 for start in starts)
    assert len(starts) == 18


def test_scan_now_asks_everything_once_and_keeps_the_grid():
    made = scheduler(plan("a", interface=60, component=300))
    finish(made, made.due(0))
    made.hasten(7 * SECOND)
    (poll,) = finish(made, made.due(7 * SECOND))
    assert set(poll.tables) == {INTERFACE, COMPONENT}
    assert made.next_due_ns() == 60 * SECOND


def test_a_shorter_interval_holds_at_once_and_a_longer_one_from_the_next_poll():
    made = scheduler(plan("a", interface=300))
    finish(made, made.due(0))
    made.set_plans([plan("a", interface=60)], SECOND)
    assert made.next_due_ns() == 60 * SECOND
    finish(made, made.due(60 * SECOND))
    made.set_plans([plan("a", interface=300)], 61 * SECOND)
    finish(made, made.due(120 * SECOND))
    assert made.next_due_ns() == 300 * SECOND


def test_a_device_taken_away_and_put_back_while_it_is_asked_still_has_one_poll():
    made = scheduler(plan("a", interface=10))
    (poll,) = made.due(0)
    made.set_plans([], SECOND)
    made.set_plans([plan("a", interface=10)], 2 * SECOND)
    assert made.due(20 * SECOND) == []
    made.done(poll)
    assert len(made.due(20 * SECOND)) == 1


def test_an_answer_that_comes_twice_ends_only_its_own_poll():
    made = scheduler(plan("a", interface=10))
    (first,) = finish(made, made.due(0))
    (second,) = made.due(10 * SECOND)
    made.done(first)
    assert made.outstanding == [second]


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("move"), st.integers(0, 200)),
            st.tuples(st.just("start"), st.just(0)),
            st.tuples(st.just("end"), st.integers(0, 20)),
            st.tuples(st.just("hasten"), st.just(0)),
            st.tuples(st.just("replan"), st.integers(1, 6)),
        ),
        max_size=80,
    ),
    limit=st.integers(1, 4),
    jitter=st.floats(0, 1),
)
def test_never_two_polls_of_a_device_and_never_more_than_the_limit_in_time(steps, limit, jitter):
    made = scheduler(*(plan(f"d{number}", interface=10 + number, component=60) for number in range(6)), limit=limit, jitter=jitter)
    now = 0
    for action, argument in steps:
        if action == "move":
            now += argument * SECOND
        elif action == "end" and made.outstanding:
            made.done(made.outstanding[argument % len(made.outstanding)])
        elif action == "hasten":
            made.hasten(now)
        elif action == "replan":
            made.set_plans([plan(f"d{number}", interface=10 + number) for number in range(argument)], now)
        elif action == "start":
            before = {poll.device for poll in made.outstanding}
            started = [poll.device for poll in made.due(now)]
            assert not before & set(started)
            assert len(started) == len(set(started))
        in_time = [poll for poll in made.outstanding if now <= poll.deadline_ns]
        assert len(in_time) <= limit
        assert len(made.outstanding) <= 2 * limit
    counters = made.counters
    assert counters.started == counters.finished + len(made.outstanding)


@given(limit=st.integers(1, 3), devices=st.integers(2, 8))
def test_under_overload_every_device_gets_its_turn(limit, devices):
    """Twice the work that fits: nobody waits longer than it takes to ask everybody once."""
    made = scheduler(*(plan(f"d{number}", interface=1) for number in range(devices)), limit=limit)
    turns = {f"d{number}": 0 for number in range(devices)}
    rounds = 10 * devices
    for step in range(rounds):
        for poll in finish(made, made.due(step * 2 * SECOND)):
            turns[poll.device] += 1
    assert max(turns.values()) - min(turns.values()) <= 1


@pytest.mark.parametrize("step_seconds", [60, 300, 3600])
def test_a_stepped_clock_asks_each_table_once_a_step(step_seconds):
    made = scheduler(plan("a", interface=step_seconds, component=3600))
    polls = [finish(made, made.due(step * step_seconds * SECOND)) for step in range(100)]
    assert all(len(step) == 1 for step in polls)
    assert made.counters.shed == 0


def test_a_slowed_device_is_asked_less_often_but_for_the_tables_that_do_not_wait():
    intervals = {INTERFACE: 60 * SECOND, COMPONENT: 60 * SECOND}
    made = scheduler(DevicePlan("a", intervals, 30 * SECOND, patient=frozenset({INTERFACE})))
    finish(made, made.due(0))
    made.slow_down("a", 4)
    asked = [{table for poll in finish(made, made.due(minute * 60 * SECOND)) for table in poll.tables} for minute in range(1, 10)]
    assert all(COMPONENT in tables for tables in asked)
    assert [INTERFACE in tables for tables in asked] == [True, False, False, True, False, False, False, True, False]
    assert made.counters.shed == 0


def off_peak_device(made_at_seconds=3600):
    return DevicePlan("a", {INTERFACE: 60 * SECOND, COMPONENT: made_at_seconds * SECOND}, 30 * SECOND, off_peak=frozenset({COMPONENT}))


def minutes_asked(made, minutes, is_busy):
    """In which of these minutes the off-peak table was asked."""
    found = []
    for minute in minutes:
        made.slow_down("a", 1, is_busy(minute))
        found += [minute for poll in finish(made, made.due(minute * 60 * SECOND)) if COMPONENT in poll.tables]
    return found


def test_a_large_table_waits_until_its_device_is_idle():
    made = scheduler(off_peak_device())
    assert minutes_asked(made, range(180), lambda minute: 55 <= minute < 85) == [0, 90, 120]


def test_a_large_table_of_a_device_that_is_never_idle_is_late_by_one_interval_at_most():
    made = scheduler(off_peak_device())
    assert minutes_asked(made, range(200), lambda minute: minute > 0) == [0, 120]


def test_an_idle_device_is_asked_for_large_tables_as_planned():
    made = scheduler(off_peak_device())
    assert minutes_asked(made, range(180), lambda _minute: False) == [0, 60, 120]


def slow(device):
    return replace(plan(f"{device}/ssh", deadline=300, component=86_400), is_slow=True)


def test_slow_plans_have_places_of_their_own():
    made = Scheduler(2, 0.0, Random(7), slow_limit=1)
    made.set_plans([*(plan(name, interface=60) for name in "abc"), *(slow(name) for name in "abc")], 0)
    begun = [poll.device for poll in made.due(0)]
    assert sorted(begun) == ["a", "a/ssh", "b"]
    assert made.due(SECOND) == []
    finish(made, [poll for poll in made.outstanding if poll.device in ("a", "b")])
    assert [poll.device for poll in made.due(SECOND)] == ["c"]
    assert [poll.device for poll in made.outstanding] == ["a/ssh", "c"]


def test_a_slow_plan_that_waits_for_a_place_wakes_nobody():
    made = Scheduler(2, 0.0, Random(7), slow_limit=1)
    made.set_plans([slow("a"), slow("b"), plan("c", interface=60)], 0)
    finish(made, [poll for poll in made.due(0) if poll.device == "c"])
    assert made.next_due_ns() == 60 * SECOND
    finish(made, list(made.outstanding))
    assert made.next_due_ns() == 0


def test_without_places_for_them_slow_plans_never_start():
    made = Scheduler(2, 0.0, Random(7))
    made.set_plans([slow("a")], 0)
    assert (made.due(0), made.next_due_ns()) == ([], None)


def test_who_is_asked_once_a_day_is_asked_for_the_first_time_within_minutes():
    made = Scheduler(4, 1.0, Random(7), slow_limit=4)
    made.set_plans([slow(str(number)) for number in range(4)], 0)
    assert len(made.due(300 * SECOND)) == 4


def test_a_plan_can_be_hastened_to_a_later_time():
    made = Scheduler(4, 0.0, Random(7), slow_limit=4)
    made.set_plans([slow("a")], 0)
    finish(made, made.due(0))
    made.hasten(900 * SECOND, ["a/ssh"])
    assert made.due(899 * SECOND) == []
    assert len(made.due(900 * SECOND)) == 1
