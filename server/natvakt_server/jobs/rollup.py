"""Roll-ups: whatever was written since the last run is rolled up again, tier after tier.

The stores remember which windows raw points were written to, so live data, a month of backlog and a run that died half-way are all
the same case. Every step may be repeated.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.series import SeriesMaintenance, Tier, Touched
from natvakt_server.domain.tiers import HOUR_NS, TOUCH_NS

MARKS_A_RUN = 2_000
REACH_NS = 2 * HOUR_NS
"""How far after a late point the next one may be: its increase was counted from an older point and is counted anew."""

LONGEST_STEP_NS = HOUR_NS
"""Bounds what one step holds in memory."""

TIERS = (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A span of one tenant to be rolled up in every tier."""

    tenant: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class RollUpResult:
    windows: int
    rows: int
    more: bool
    """There was more to do than one run takes: run again at once."""


def plan(marks: Sequence[Touched], now_ns: int) -> Sequence[Step]:
    """Spans that cover all marked windows and what follows them within `REACH_NS`, cut at full hours; oldest first for each tenant."""
    starts: dict[str, set[int]] = {}
    for mark in marks:
        starts.setdefault(mark.tenant, set()).add(mark.start_ns)
    return [step for tenant in sorted(starts) for step in _steps(tenant, sorted(starts[tenant]), now_ns)]


def _steps(tenant: str, starts: Sequence[int], now_ns: int) -> Sequence[Step]:
    spans: list[tuple[int, int]] = []
    for start_ns in starts:
        own_end_ns = start_ns + TOUCH_NS
        end_ns = max(own_end_ns, min(own_end_ns + REACH_NS, now_ns))
        if spans and start_ns <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end_ns, spans[-1][1]))
        else:
            spans.append((start_ns, end_ns))
    steps = []
    for first_ns, last_ns in spans:
        start_ns = first_ns
        while start_ns < last_ns:
            end_ns = min(last_ns, start_ns - start_ns % LONGEST_STEP_NS + LONGEST_STEP_NS)
            steps.append(Step(tenant, start_ns, end_ns))
            start_ns = end_ns
    return steps


def roll_up(store: SeriesMaintenance, now_ns: int, marks_a_run: int = MARKS_A_RUN) -> RollUpResult:
    """One run. Raises SeriesUnavailable; the marks stay then, and the next run does the same again."""
    marks = store.touched(marks_a_run)
    if not marks:
        return RollUpResult(0, 0, more=False)
    rows = 0
    for step in plan(marks, now_ns):
        rows += sum(store.roll_up(tier, step.start_ns, step.end_ns, step.tenant) for tier in TIERS)
    store.settle(max(mark.mark for mark in marks))
    logger.info("event=rolled-up windows=%d rows=%d", len(marks), rows)
    return RollUpResult(len(marks), rows, more=len(marks) == marks_a_run)
