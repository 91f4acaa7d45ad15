"""The newest day is held against the weeks before it, hour by hour of the week."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.analysis.forecast import HOUR_NS
from natvakt_server.analysis.weekly import unusual

START_NS = 1_794_787_200 * 1_000_000_000  # a Monday
WEEKS = range(5 * 168)


def office(hour: int) -> float:
    return 60.0 if hour // 24 % 7 < 5 and 8 <= hour % 24 < 17 else 10.0


def told(values, step: int = 1):
    return unusual([START_NS + n * step * HOUR_NS for n in range(len(values))], values)


def with_noise(seed: int) -> list[float]:
    noise = random.Random(seed)
    return [office(hour) + noise.gauss(0, 2) for hour in WEEKS]


def test_a_day_like_its_week_is_not_told():
    assert told([office(hour) for hour in WEEKS]) is None


def test_a_sunday_that_works_is_told():
    """The last day of the five weeks is a Sunday."""
    values = with_noise(1)
    values[-24:] = [office(hour % 24) for hour in range(24)]
    found = told(values)
    assert found is not None
    assert found.hours == 9
    assert found.value == pytest.approx(60, abs=3)
    assert found.usual == pytest.approx(10, abs=3)


def test_a_monday_without_work_is_told_as_less():
    values = with_noise(2)[: 4 * 168 + 24]
    values[-24:] = [10.0] * 24
    found = told(values)
    assert found is not None
    assert found.value < found.usual


def test_one_late_backup_is_not_told():
    values = with_noise(3)
    values[-5] = values[-6] = 90.0
    assert told(values) is None


def test_two_weeks_are_no_profile():
    values = [office(hour) for hour in range(15 * 24)]
    values[-24:] = [90.0] * 24
    assert told(values) is None
    assert told([]) is None


def test_hours_that_were_not_observed_are_neither_zero_nor_unusual():
    values = with_noise(4)
    times = [START_NS + n * HOUR_NS for n in WEEKS]
    seen = [n for n in WEEKS if n < len(values) - 24 or n % 24 < 3]
    assert unusual([times[n] for n in seen], [values[n] for n in seen]) is None


def test_chance_alone_is_hardly_ever_told():
    assert sum(told(with_noise(seed)) is not None for seed in range(100)) == 0


@given(st.lists(st.floats(-1e12, 1e12), max_size=60), st.integers(1, 30))
def test_whatever_comes_gives_an_answer_or_none(values, step):
    found = told(values, step)
    assert found is None or found.hours > 0
