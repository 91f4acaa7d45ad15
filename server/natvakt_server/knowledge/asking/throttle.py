"""How many calls a source allows: every limit holds at once, over windows that roll."""

from collections.abc import Sequence
from dataclasses import dataclass

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many calls within any `seconds`."""

    calls: int
    seconds: int


def wait_ns(limits: Sequence[Limit], newest_first: Sequence[int], now_ns: int) -> int:
    """How long until one more call keeps every limit; 0: at once.

    `newest_first`: the moments of the last calls, at least as many as the largest limit allows, where there were so many. A moment that
    lies ahead (the clock was set back) counts as now, so that no wait is longer than its window.
    """
    waits = (
        min(newest_first[limit.calls - 1], now_ns) + limit.seconds * SECOND_NS - now_ns
        for limit in limits
        if len(newest_first) >= limit.calls
    )
    return max(0, *waits, 0)


def longest(limits: Sequence[Limit]) -> tuple[int, int]:
    """(calls, nanoseconds): how many calls, and how far back, must be remembered."""
    return max(limit.calls for limit in limits), max(limit.seconds for limit in limits) * SECOND_NS
