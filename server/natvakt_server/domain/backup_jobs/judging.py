"""How a backup stands: one judge for the report, the rules, the console and the alerts.

What was observed is held against what was expected. The expectation is a person's, or the interval in the agent's settings; where nobody
said anything, nothing is late, and that is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from natvakt_server.domain.backup_jobs.calendar import MOST_COUNTED, SECOND_NS, AtTimes, Calendar, Every, count_between, last_due, next_due

DAY_NS = 86_400 * SECOND_NS
EARLY_NS = 300 * SECOND_NS  # clocks of the job's machine and of ours
FRESH_NS = 2 * 3600 * SECOND_NS  # what was told longer ago says nothing of now
LATE_FACTOR, SMALL_SHARE, FEWEST_DAYS, RESTORE_TEST_DAYS = 1.25, 0.5, 7, 180


class State(StrEnum):
    """The worst first."""

    FAILED = "failed"
    EMPTY = "empty"
    NEVER = "never"
    LATE = "late"
    SHRINKING = "shrinking"
    NOT_OBSERVED = "not-observed"
    WARNING = "warning"  # ran, and the program had something to say
    OK = "ok"
    RESTORE_TESTED = "restore-tested"


RANKS: Mapping[State, int] = MappingProxyType({state: rank for rank, state in enumerate(State)})
WELL = frozenset({State.WARNING, State.OK, State.RESTORE_TESTED})


class Reason(StrEnum):
    """Why, in one word; pages and reports have the sentence."""

    NOTHING_TOLD = "nothing-told"
    SILENT = "silent"
    UNREADABLE = "unreadable"
    NEVER_RAN = "never-ran"
    FIRST_RUN_AWAITED = "first-run-awaited"
    RUN_FAILED = "run-failed"
    NOTHING_SAVED = "nothing-saved"
    OVERDUE = "overdue"
    STILL_RUNNING = "still-running"
    SMALLER_THAN_USUAL = "smaller-than-usual"
    WITH_WARNINGS = "with-warnings"
    NO_SCHEDULE = "no-schedule"
    DONE = "done"
    RESTORED_FROM = "restored-from"


class Origin(StrEnum):
    """Who says when it is meant to run."""

    PERSON = "person"
    SETTINGS = "settings"
    USUAL = "usual"  # what such a thing does where nobody said otherwise
    NOBODY = "nobody"


class Run(StrEnum):
    """How the newest run ended, as the agent tells it."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    RUNNING = "running"
    NEVER = "never"
    UNREADABLE = "unreadable"


RUNS: Mapping[int, Run] = MappingProxyType(dict(enumerate(Run, start=1)))
"""By the code of the table `backup_job`."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """`grace_ns`: how long after the moment it is due a good run may end. `since_ns`: when it was said; what was due before does not count.
    `written`: the schedule for people.
    """

    calendar: Calendar | None
    zone: ZoneInfo
    grace_ns: int
    origin: Origin
    since_ns: int = 0
    written: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """`told_ns`: when somebody last looked. Moments in ns since 1970, sizes in octets; None: not known.

    `success_ns`: end of the newest run that left something to restore from. `usual_bytes`: the median of the `usual_days` before.
    """

    told_ns: int
    run: Run | None = None
    success_ns: int | None = None
    bytes: int | None = None
    items: int | None = None
    usual_bytes: float | None = None
    usual_days: int = 0
    restore_test_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`due_ns`: the newest moment a run was due; `next_ns`: the one that is awaited. `late_ns`: how long ago the first that did not come
    was due. `missed`: how many did not come, at most 99.
    """

    state: State
    reason: Reason
    due_ns: int | None = None
    next_ns: int | None = None
    late_ns: int | None = None
    missed: int = 0

    @property
    def is_well(self) -> bool:
        return self.state in WELL


@dataclass(frozen=True, slots=True)
class _Plan:
    due_ns: int | None
    next_ns: int | None
    late_ns: int | None
    missed: int


def judge(expected: Expectation, observed: Observed | None, at_ns: int, restore_test_days: float = RESTORE_TEST_DAYS) -> Verdict:
    """What is not known is never called well, and never late: lateness is judged at the moment somebody last looked."""
    looked_ns = at_ns if observed is None else min(at_ns, observed.told_ns)
    plan = _plan(expected, observed.success_ns if observed else None, looked_ns)
    state, reason = _state(observed, plan, expected, at_ns, restore_test_days)
    return Verdict(state, reason, plan.due_ns, plan.next_ns, plan.late_ns if state is not State.NOT_OBSERVED else None, plan.missed)


