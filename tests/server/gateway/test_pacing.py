"""Token buckets and jitter: arithmetic, no waiting."""

from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.gateway.pacing import SECOND_NS, Buckets, Rate, TokenBucket, jittered_ms
from testkit.wire import seeded_random


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(Rate(per_second=2, burst=3), 0)
    assert [bucket.take(1, 0) for _ in range(3)] == [0, 0, 0]
    wait_ns = bucket.take(1, 0)
    assert 0 < wait_ns <= SECOND_NS // 2 + 1
    assert bucket.take(1, wait_ns) == 0


@given(st.lists(st.tuples(st.integers(0, SECOND_NS), st.floats(0.1, 5))))
def test_no_span_gives_more_than_burst_and_rate_together(takes: list[tuple[int, float]]) -> None:
    rate = Rate(per_second=4, burst=5)
    bucket, now_ns, given_out = TokenBucket(rate, 0), 0, 0.0
    for pause_ns, tokens in takes:
        now_ns += pause_ns
        if bucket.take(tokens, now_ns) == 0:
            given_out += tokens
    assert given_out <= rate.burst + rate.per_second * now_ns / SECOND_NS + 1e-6


def test_more_than_the_burst_passes_once_the_bucket_is_full() -> None:
    assert TokenBucket(Rate(per_second=1, burst=2), 0).take(100, 0) == 0


def test_each_key_has_its_own_bucket_and_strangers_cannot_fill_the_memory() -> None:
    buckets: Buckets[str] = Buckets(Rate(per_second=1, burst=1), limit=2)
    assert (buckets.take("a", 1, 0), buckets.take("b", 1, 0)) == (0, 0)
    assert buckets.take("c", 1, 0) > 0
    assert buckets.take("c", 1, SECOND_NS) == 0


def test_promise_13_delays_are_spread_between_once_and_twice() -> None:
    random = seeded_random(3)
    delays = [jittered_ms(1000, random) for _ in range(200)]
    assert min(delays) >= 1000
    assert max(delays) <= 2000
    assert len(set(delays)) > 100
