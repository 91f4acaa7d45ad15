"""The arithmetic of saying "not now": token buckets and jittered delays. Pure; time and randomness are passed in."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` tokens at once, refilled at `per_second`."""

    per_second: float
    burst: float


class TokenBucket:
    """Full at birth. Monotonic nanoseconds in, waiting time out."""

    __slots__ = ("_at_ns", "_rate", "_tokens")

    def __init__(self, rate: Rate, now_ns: int) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at_ns = now_ns

    def take(self, tokens: float, now_ns: int) -> int:
        """0 and the tokens are gone, or the nanoseconds until they would be there and nothing is taken.

        A request above the burst costs the whole burst: it must pass some day.
        """
        self._tokens = min(self._rate.burst, self._tokens + max(0, now_ns - self._at_ns) * self._rate.per_second / SECOND_NS)
        self._at_ns = max(self._at_ns, now_ns)
        wanted = min(tokens, self._rate.burst)
        if wanted <= self._tokens:
            self._tokens -= wanted
            return 0
        return int((wanted - self._tokens) / self._rate.per_second * SECOND_NS) + 1

    def full(self, now_ns: int) -> bool:
        """True when the bucket may be forgotten: a new one would be the same."""
        return self._tokens + max(0, now_ns - self._at_ns) * self._rate.per_second / SECOND_NS >= self._rate.burst


_Key = TypeVar("_Key", bound=Hashable)


class Buckets(Generic[_Key]):
    """A bucket for each key, at most `limit` of them; full ones are forgotten first, then strangers are refused."""

    def __init__(self, rate: Rate, limit: int) -> None:
        self._rate = rate
        self._limit = limit
        self._buckets: dict[_Key, TokenBucket] = {}

    def take(self, key: _Key, tokens: float, now_ns: int) -> int:
        """As `TokenBucket.take`."""
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= self._limit:
                self._forget_full(now_ns)
            if len(self._buckets) >= self._limit:
                return SECOND_NS
            bucket = self._buckets[key] = TokenBucket(self._rate, now_ns)
        return bucket.take(tokens, now_ns)

    def _forget_full(self, now_ns: int) -> None:
        for key in [key for key, bucket in self._buckets.items() if bucket.full(now_ns)]:
            del self._buckets[key]


def jittered_ms(least_ms: int, random: Callable[[int], bytes]) -> int:
    """Between `least_ms` and twice that, so that many who were sent away together do not come back together."""
    return least_ms + int.from_bytes(random(4), "big") * least_ms // 0xFFFF_FFFF
