"""A configuration rule as a rule of an assessment: judged on the newest whole running configuration of each device."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from natvakt_server.analysis.configuration.check import ConfigurationRule, Outcome, Subject, judge_rule
from natvakt_server.analysis.configuration.indentation import reindented
from natvakt_server.analysis.evidence import NANOSECONDS, Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Rule, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity, Verdict
from natvakt_server.domain.configuration.parser import parse

TABLE = "configuration"
KEPT = 512  # devices of one customer, so that its rules read each text once


@dataclass(frozen=True, slots=True)
class Shelf:
    """Configurations as they were read last, by what they were read from; the least used fall off."""

    kept: OrderedDict[tuple[str, ...], Subject] = field(default_factory=OrderedDict)

    def subject(self, text: str, device: Device, evidence: Evidence) -> Subject:
        system = device.os or ""
        asked = repr((sorted(evidence.policy.items()), sorted(evidence.places.items())))
        key = (text, system, device.role.value, device.version or "", asked, str(evidence.as_of_ns))
        found = self.kept.pop(key, None)
        if found is None:
            strict = bool(evidence.policy.get("strict", 0))
            configuration = parse(reindented(text), system)
            found = Subject(system, configuration, device.role, device.version, strict, evidence.policy, day_of(evidence), evidence.places)
        self.kept[key] = found
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return found


def day_of(evidence: Evidence) -> date:
    return datetime.fromtimestamp(evidence.as_of_ns // NANOSECONDS, UTC).date()


def as_rule(rule: ConfigurationRule, shelf: Shelf | None = None) -> Rule:
    """Applies to devices of its roles whose system it has a requirement for."""
    systems = {system for requirement in rule.requirements for system in requirement.systems}
    used = shelf if shelf is not None else Shelf()

    def applies(device: Device) -> bool:
        return device.os in systems and (not rule.roles or device.role in rule.roles)

    def judge(device: Device, evidence: Evidence) -> Judgement:
        return judge_device(rule, device, evidence, used)

    return Rule(
        id=rule.id,
        title=rule.title,
        impact=rule.impact,
        recommendation=rule.recommendation,
        severities=rule.severities,
        applies_to=applies,
        tables=(),
        beside=(TABLE,),
        judge=judge,
        effort_minutes=rule.effort_minutes,
        references=(*rule.identifiers, *rule.references),
        version=rule.version,
        aliases=rule.aliases,
        change=rule.change,
    )


def beside(rule: Rule, check: Rule) -> Rule:
    """One rule that judges other evidence and the configuration: it fails where either fails and is known where either is."""

    def applies(device: Device) -> bool:
        return rule.applies_to(device) or check.applies_to(device)

    def judge(device: Device, evidence: Evidence) -> Judgement:
        asked: list[Callable[[Device, Evidence], Judgement]] = []
        missing = next((found for name in rule.tables if (found := device.table(name).missing) is not None), None)
        if rule.applies_to(device):
            asked.append(rule.judge if missing is None else lambda _device, _evidence: unknown(missing))
        if check.applies_to(device):
            asked.append(check.judge)
        return either([each(device, evidence) for each in asked])

    return replace(
        rule,
        applies_to=applies,
        tables=(),
        beside=tuple(dict.fromkeys((*rule.tables, *rule.beside, *check.beside))),
        judge=judge,
        severities=tuple(sorted({*rule.severities, *check.severities}, key=list(Severity).index)),
        references=tuple(dict.fromkeys((*rule.references, *check.references))),
    )


def either(judgements: list[Judgement]) -> Judgement:
    """Fails together; else the first that passes, is not applicable or asks a person; unknown where all are."""
    failures = [failure for each in judgements for failure in each.failures]
    if failures:
        return Judgement(Verdict.FAIL, failures=tuple(failures), judged=max(sum(each.judged for each in judgements), len(failures)))
    for verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.MANUAL):
        found = next((each for each in judgements if each.verdict is verdict), None)
        if found is not None:
            return found
    return judgements[0]


def judge_device(rule: ConfigurationRule, device: Device, evidence: Evidence, shelf: Shelf) -> Judgement:
    table = device.table(TABLE)
    text = next((row.get("text") for row in table.rows if isinstance(row.get("text"), str)), None)
    if table.missing is not None or not isinstance(text, str) or device.os is None:
        return unknown(Reason.NO_CONFIG)
    subject = shelf.subject(text, device, evidence)
    if subject.reading.empty:
        return unknown(Reason.NO_CONFIG)
    outcome = judge_rule(rule, subject)
    return unknown(Reason.NOT_PROVIDED) if outcome is None else judgement_of(outcome, table.observed_ns)


def judgement_of(outcome: Outcome, observed_ns: int) -> Judgement:
    if outcome.verdict is not Verdict.FAIL:
        return Judgement(outcome.verdict, outcome.reason, judged=outcome.judged)
    absent = (Fact("configuration", "no line sets it", None, observed_ns),)
    failures = [
        Failure(
            breach.object,
            breach.severity,
            tuple(Fact(f"line {line.number}", line.text, None, observed_ns) for line in breach.lines) or absent,
            breach.remediation,
            line=breach.lines[0].number if breach.lines else None,
        )
        for breach in outcome.breaches
    ]
    return Judgement(Verdict.FAIL, failures=tuple(failures), judged=outcome.judged)
