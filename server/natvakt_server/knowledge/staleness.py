"""When what is known has grown too old to be relied on: a source that was read once and never again says nothing about today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from natvakt_server.knowledge.ports import SourceSummary

MOST_AGE_DAYS: Mapping[str, int] = MappingProxyType(
    {"exploited": 7, "likelihood": 14, "advisory": 30, "vulnerability": 30, "suggestion": 60, "lifecycle": 90, "cycle": 180}
)
"""By kind of fact. What the partner keeps (prices, builds) does not grow old by itself."""


@dataclass(frozen=True, slots=True)
class Stale:
    source: str
    kind: str
    age_days: int
    limit_days: int

    @property
    def text(self) -> str:
        return f"{self.source} {self.kind} {self.age_days} days (at most {self.limit_days})"


def age_days(source: SourceSummary, today: date) -> int:
    return (today - date.fromisoformat(source.newest_as_of)).days


def stale(sources: Sequence[SourceSummary], today: date) -> Sequence[Stale]:
    """The oldest first. Of several sources of one kind the newest counts: an old one beside it alarms nobody."""
    newest: dict[str, SourceSummary] = {}
    for source in sources:
        known = newest.get(source.kind)
        if known is None or source.newest_as_of > known.newest_as_of:
            newest[source.kind] = source
    found = [
        Stale(each.source, kind, age_days(each, today), MOST_AGE_DAYS[kind])
        for kind, each in newest.items()
        if kind in MOST_AGE_DAYS and age_days(each, today) > MOST_AGE_DAYS[kind]
    ]
    return sorted(found, key=lambda each: (-each.age_days, each.kind))
