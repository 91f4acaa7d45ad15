"""Rules that judge the text of a configuration, line by line, without any database of devices.

    ConfigurationRule ── requirements ── judge(Subject) ─► Outcome ── breaches ── lines

A requirement is for some operating systems and may cite identifiers of a benchmark (a STIG id); a rule fails where any of its requirements
fails, an identifier where any requirement that cites it fails. Judgements are on effective settings: an absent line means the system's
default, which the requirement knows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from natvakt_server.analysis.configuration.reading import SWITCH_ROLES, Reading
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Level, Severity, Verdict
from natvakt_server.domain.configuration.model import Configuration, Line
from natvakt_server.domain.registry import Role

MOST_LINES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A threshold a customer may set otherwise; `strict` is the STIG profile's, None where that is the same."""

    name: str
    default: float
    strict: float | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged. `role` is None where nobody said; `policy` holds thresholds that differ from the defaults; `version` as the text or
    the device tells it, for defaults that differ by version; `strict`: the STIG profile;
    `today`: for what ends on a date, None: not asked; `places`: the customer's own servers and networks by kind."""

    os: str
    configuration: Configuration
    role: Role | None = None
    version: str | None = None
    strict: bool = False
    policy: Mapping[str, float] = field(default_factory=dict)
    today: date | None = None
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reading: Reading = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """What is read off the configuration is kept beside it, for all rules that judge this subject."""
        object.__setattr__(self, "reading", Reading(self.configuration, self.os, self.role, self.version))

    def limit(self, value: PolicyValue) -> float:
        """A threshold: the customer's, else the strict profile's where that is asked for, else the default."""
        return self.policy.get(value.name, value.strict if self.strict and value.strict is not None else value.default)


