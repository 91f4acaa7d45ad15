"""Runs rules over evidence: a verdict for every rule and device it applies to, findings for what failed.

Pure and ordered: rules by id, devices by id, so that equal evidence gives equal output to the byte.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from natvakt_server.analysis.evidence import Device, Evidence, accepted_now
from natvakt_server.analysis.filling import filled
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Scope, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Finding, FindingState, Severity, Verdict, VerdictRow

SEVERITY_ORDER = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO)
SHOWN_OBJECTS = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule on one device with the severity it reached."""

    rule: Rule
    device: Device
    judgement: Judgement

    @property
    def severity(self) -> Severity | None:
        return highest(f.severity for f in self.judgement.failures)

    def row(self) -> VerdictRow:
        outcome = self.judgement
        return VerdictRow(
            self.rule.id, self.device.name, self.device.id, outcome.verdict, outcome.reason, len(outcome.failures), max(1, outcome.judged)
        )


def highest(severities: Iterable[Severity]) -> Severity | None:
    return min(severities, key=SEVERITY_ORDER.index, default=None)


def judge_all(rules: Sequence[Rule], evidence: Evidence) -> Sequence[Judged]:
    """Every rule on every device it applies to. A table that is missing gives `unknown` before the rule is asked."""
    devices = sorted(evidence.devices, key=lambda d: d.id)
    return [
        Judged(rule, device, judge_one(rule, device, evidence))
        for rule in sorted(rules, key=lambda r: r.id)
        for device in devices
        if rule.applies_to(device)
    ]


def judge_one(rule: Rule, device: Device, evidence: Evidence) -> Judgement:
    for name in rule.tables:
        missing = device.table(name).missing
        if missing is not None:
            return unknown(missing)
    return rule.judge(device, evidence)


def finding_id(evidence: Evidence, rule: Rule, parts: Sequence[str]) -> str:
    """Stable over renames, new addresses and replaced hardware: made of places in the estate, never of names."""
    text = "\x1f".join((evidence.tenant, rule.id, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def findings(judged: Sequence[Judged], evidence: Evidence, previous: Mapping[str, str] | None = None) -> Sequence[Finding]:
    """One finding per rule and device, or per link. `previous`: finding id -> state in the assessment before."""
    found: dict[str, tuple[bool, Finding]] = {}
    accepted = evidence.once(accepted_now)
    for item in judged:
        if item.judgement.verdict is not Verdict.FAIL:
            continue
        for mends_here, finding in _findings_of(item, evidence, previous):
            if finding.id in accepted:
                finding = replace(finding, state=FindingState.ACCEPTED)  # noqa: PLW2901 - the same finding
            known = found.get(finding.id)
            if known is None or (mends_here and not known[0]):
                found[finding.id] = (mends_here, finding)
    return sorted(
        (finding for _, finding in found.values()), key=lambda f: (SEVERITY_ORDER.index(f.severity), f.rule, f.device, f.object or "")
    )


def _findings_of(item: Judged, evidence: Evidence, previous: Mapping[str, str] | None) -> Iterable[tuple[bool, Finding]]:
    if item.rule.scope is Scope.DEVICE:
        yield True, _finding(item, evidence, item.judgement.failures, previous)
        return
    for failure in item.judgement.failures:
        yield failure.mends_here, _finding(item, evidence, (failure,), previous)


def identity(item: Judged, failure: Failure, evidence: Evidence) -> str:
    """Id of the finding that tells of this failure. Both ends of a link tell of one finding."""
    here = item.device.place
    if item.rule.scope is Scope.DEVICE:
        return finding_id(evidence, item.rule, (here,))
    peer = evidence.device(failure.peer) if failure.peer else None
    ends = sorted(((here, failure.object or ""), (peer.place if peer else failure.peer or "", failure.peer_object or "")))
    return finding_id(evidence, item.rule, tuple(part for end in ends for part in end))


def standing(judged: Sequence[Judged], evidence: Evidence) -> Sequence[Judged]:
    """The same verdicts without the failures that are accepted: what the score is made of."""
    accepted = evidence.once(accepted_now)
    if not accepted:
        return judged
    return [
        replace(item, judgement=replace(item.judgement, failures=left))
        if len(left := [f for f in item.judgement.failures if identity(item, f, evidence) not in accepted]) < len(item.judgement.failures)
        else item
        for item in judged
    ]


def _finding(item: Judged, evidence: Evidence, failures: Sequence[Failure], previous: Mapping[str, str] | None) -> Finding:
    rule, device = item.rule, item.device
    identifier = identity(item, failures[0], evidence)
    facts: list[Fact] = [fact for failure in failures for fact in failure.facts]
    commands: list[str] = []
    for failure in failures:
        told = filled(failure.remediation, evidence.places)
        commands.extend(command for command in told if command not in commands or command.startswith(" "))
    return Finding(
        id=identifier,
        rule=rule.id,
        severity=highest(f.severity for f in failures) or rule.severities[0],
        state=state_of(identifier, previous),
        device=device.name,
        device_id=device.id,
        address=device.address,
        object=name_objects(failures),
        line=next((failure.line for failure in failures if failure.line is not None), None),
        title=rule.title.mapping(),
        recommendation=rule.recommendation.mapping(),
        impact=rule.impact.mapping(),
        evidence=tuple(facts),
        remediation=tuple(commands),
        effort_minutes=rule.effort_minutes,
        references=rule.references,
    )


def state_of(identifier: str, previous: Mapping[str, str] | None) -> FindingState:
    """New the first time, open while it stays, regressed when it had been fixed."""
    before = (previous or {}).get(identifier)
    if before is None:
        return FindingState.NEW
    if before == FindingState.FIXED:
        return FindingState.REGRESSED
    return FindingState.OPEN


def name_objects(failures: Sequence[Failure]) -> str | None:
    names = list(dict.fromkeys(f.object for f in failures if f.object))
    if not names:
        return None
    rest = len(names) - SHOWN_OBJECTS
    return ", ".join(names[:SHOWN_OBJECTS]) + (f" (+{rest})" if rest > 0 else "")
