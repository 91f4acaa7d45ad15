"""States as people see them: a word, a shape, a colour; and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MINUTE_NS = 60_000_000_000
FRESH_NS = 10 * MINUTE_NS
"""What was seen within this time counts as observed: ten rounds of the fastest tables."""


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    NOT_OBSERVED = "not-observed"
    MAINTENANCE = "maintenance"

    @property
    def rank(self) -> int:
        """Worst first, as lists are sorted."""
        return _RANKS.index(self)


_RANKS = (State.CRITICAL, State.WARNING, State.NOT_OBSERVED, State.MAINTENANCE, State.OK)
SEVERITIES = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence behind a state: the key of its words, and what goes into them."""

    state: State
    word: str
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    state: State
    reasons: tuple[Reason, ...] = ()


def condition(reasons: Iterable[Reason]) -> Condition:
    """The worst of its reasons; without any, all is well."""
    ordered = tuple(sorted(reasons, key=lambda reason: reason.state.rank))
    return Condition(ordered[0].state if ordered else State.OK, ordered)


def severity_rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
