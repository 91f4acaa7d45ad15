"""Counting distinct series in memory that does not grow."""

from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.ingest.series_quota import DistinctQuota, SeriesQuota


@given(st.sets(st.text(max_size=20), max_size=300))
def test_what_was_let_in_is_always_let_in_again(values: set[str]) -> None:
    quota = DistinctQuota(100)
    admitted = [value for value in values if quota.admit(value)]
    assert len(admitted) >= min(100, len(values))
    assert all(quota.admit(value) for value in admitted)


def test_promise_44_beyond_the_quota_next_to_nothing_new_gets_in() -> None:
    quota = DistinctQuota(1_000)
    assert all(quota.admit(str(number)) for number in range(1_000))
    assert sum(quota.admit(str(number)) for number in range(1_000, 51_000)) <= 25


def test_agents_count_for_themselves_and_the_quietest_is_forgotten() -> None:
    quota = SeriesQuota(series=1, fields=1, agents=2)
    assert quota.admit_field("a", "m", "one")
    assert not quota.admit_field("a", "m", "two")
    assert quota.admit_field("b", "m", "two")
    assert quota.admit_field("c", "m", "three")
    assert quota.admit_field("a", "m", "two")
