"""What a rule is: one file with id, texts, what it needs, and a judgement that is a pure function of evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from natvakt_server.analysis.evidence import Device, Evidence, History, Reason
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Level, Severity, Verdict
from natvakt_server.domain.registry import Role

HEARD_DAYS = 7


class Scope(StrEnum):
    DEVICE = "device"  # one finding per rule and device
    LINK = "link"  # one finding per link; the verdict counts on both ends


class Change(StrEnum):
    """What the remedy asks of those who use the network: when it may be done."""

    LIVE = "live"  # at any time, nobody notices
    INTERRUPTION = "interruption"  # a link or a service is away for moments
    RESTART = "restart"  # the device, or a service on it, starts again
    ON_SITE = "on-site"  # somebody with hands and parts at the site


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in the languages people read."""

    en: str
    sv: str

    def mapping(self) -> Mapping[str, str]:
        return {"en": self.en, "sv": self.sv}


Worth = Callable[[History, Mapping[str, float]], bool]


@dataclass(frozen=True, slots=True)
class Need:
    """A history the rule reads: fields of a table over so many days.

    `hourly`: steps of an hour are enough, where only sums or the busiest hour matter; a week then costs a twelfth. `by_hour`: what counters
    added in each hour is wanted too. `roles`: read for devices of these only, for all where empty. `worth`: read
    for rows of which a shorter history of one of the fields, with the row's newest values, says that it is worth it.
    """

    table: str
    fields: tuple[str, ...]
    days: int
    hourly: bool = False
    by_hour: bool = False
    roles: frozenset[Role] = frozenset()
    worth: Worth | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One object (interface, sensor, pool, link) that fails. `peer` is the other end's device id where there is one.

    Both ends of a link fail; the finding is told from the end where the remedy belongs (`mends_here`). `line`: of the configuration.
    """

    object: str | None
    severity: Severity
    facts: Sequence[Fact]
    remediation: Sequence[str] = ()
    peer: str | None = None
    peer_object: str | None = None
    mends_here: bool = True
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came out for one device. `judged` counts the objects looked at, 1 where there is one."""

    verdict: Verdict
    reason: str | None = None
    failures: Sequence[Failure] = ()
    judged: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """`severities` lists every severity the rule can reach, the highest first.

    `tables` must be there for the rule to judge; `beside` are looked at where they are. `listens`: mnemonics of the device's own
    messages (`MACFLAP_NOTIF`) that it reads, of the last HEARD_DAYS; silence proves nothing."""

    id: str
    title: Text
    impact: Text
    recommendation: Text
    severities: tuple[Severity, ...]
    applies_to: Callable[[Device], bool]
    tables: tuple[str, ...]
    judge: Callable[[Device, Evidence], Judgement]
    effort_minutes: int
    beside: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    listens: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    scope: Scope = Scope.DEVICE
    version: int = 1
    aliases: tuple[str, ...] = field(default=())
    change: Change = Change.LIVE

    @property
    def level(self) -> Level:
        return Level(self.id.split(".", 1)[0])


def passed(judged: int = 1) -> Judgement:
    return Judgement(Verdict.PASS, judged=judged)


def unknown(reason: Reason) -> Judgement:
    return Judgement(Verdict.UNKNOWN, reason=reason.value)


def manual(reason: str) -> Judgement:
    """A person answers; nothing that is collected can tell."""
    return Judgement(Verdict.MANUAL, reason=reason)


def not_applicable(reason: str) -> Judgement:
    return Judgement(Verdict.NOT_APPLICABLE, reason=reason)


def decide(failures: Sequence[Failure], judged: int, *, undecided: Reason | None = None) -> Judgement:
    """Fail where an object fails, unknown where some could not be judged, else pass; nothing to judge is not applicable."""
    if failures:
        return Judgement(Verdict.FAIL, failures=tuple(failures), judged=max(judged, len(failures)))
    if undecided is not None:
        return unknown(undecided)
    return passed(judged) if judged else not_applicable("nothing-to-judge")
