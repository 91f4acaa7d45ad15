"""From a stored line to the numbers that rules judge."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.analysis.history import Steps, summarise, trend
from natvakt_server.domain.rates import growth
from natvakt_server.domain.registry import Kind
from natvakt_server.domain.series import Line, SeriesKey

ZONE = ZoneInfo("Europe/Stockholm")
HOUR, DAY = 3_600_000_000_000, 86_400_000_000_000
MONDAY = 1_794_787_200 * 1_000_000_000  # 2026-11-16 00:00 UTC


def line(values, step=HOUR, start=MONDAY, table="cpu", field="used_ratio"):
    return Line(SeriesKey(table, "d", (("index", "1"),), field), [start + i * step for i in range(len(values))], [float(v) for v in values])


def gauge(values, **how):
    return summarise(line(values, **how), Kind.GAUGE, 7, ZONE)


def test_a_gauge_tells_its_distribution():
    told = gauge(range(101))
    assert (told.minimum, told.maximum, told.median, told.mean) == (0.0, 100.0, 50.0, 50.0)
    assert told.p95 == pytest.approx(95)
    assert told.p01 == pytest.approx(1)
    assert (told.last, told.previous) == (100.0, 99.0)


def test_one_spike_does_not_make_a_percentile():
    assert gauge([0.1] * 99 + [0.98]).p95 == pytest.approx(0.1)


def test_days_are_those_of_the_customers_zone():
    """23:00 UTC in November is midnight in Stockholm."""
    assert gauge([1, 2], start=MONDAY + 21 * HOUR).days == 1
    assert gauge([1, 2], start=MONDAY + 22 * HOUR).days == 2


def test_work_hours_leave_out_nights_and_weekends():
    week = gauge([1 if 8 <= h % 24 < 15 and h // 24 < 5 else 0 for h in range(168)])
    weekend = gauge([1] * 24, start=MONDAY + 5 * DAY)
    assert week.work_hours_p95 is not None
    assert weekend.work_hours_p95 is None, "nothing was measured in work hours"


def test_a_trend_needs_three_samples_and_is_flat_where_nothing_moves():
    assert trend([0, DAY], [1.0, 2.0]) == (None, None)
    assert trend([0, DAY, 2 * DAY], [5.0, 5.0, 5.0]) == (0.0, 0.0)
    slope, fit = trend([0, DAY, 2 * DAY], [1.0, 2.0, 3.0])
    assert (slope, fit) == (pytest.approx(1.0), pytest.approx(1.0))


@given(st.floats(-100, 100), st.floats(-1000, 1000), st.integers(3, 40))
def test_a_straight_line_is_found_again(slope, start, count):
    found, _ = trend([i * DAY for i in range(count)], [start + slope * i for i in range(count)])
    assert found == pytest.approx(slope, abs=1e-6)


def test_eight_tenths_of_the_days_are_enough():
    assert gauge([1] * 6, step=DAY).enough
    assert not gauge([1] * 5, step=DAY).enough


def test_a_counter_tells_its_increase_and_passes_over_a_restart():
    counts = line([0, 3600, 7200, 100, 3700], table="interface", field="ifInErrors")
    told = summarise(counts, Kind.COUNTER, 7, ZONE, Steps.of_growth(growth(counts)))
    assert told.discontinuities == 1
    assert told.increase == pytest.approx(3600 + 3600 + 3600)
    assert told.rate_max == pytest.approx(1.0)


def test_a_state_tells_changes_and_shares():
    told = summarise(line([1, 1, 2, 1], table="interface", field="ifOperStatus"), Kind.STATE, 7, ZONE)
    assert (told.changes, told.previous) == (2, 2.0)
    assert told.share == {"1": pytest.approx(0.75), "2": pytest.approx(0.25)}


def test_a_single_sample_is_no_history_but_no_error_either():
    told = gauge([4])
    assert (told.samples, told.days, told.previous, told.slope_per_day) == (1, 1, None, None)


def test_rolled_up_columns_tell_the_same_as_the_raw_counter():
    """Increase and seconds of each window, as a tier keeps them; a window nothing was observed in has no rate."""
    increase = line([60, 0, 120], table="interface", field="ifInErrors_increase")
    seconds = line([60.0, 0.0, 60.0], table="interface", field="ifInErrors_seconds")
    told = summarise(line([1, 61, 181]), Kind.COUNTER, 7, ZONE, Steps.of_roll_up(increase, seconds, 60))
    assert (told.increase, told.rate_max) == (180, 2.0)
