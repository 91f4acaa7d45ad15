"""A configuration rule as a rule of an assessment: judged on the newest whole running configuration of each device."""

from natvakt_server.analysis.configuration.check import ConfigurationRule, Outcome, Subject, judge_rule
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Rule, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.configuration.parser import parse

TABLE = "configuration"


def as_rule(rule: ConfigurationRule) -> Rule:
    """Applies to devices of its roles whose system it has a requirement for."""
    systems = {system for requirement in rule.requirements for system in requirement.systems}

    def applies(device: Device) -> bool:
        return device.os in systems and (not rule.roles or device.role in rule.roles)

    def judge(device: Device, evidence: Evidence) -> Judgement:
        return judge_device(rule, device, evidence)

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


def judge_device(rule: ConfigurationRule, device: Device, evidence: Evidence) -> Judgement:
    table = device.table(TABLE)
    text = next((row.get("text") for row in table.rows if isinstance(row.get("text"), str)), None)
    if table.missing is not None or not isinstance(text, str) or device.os is None:
        return unknown(Reason.NO_CONFIG)
    subject = Subject(device.os, parse(text, device.os), device.role, device.version, policy=evidence.policy)
    outcome = judge_rule(rule, subject)
    return unknown(Reason.NOT_PROVIDED) if outcome is None else judgement_of(outcome, table.observed_ns)


def judgement_of(outcome: Outcome, observed_ns: int) -> Judgement:
    if outcome.verdict is not Verdict.FAIL:
        return Judgement(outcome.verdict, outcome.reason, judged=outcome.judged)
    failures = [
        Failure(
            breach.object,
            breach.severity,
            tuple(Fact(f"line {line.number}", line.text, None, observed_ns) for line in breach.lines),
            breach.remediation,
            line=breach.lines[0].number if breach.lines else None,
        )
        for breach in outcome.breaches
    ]
    return Judgement(Verdict.FAIL, failures=tuple(failures), judged=outcome.judged)
