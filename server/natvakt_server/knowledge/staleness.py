"""When what is known has grown too old to be relied on: a source that was read once and never again says nothing about today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from natvakt_server.knowledge.ports import SourceSummary

MOST_AGE_DAYS: Mapping[str, int] = MappingProxyType(
    {"exploited": 7, "likelihood": 14, "advisory": 30, "vulnerability": 30, "suggestion": 60, "lifecycle": 90, "cycle": 180}
)
"""By kind of fact, and so by source. What the partner keeps (prices, builds) does not grow old by itself."""


KINDS: Mapping[str, str] = MappingProxyType(
    {
        "cisco-openvuln": "advisory",
        "cisco-eox": "lifecycle",
        "cisco-suggestion": "suggestion",
        "cisa-kev": "exploited",
        "nvd": "vulnerability",
        "first-epss": "likelihood",
    }
)
"""What the sources that are asked by themselves tell of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A source that is to be asked by itself and was: the ISO day of its last whole answer (empty: none yet), and what it said last."""

    source: str
    answered_on: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Stale:
    """`age_days` None: the source has never answered. `reason`: what it said instead, where that is known."""

    source: str
    kind: str
    age_days: int | None
    limit_days: int
    reason: str = ""

    @property
    def text(self) -> str:
        age = "never answered" if self.age_days is None else f"{self.age_days} days (at most {self.limit_days})"
        return f"{self.source} {self.kind} {age}" + (f": {self.reason}" if self.reason else "")


def age_days(day: str, today: date) -> int:
    return (today - date.fromisoformat(day)).days


def stale(sources: Sequence[SourceSummary], today: date, asked: Sequence[Asked] = ()) -> Sequence[Stale]:
    """The oldest first. Of several sources of one kind the newest counts: an old one beside it alarms nobody, but for those in `asked`.

    What a source has told is as new as its last whole answer, even where that answer was that nothing has changed.
    """
    answered = {each.source: each.answered_on for each in asked}
    newest: dict[str, tuple[str, str]] = {}
    for each in sources:
        newest[each.kind] = max(newest.get(each.kind, ("", "")), (max(each.newest_as_of, answered.get(each.source, "")), each.source))
    found = {(source, kind): _judged(source, kind, day, today) for kind, (day, source) in newest.items() if kind in MOST_AGE_DAYS}
    found |= {
        (each.source, KINDS[each.source]): _judged(each.source, KINDS[each.source], each.answered_on, today, each.error) for each in asked
    }
    alarms = [each for each in found.values() if each.age_days is None or each.age_days > each.limit_days]
    return sorted(alarms, key=lambda each: (each.age_days is not None, -(each.age_days or 0), each.kind))


def _judged(source: str, kind: str, day: str, today: date, reason: str = "") -> Stale:
    return Stale(source, kind, age_days(day, today) if day else None, MOST_AGE_DAYS[kind], reason)
