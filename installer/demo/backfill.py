"""The instants of the demo's history: thirty days every hour, then the last day every five minutes, ending now.

A pure plan: whoever runs the demo moves the site's clock and the agent's to each instant and polls. Series are read at
every instant; documents (names, serials, text) at the first, then once a day, and at the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.world import DAY_NS, HOUR_NS, MINUTE_NS

HISTORY_DAYS = 30
FINE_STEP_NS = 5 * MINUTE_NS


@dataclass(frozen=True, slots=True)
class Step:
    """One poll of the whole site at a simulated time."""

    instant_ns: int
    with_documents: bool


def plan(now_ns: int, days: int = HISTORY_DAYS) -> Sequence[Step]:
    """The steps in order of time; the last one is `now_ns`. `days` must be at least 1."""
    if days < 1:
        raise ValueError(f"days {days}: the history holds at least the last day; give 1 or more")
    first, last_day = now_ns - days * DAY_NS, now_ns - DAY_NS
    instants = [*range(first, last_day, HOUR_NS), *range(last_day, now_ns + 1, FINE_STEP_NS)]
    return tuple(Step(instant, (instant - first) % DAY_NS == 0) for instant in instants)