def _state(observed: Observed | None, plan: _Plan, expected: Expectation, at_ns: int, restore_test_days: float) -> tuple[State, Reason]:
    if observed is None:
        return State.NOT_OBSERVED, Reason.NOTHING_TOLD
    if at_ns - observed.told_ns > FRESH_NS:
        return State.NOT_OBSERVED, Reason.SILENT
    if observed.run is Run.UNREADABLE:
        return State.NOT_OBSERVED, Reason.UNREADABLE
    if observed.run is Run.FAILED:
        return State.FAILED, Reason.RUN_FAILED
    if observed.success_ns is None:
        return State.NEVER, Reason.NEVER_RAN if plan.late_ns is not None or expected.calendar is None else Reason.FIRST_RUN_AWAITED
    if observed.bytes == 0 or (observed.bytes is None and observed.items == 0):
        return State.EMPTY, Reason.NOTHING_SAVED
    if plan.late_ns is not None:
        return State.LATE, Reason.STILL_RUNNING if observed.run is Run.RUNNING else Reason.OVERDUE
    if is_small(observed.bytes, observed.usual_bytes, observed.usual_days):
        return State.SHRINKING, Reason.SMALLER_THAN_USUAL
    if observed.run is Run.WARNING:
        return State.WARNING, Reason.WITH_WARNINGS
    if observed.restore_test_ns is not None and at_ns - observed.restore_test_ns <= restore_test_days * DAY_NS:
        return State.RESTORE_TESTED, Reason.RESTORED_FROM
    return State.OK, Reason.DONE if expected.calendar is not None else Reason.NO_SCHEDULE


def is_small(size: float | None, usual: float | None, days: int) -> bool:
    """Below half of what it usually is, where that is known well enough to be called usual. An empty one is not small, it is empty."""
    return bool(size and usual and days >= FEWEST_DAYS and size < SMALL_SHARE * usual)


def _plan(expected: Expectation, success_ns: int | None, at_ns: int) -> _Plan:
    match expected.calendar:
        case None:
            return _Plan(None, None, None, 0)
        case Every(seconds):
            return _elapsed(seconds * SECOND_NS, expected, success_ns, at_ns)
        case AtTimes() as calendar:
            return _clocked(calendar, expected, success_ns, at_ns)


def _elapsed(interval_ns: int, expected: Expectation, success_ns: int | None, at_ns: int) -> _Plan:
    start_ns = success_ns if success_ns is not None else expected.since_ns or None
    if start_ns is None:  # it never ran, and nobody knows since when it should
        return _Plan(None, None, 0, 1)
    due_ns = start_ns + interval_ns
    is_late = at_ns > due_ns + expected.grace_ns
    missed = min(MOST_COUNTED, max(1, (at_ns - expected.grace_ns - start_ns) // interval_ns)) if is_late else 0
    has_come = due_ns <= at_ns
    return _Plan(due_ns if has_come else None, None if has_come else due_ns, at_ns - due_ns if is_late else None, missed)


def _clocked(calendar: AtTimes, expected: Expectation, success_ns: int | None, at_ns: int) -> _Plan:
    """Late is who has had no good run since the newest moment whose grace has passed."""
    zone = expected.zone
    due_ns, following_ns = last_due(calendar, zone, at_ns), next_due(calendar, zone, at_ns)
    settled_ns = last_due(calendar, zone, at_ns - expected.grace_ns)
    known_ns = max(success_ns + EARLY_NS if success_ns is not None else 0, expected.since_ns)
    if settled_ns is None or settled_ns <= known_ns:
        return _Plan(due_ns, following_ns, None, 0)
    if not known_ns:  # it never ran, and nobody knows since when it should
        return _Plan(due_ns, following_ns, at_ns - settled_ns, 1)
    first_ns = next_due(calendar, zone, known_ns)
    assert first_ns is not None
    return _Plan(due_ns, following_ns, at_ns - first_ns, count_between(calendar, zone, known_ns, settled_ns))


def worst(verdicts: Sequence[Verdict]) -> State | None:
    return min((verdict.state for verdict in verdicts), key=RANKS.__getitem__, default=None)
