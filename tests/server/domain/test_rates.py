"""Counters into growth: what is counted, what is a break, and that nothing is ever negative or a spike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.rates import (
    BreakReason,
    Growth,
    Interval,
    coverage,
    growth,
    growth_of_roll_up,
    longest_gap_ns,
    percentile,
    rates,
    ratio,
    reboots,
    total,
    value_at,
    window_rates,
)
from natvakt_server.domain.tiers import MINUTE_NS, SECOND_NS
from testkit.series import NOW, T0, counter_line, minutes


def every_minute(*values: float, name: str = "ifHCInOctets"):
    return counter_line([minutes(at) for at in range(len(values))], values, name)


def test_a_steady_counter_grows_by_its_differences() -> None:
    counted = growth(every_minute(100, 160, 160, 220))
    assert [interval.increase for interval in counted.intervals] == [60, 0, 60]
    assert rates(counted) == [(minutes(1), 1.0), (minutes(2), 0.0), (minutes(3), 1.0)]
    assert not counted.breaks


def test_a_gap_is_one_long_interval_at_its_mean_rate() -> None:
    counted = growth(counter_line([minutes(0), minutes(60)], [0, 7200]))
    assert rates(counted) == [(minutes(60), 2.0)]


def test_a_reset_is_a_break_and_counting_goes_on_after_it() -> None:
    counted = growth(every_minute(100, 200, 5, 25))
    assert [interval.increase for interval in counted.intervals] == [100, 20]
    assert [(entry.start_ns, entry.end_ns, entry.reason) for entry in counted.breaks] == [(minutes(1), minutes(2), BreakReason.DECREASE)]


def test_a_changed_discontinuity_time_is_a_break_even_where_the_counter_grew() -> None:
    counted = growth(every_minute(100, 200, 90_000), discontinuity=every_minute(0, 0, 77))
    assert total(counted, T0, NOW).increase == 100
    assert [entry.reason for entry in counted.breaks] == [BreakReason.DISCONTINUITY]


def test_a_reboot_told_by_sysuptime_is_a_break_even_where_the_counter_grew() -> None:
    counted = growth(every_minute(100, 200, 90_000, 90_100), uptime=every_minute(5000, 5060, 20, 80, name="sysUpTime"))
    assert [interval.increase for interval in counted.intervals] == [100, 100]
    assert [entry.reason for entry in counted.breaks] == [BreakReason.REBOOT]


def test_sysuptime_that_wraps_after_497_days_is_no_reboot() -> None:
    uptime = every_minute(2**32 / 100 - 30, 30, 90, name="sysUpTime")
    assert not reboots(uptime)
    assert total(growth(every_minute(1, 2, 3), uptime=uptime), T0, NOW).increase == 2


def test_a_step_of_the_agents_clock_is_no_reboot() -> None:
    uptime = counter_line([minutes(0), minutes(1) + 40 * SECOND_NS, minutes(2) + 40 * SECOND_NS], [90_000, 90_060, 90_120], "sysUpTime")
    assert not reboots(uptime)


@pytest.mark.parametrize("bits", [32, 64])
def test_a_wrap_is_counted_on_with_a_witness_and_is_a_break_without(bits: int) -> None:
    counter = every_minute(2**bits - 10, 20)
    uptime = every_minute(5000, 5060, name="sysUpTime")
    assert [interval.increase for interval in growth(counter, uptime=uptime, wrap_bits=bits).intervals] == [30]
    assert [entry.reason for entry in growth(counter, wrap_bits=bits).breaks] == [BreakReason.DECREASE]
    assert [entry.reason for entry in growth(counter, uptime=uptime).breaks] == [BreakReason.DECREASE]


def test_a_fall_from_the_middle_of_the_range_is_no_wrap() -> None:
    uptime = every_minute(5000, 5060, name="sysUpTime")
    assert not growth(every_minute(2**31, 20), uptime=uptime, wrap_bits=32).intervals


def test_a_window_holds_the_intervals_that_end_in_it() -> None:
    counted = growth(every_minute(0, 60, 180, 360))
    assert total(counted, minutes(1), minutes(3)).increase == 180
    assert total(counted, minutes(1), minutes(3)).per_second == 1.5
    assert total(counted, minutes(10), minutes(20)).per_second is None


def test_window_rates_are_means_over_what_was_observed() -> None:
    counted = growth(every_minute(*(60 * at for at in range(11))))
    assert window_rates(counted, 5 * MINUTE_NS) == [(T0, 1.0), (minutes(5), 1.0), (minutes(10), 1.0)]


def test_growth_of_a_roll_up_leaves_out_windows_without_an_observation() -> None:
    increase, seconds = every_minute(10, 0, 30), every_minute(60.0, 0.0, 90.0)
    counted = growth_of_roll_up(increase, seconds, MINUTE_NS)
    assert [(interval.increase, interval.seconds) for interval in counted.intervals] == [(10, 60.0), (30, 90.0)]
    assert total(counted, T0, minutes(1)).increase == 10


@pytest.mark.parametrize(
    ("values", "fraction", "expected"),
    [
        ([], 0.95, None),
        ([7], 0.95, 7),
        (list(range(1, 101)), 0.95, 95),
        (list(range(1, 21)), 0.95, 19),
        ([3, 1, 2], 0.5, 2),
        ([3, 1, 2], 1, 3),
    ],
)
def test_percentile_is_the_nearest_rank(values: list[float], fraction: float, expected: float | None) -> None:
    assert percentile(values, fraction) == expected


@pytest.mark.parametrize("fraction", [0, -1, 1.01, 95])
def test_a_fraction_outside_its_range_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match=r"such as 0\.95"):
        percentile([1], fraction)


def test_a_ratio_counts_only_what_both_know() -> None:
    errors, packets = growth(every_minute(0, 1, 2, 0, 1)), growth(every_minute(0, 100, 50, 150, 250))
    assert ratio(errors, packets, T0, NOW) == pytest.approx(2 / 200)
    assert ratio(errors, growth(every_minute(5, 5, 5)), T0, NOW) is None


def test_longest_gap_and_coverage() -> None:
    times = [minutes(0), minutes(1), minutes(5), minutes(9)]
    assert longest_gap_ns(times, T0, minutes(10)) == 4 * MINUTE_NS
    assert longest_gap_ns([], T0, minutes(10)) == 10 * MINUTE_NS
    assert coverage(times, T0, minutes(10), MINUTE_NS) == 0.4
    assert coverage([minutes(0), minutes(0.5)], T0, minutes(1), MINUTE_NS) == 1
    with pytest.raises(ValueError, match="longer than nothing"):
        coverage(times, T0, T0, MINUTE_NS)


def test_value_at_is_the_newest_at_or_before() -> None:
    line = every_minute(1, 2)
    assert [value_at(line, moment) for moment in (T0 - 1, T0, minutes(0.5), minutes(1), minutes(9))] == [None, 1, 1, 2, 2]


values_64 = st.lists(st.integers(0, 2**64 - 1), max_size=30)


@given(values_64, st.sampled_from([None, 32, 64]))
def test_growth_is_never_negative_and_accounts_for_every_pair(values: list[int], bits: int | None) -> None:
    counted = growth(every_minute(*values), discontinuity=every_minute(*([0] * len(values))), wrap_bits=bits)
    assert all(interval.increase >= 0 and interval.seconds > 0 for interval in counted.intervals)
    edges = sorted([(entry.start_ns, entry.end_ns) for entry in (*counted.intervals, *counted.breaks)])
    assert edges == [(minutes(at), minutes(at + 1)) for at in range(max(0, len(values) - 1))]


@given(st.lists(st.integers(0, 2**40), min_size=2, max_size=30), st.integers(2**10, 2**63), st.data())
def test_a_wrapped_counter_counts_like_one_that_never_wraps(steps: list[int], first: int, data: st.DataObject) -> None:
    bits = 64
    true = [first + sum(steps[:at]) for at in range(len(steps) + 1)]
    shift = 2**64 - true[-1] + data.draw(st.integers(0, true[-1] - true[0]))
    wrapped = [(value + shift) % 2**64 for value in true]
    uptime = every_minute(*(9000 + 60 * at for at in range(len(true))), name="sysUpTime")
    counted = growth(every_minute(*wrapped), uptime=uptime, wrap_bits=bits)
    assert total(counted, T0, NOW).increase == true[-1] - true[0]


@given(st.lists(st.integers(0, 10**12), min_size=3, max_size=40, unique=True), st.integers(1, 38))
def test_totals_of_neighbouring_windows_add_up(values: list[int], cut: int) -> None:
    counted = growth(every_minute(*sorted(values)))
    parts = [total(counted, T0, minutes(cut)), total(counted, minutes(cut), NOW)]
    assert sum(part.increase for part in parts) == total(counted, T0, NOW).increase == max(values) - min(values)


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_enough_lie_at_or_below(values: list[float], fraction: float) -> None:
    found = percentile(values, fraction)
    assert found in values
    assert sum(value <= found for value in values) >= fraction * len(values) - 1e-6


def test_an_interval_knows_its_rate() -> None:
    assert Growth([Interval(0, SECOND_NS, 5, 2.0)]).intervals[0].per_second == 2.5
