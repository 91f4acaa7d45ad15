"""Roll-ups: whatever was written since the last run is rolled up again, tier after tier.

The stores remember which windows raw points were written to, so live data, a month of backlog and a run that died half-way are all
the same case: each window is rolled up once after it has closed, and again whenever something late falls into it. Every step may be
repeated.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.series import SeriesMaintenance, Tier, Touched
from natvakt_server.domain.tiers import HOUR_NS, MINUTE_NS, TOUCH_NS, window_start

MARKS_A_RUN = 2_000

GRACE_NS = 2 * MINUTE_NS
"""A window is rolled up this long after its end, when what the agents send in time has arrived. What comes later marks it again."""

FEW_ROWS, MANY_ROWS = 400_000, 1_500_000
WIDEST_HOURS = 168
"""A step covers several closed hours where they hold little: twice as many after few rows, half as many after many."""

REACH_NS = 2 * HOUR_NS
"""How far after a late point the next one may be: its increase was counted from an older point and is counted anew."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A span of one tenant, within one hour, to be rolled up. `hour_is_closed`: the hour's own row can be made too."""

    tenant: str
    start_ns: int
    end_ns: int
    hour_is_closed: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`later`: windows (tenant, start_ns) that this run leaves to a later one."""

    steps: Sequence[Step]
    later: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class RollUpResult:
    windows: int
    rows: int
    more: bool
    """There was more to do than one run takes: run again at once."""


def plan(marks: Sequence[Touched], now_ns: int) -> Plan:
    """Steps that cover every marked window that is closed, and what follows it within `REACH_NS`; oldest first for each tenant.

    Open windows are left to a later run. So is the row of an hour that is still open: its last window stands for it.
    """
    closed_ns = window_start(now_ns - GRACE_NS, TOUCH_NS)
    starts: dict[str, set[int]] = {}
    for mark in marks:
        starts.setdefault(mark.tenant, set()).add(mark.start_ns)
    steps: list[Step] = []
    later: set[tuple[str, int]] = set()
    for tenant, windows in sorted(starts.items()):
        steps.extend(step for span in _spans(sorted(windows), closed_ns) for step in _steps(tenant, span, closed_ns))
        later |= {(tenant, start_ns) for start_ns in windows if start_ns >= closed_ns}
        hours_end_ns = {window_start(start_ns, HOUR_NS) + HOUR_NS for start_ns in windows if start_ns < closed_ns}
        later |= {(tenant, end_ns - TOUCH_NS) for end_ns in hours_end_ns if end_ns > closed_ns}
    return Plan(steps, sorted(later))


def _spans(starts: Sequence[int], closed_ns: int) -> Sequence[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start_ns in starts:
        end_ns = min(start_ns + TOUCH_NS + REACH_NS, closed_ns)
        if end_ns <= start_ns:
            break
        if spans and start_ns <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end_ns)
        else:
            spans.append((start_ns, end_ns))
    return spans


def _steps(tenant: str, span: tuple[int, int], closed_ns: int) -> Sequence[Step]:
    steps = []
    start_ns, last_ns = span
    while start_ns < last_ns:
        hour_end_ns = window_start(start_ns, HOUR_NS) + HOUR_NS
        steps.append(Step(tenant, start_ns, min(last_ns, hour_end_ns), hour_is_closed=hour_end_ns <= closed_ns))
        start_ns = hour_end_ns
    return steps


def roll_up(store: SeriesMaintenance, now_ns: int, marks_a_run: int = MARKS_A_RUN) -> RollUpResult:
    """One run. Raises SeriesUnavailable; the marks stay then, and the next run does the same again."""
    marks = store.touched(marks_a_run)
    if not marks:
        return RollUpResult(0, 0, more=False)
    todo = plan(marks, now_ns)
    rows = _carry_out(store, todo.steps)
    store.remember(todo.later)  # before the old marks go: a crash between the two only does work twice
    store.settle(max(mark.mark for mark in marks))
    logger.info("event=rolled-up windows=%d rows=%d later=%d", len(marks), rows, len(todo.later))
    return RollUpResult(len(marks), rows, more=len(marks) == marks_a_run)


def _carry_out(store: SeriesMaintenance, steps: Sequence[Step]) -> int:
    rows, place, hours = 0, 0, 1
    while place < len(steps):
        step, taken = joined(steps, place, hours)
        tiers = (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR) if step.hour_is_closed else (Tier.MINUTE, Tier.FIVE_MINUTES)
        written = sum(store.roll_up(tier, step.start_ns, step.end_ns, step.tenant) for tier in tiers)
        hours = min(WIDEST_HOURS, hours * 2) if written < FEW_ROWS else max(1, hours // 2) if written > MANY_ROWS else hours
        rows, place = rows + written, place + taken
    return rows


def joined(steps: Sequence[Step], place: int, hours: int) -> tuple[Step, int]:
    """Up to so many steps from `place` as one, as long as they follow each other, belong to one tenant and their hours are closed."""
    first = last = steps[place]
    taken = 1
    while taken < hours and place + taken < len(steps):
        following = steps[place + taken]
        follows = following.tenant == last.tenant and following.start_ns == last.end_ns
        if not follows or not last.hour_is_closed or not following.hour_is_closed:
            break
        last, taken = following, taken + 1
    return Step(first.tenant, first.start_ns, last.end_ns, last.hour_is_closed), taken
