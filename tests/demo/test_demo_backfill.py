"""The plan of the history: thirty days hourly, the last day every five minutes, ending now."""

from itertools import pairwise

import pytest
from demo.backfill import plan
from demo.world import DAY_NS, HOUR_NS, MINUTE_NS
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_795_000_000_000_000_123


def test_it_is_hourly_until_the_last_day_and_then_every_five_minutes() -> None:
    instants = [step.instant_ns for step in plan(NOW)]
    gaps = [later - earlier for earlier, later in pairwise(instants)]
    assert gaps == [HOUR_NS] * (29 * 24) + [5 * MINUTE_NS] * 288
    assert (instants[0], instants[-1]) == (NOW - 30 * DAY_NS, NOW)


def test_documents_are_read_at_the_first_instant_daily_and_at_the_last() -> None:
    with_documents = [step.instant_ns for step in plan(NOW) if step.with_documents]
    assert with_documents == [NOW - day * DAY_NS for day in range(30, -1, -1)]


@given(st.integers(1, 40), st.integers(0, 2**62))
def test_it_always_moves_forward_and_ends_now(days: int, now_ns: int) -> None:
    instants = [step.instant_ns for step in plan(now_ns, days)]
    assert instants == sorted(set(instants))
    assert instants[-1] == now_ns


def test_no_day_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="give 1 or more"):
        plan(NOW, 0)