@dataclass(frozen=True, slots=True)
class Breach:
    """One object that fails. `lines` show it; none where the fault is what is missing. `object`: the section, as line vty 0 4."""

    severity: Severity
    lines: Sequence[Line] = ()
    object: str | None = None
    remediation: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`lines`: what a pass rests on. `judged` counts the objects looked at."""

    verdict: Verdict
    reason: str | None = None
    breaches: Sequence[Breach] = ()
    lines: Sequence[Line] = ()
    judged: int = 1


def passes(lines: Sequence[Line] = (), judged: int = 1) -> Outcome:
    return Outcome(Verdict.PASS, lines=tuple(lines), judged=judged)


def fails(*breaches: Breach, judged: int = 1) -> Outcome:
    return Outcome(Verdict.FAIL, breaches=breaches, judged=max(judged, len(breaches)))


def does_not_apply(reason: str) -> Outcome:
    return Outcome(Verdict.NOT_APPLICABLE, reason)


def cannot_tell(reason: str) -> Outcome:
    return Outcome(Verdict.UNKNOWN, reason)


def asks_a_person(reason: str) -> Outcome:
    return Outcome(Verdict.MANUAL, reason)


def settle(breaches: Sequence[Breach], judged: int, lines: Sequence[Line] = (), nothing: str = "nothing-to-judge") -> Outcome:
    """Fail where an object fails, else pass; no object at all is not applicable."""
    if breaches:
        return fails(*breaches, judged=judged)
    return passes(lines, judged) if judged else does_not_apply(nothing)


Judge = Callable[[Subject], Outcome]


@dataclass(frozen=True, slots=True)
class Requirement:
    """`references`: benchmark identifiers that this requirement answers, each with a verdict of its own."""

    systems: tuple[str, ...]
    judge: Judge
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigurationRule:
    """`roles`: the device roles it is about, none for all; where the role is not known it is judged all the same.

    `references` are shown with every verdict (an RFC, a CVE); benchmark identifiers stand on the requirements. `thresholds` are those that
    its requirements ask the subject for.
    """

    id: str
    title: Text
    impact: Text
    recommendation: Text
    severities: tuple[Severity, ...]
    effort_minutes: int
    requirements: tuple[Requirement, ...]
    roles: frozenset[Role] = frozenset()
    references: tuple[str, ...] = ()
    change: Change = Change.LIVE
    version: int = 1
    aliases: tuple[str, ...] = ()
    thresholds: tuple[PolicyValue, ...] = ()

    @property
    def level(self) -> Level:
        return Level(self.id.split(".", 1)[0])

    @property
    def identifiers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for requirement in self.requirements for name in requirement.references))


@dataclass(frozen=True, slots=True)
class Answer:
    """One verdict of `check-config`: of a rule, or of one identifier it cites."""

    rule: ConfigurationRule
    references: tuple[str, ...]
    outcome: Outcome

    @property
    def severity(self) -> Severity:
        """The one reached where it fails, else the highest it could reach."""
        order = list(Severity)
        return min((breach.severity for breach in self.outcome.breaches), key=order.index, default=self.rule.severities[0])


def judge_rule(rule: ConfigurationRule, subject: Subject) -> Outcome | None:
    """All requirements of the rule together; None where it has none for this system."""
    outcomes = _outcomes(rule, subject, None)
    return merged(outcomes) if outcomes else None


def answers(rule: ConfigurationRule, subject: Subject) -> Sequence[Answer]:
    """One answer an identifier, and one for the requirements that cite none; empty where the rule has nothing for this system."""
    found: list[Answer] = []
    for identifier in dict.fromkeys(name for each in rule.requirements if subject.os in each.systems for name in each.references):
        outcomes = _outcomes(rule, subject, identifier)
        found.append(Answer(rule, (identifier, *rule.references), merged(outcomes)))
    plain = [each for each in rule.requirements if subject.os in each.systems and not each.references]
    if plain:
        found.append(Answer(rule, rule.references, merged([_judged(rule, each, subject) for each in plain])))
    return found


def _outcomes(rule: ConfigurationRule, subject: Subject, identifier: str | None) -> list[Outcome]:
    wanted = [each for each in rule.requirements if subject.os in each.systems and (identifier is None or identifier in each.references)]
    return [_judged(rule, each, subject) for each in wanted]


def _judged(rule: ConfigurationRule, requirement: Requirement, subject: Subject) -> Outcome:
    if rule.roles and subject.role is not None and subject.role not in rule.roles:
        return does_not_apply("another-role")
    reading = subject.reading
    if rule.roles and rule.roles <= SWITCH_ROLES and subject.role is None and not reading.may_switch:
        return does_not_apply("not-a-switch")
    if reading.foreign:
        return cannot_tell("other-system")
    outcome = requirement.judge(subject)
    if reading.empty and outcome.verdict is not Verdict.FAIL:
        return cannot_tell("no-config")  # what no line forbids is no pass where there is no line at all
    shown = [line for breach in outcome.breaches for line in breach.lines]
    if reading.incomplete and outcome.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE) and not shown:
        return cannot_tell("incomplete")
    return outcome


def merged(outcomes: Sequence[Outcome]) -> Outcome:
    """Fail where one fails; unknown where one is; a person's where one is; else pass; not applicable where none applies."""
    breaches = [breach for outcome in outcomes for breach in outcome.breaches]
    judged = sum(outcome.judged for outcome in outcomes if outcome.verdict in (Verdict.PASS, Verdict.FAIL)) or 1
    if breaches or any(outcome.verdict is Verdict.FAIL for outcome in outcomes):
        return Outcome(Verdict.FAIL, breaches=tuple(breaches), judged=max(judged, len(breaches)))
    for verdict in (Verdict.UNKNOWN, Verdict.MANUAL):
        first = next((outcome for outcome in outcomes if outcome.verdict is verdict), None)
        if first is not None:
            return first
    lines = tuple(line for outcome in outcomes for line in outcome.lines)
    if any(outcome.verdict is Verdict.PASS for outcome in outcomes):
        return Outcome(Verdict.PASS, lines=lines, judged=judged)
    return outcomes[0] if outcomes else does_not_apply("nothing-to-judge")


def evidence_lines(outcome: Outcome) -> Sequence[Line]:
    """The lines a verdict rests on, each once, in the order of the text."""
    lines = {line.number: line for breach in outcome.breaches for line in breach.lines} or {line.number: line for line in outcome.lines}
    return [lines[number] for number in sorted(lines)][:MOST_LINES_SHOWN]


def remediation(outcome: Outcome) -> Sequence[str]:
    """The commands of all breaches in order; a section is entered once for what follows in it."""
    commands: list[str] = []
    given: set[str] = set()
    for breach in outcome.breaches:
        for command in breach.remediation:
            if command not in given or command.startswith(" "):
                commands.append(command)
                given.add(command)
    return commands
