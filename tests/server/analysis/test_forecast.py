"""A forecast finds what grows, keeps silent about what does not, and says how sure it is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.analysis.forecast import HOUR_NS, reach, trend

START_NS = 1_792_368_000_000_000_000
HOURS = range(30 * 24)
TIMES = [START_NS + hour * HOUR_NS for hour in HOURS]


def office(hour: int) -> float:
    return 1.0 if hour // 24 % 7 < 5 and 8 <= hour % 24 < 17 else 0.0


def test_a_steady_growth_is_found_through_the_office_week() -> None:
    found = trend(TIMES, [40 + hour / 24 + 8 * office(hour) for hour in HOURS])
    assert found is not None
    assert found.low <= 1.0 <= found.high
    until = reach(found, 100.0)
    assert until is not None
    assert until.days == pytest.approx(30, abs=1.5)
    assert until.earliest_days <= until.days <= until.latest_days


def test_an_office_week_without_growth_is_no_trend() -> None:
    assert trend(TIMES, [40 + 8 * office(hour) for hour in HOURS]) is None


def test_noise_is_no_trend() -> None:
    noise = random.Random(7)
    assert trend(TIMES, [40 + noise.gauss(0, 2) for _ in HOURS]) is None


def test_a_level_line_is_no_trend() -> None:
    assert trend(TIMES, [40.0] * len(TIMES)) is None


def test_nine_days_are_too_few() -> None:
    assert trend(TIMES[: 9 * 24], [40 + hour / 24 for hour in HOURS[: 9 * 24]]) is None
    assert trend([], []) is None


def test_growth_goes_on_after_a_restart_emptied_the_memory() -> None:
    found = trend(TIMES, [40 + hour / 24 - (15 if hour >= 12 * 24 else 0) for hour in HOURS])
    assert found is not None
    assert found.slope == pytest.approx(1.0, rel=0.05)
    assert found.level == pytest.approx(55, abs=1)


def test_what_falls_never_fills_up() -> None:
    found = trend(TIMES, [80 - hour / 48 for hour in HOURS])
    assert found is not None
    assert reach(found, 100.0) is None


def test_what_is_over_the_limit_is_there_already() -> None:
    found = trend(TIMES, [90 + hour / 24 for hour in HOURS])
    until = reach(found, 100.0)
    assert until is not None
    assert until.days == 0


def test_no_trend_reaches_nothing() -> None:
    assert reach(None, 100.0) is None


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60), st.integers(1, 30))
def test_whatever_comes_gives_a_trend_or_none(values: list[float], step_hours: int) -> None:
    times = [START_NS + place * step_hours * HOUR_NS for place in range(len(values))]
    found = trend(times, values)
    assert found is None or (found.low <= found.slope <= found.high and (found.low > 0 or found.high < 0))
