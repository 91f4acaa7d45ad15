"""From judged evidence to the report model. Pure: same input, same document."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.analysis.engine import SEVERITY_ORDER, Judged
from natvakt_server.analysis.evidence import Evidence
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.score import FORMULA_VERSION, PENALTY, Scores
from natvakt_server.domain.assessment import Evidence as JudgedFact
from natvakt_server.domain.assessment import Finding, FindingState, Level, Severity, Verdict
from natvakt_server.reports.model import (
    Action,
    Fact,
    Fixed,
    InventoryDevice,
    Previous,
    ReportDocument,
    ReportFinding,
    ReportVerdict,
    RuleNote,
    iso,
)
from natvakt_server.reports.model import Level as LevelNote
from natvakt_server.reports.performance import performance


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the judgement: whose report, which cycle, by which key."""

    id: str
    partner: str
    language: str
    cycle: int
    planned_ns: int | None
    public_key: bytes
    inputs_digest: str
    previous: ReportDocument | None = None


def build(
    frame: Frame, evidence: Evidence, rules: Sequence[Rule], judged: Sequence[Judged], findings: Sequence[Finding], scores: Scores
) -> ReportDocument:
    """The unsigned document."""
    made = tuple(report_finding(f, evidence) for f in findings)
    fixed = since_last(frame.previous, findings, judged)
    states = Counter(f.state for f in made) + Counter(f.state for f in fixed)
    return ReportDocument(
        id=frame.id,
        tenant=evidence.tenant,
        customer=evidence.customer,
        partner=frame.partner,
        sites=evidence.sites,
        language=frame.language,
        time_zone=evidence.time_zone,
        made_at=iso(evidence.as_of_ns),
        cycle=frame.cycle,
        planned_at=iso(frame.planned_ns) if frame.planned_ns is not None else None,
        scores=dict(scores.scores),
        coverage=dict(scores.coverage),
        levels=level_notes(judged, scores),
        counts={
            "severity": {s.value: sum(f.severity == s.value for f in made) for s in SEVERITY_ORDER},
            "state": {s.value: states.get(s.value, 0) for s in FindingState},
        },
        previous=Previous(frame.previous.id, frame.previous.made_at, frame.previous.scores) if frame.previous else None,
        findings=made,
        since_last=fixed,
        actions=actions(made, evidence),
        verdicts=tuple(ReportVerdict(r.rule, r.device, r.verdict.value, r.reason) for r in (j.row() for j in judged)),
        performance=performance(evidence),
        inventory=inventory(evidence, made),
        rules=rule_notes(rules, judged),
        knowledge={"sources": 0, "as_of": None},
        inputs_digest=frame.inputs_digest,
        formula_version=FORMULA_VERSION,
        public_key=frame.public_key.hex(),
    )


def report_finding(finding: Finding, evidence: Evidence) -> ReportFinding:
    device = evidence.device(finding.device_id)
    return ReportFinding(
        id=finding.id,
        rule=finding.rule,
        level=finding.rule.split(".", 1)[0],
        verdict=Verdict.FAIL.value,
        severity=finding.severity.value,
        state=finding.state.value,
        device=finding.device,
        device_id=finding.device_id,
        address=finding.address,
        site=device.site if device else "",
        object=finding.object,
        line=finding.line,
        title=dict(finding.title),
        impact=dict(finding.impact),
        recommendation=dict(finding.recommendation),
        evidence=tuple(_fact(fact) for fact in finding.evidence),
        remediation=tuple(finding.remediation),
        effort_minutes=finding.effort_minutes,
        references=tuple(finding.references),
    )


def _fact(fact: JudgedFact) -> Fact:
    value = fact.value if isinstance(fact.value, str | int | float | bool | None) else str(fact.value)
    return Fact(fact.what, value, fact.unit, iso(fact.at_ns) if fact.at_ns else None)


def level_notes(judged: Sequence[Judged], scores: Scores) -> dict[str, LevelNote]:
    """`applies` is false where no rule of the level applies to any device: the report then says so in one line."""
    notes = {}
    for level in Level:
        applies = any(j.rule.level is level and j.judgement.verdict is not Verdict.NOT_APPLICABLE for j in judged)
        notes[level.value] = LevelNote(
            scores.scores.get(level.value), scores.coverage.get(level.value), scores.provisional(level.value), applies
        )
    return notes


def since_last(previous: ReportDocument | None, findings: Sequence[Finding], judged: Sequence[Judged]) -> tuple[Fixed, ...]:
    """Findings of last time that are not here now: fixed where the rule passed on new evidence, else not verified."""
    if previous is None:
        return ()
    now = {f.id for f in findings}
    verdicts = {(j.rule.id, j.device.id): j.judgement for j in judged}
    gone = []
    for old in previous.findings:
        if old.id in now:
            continue
        judgement = verdicts.get((old.rule, old.device_id))
        fixed = judgement is not None and judgement.verdict in (Verdict.PASS, Verdict.FAIL)
        proof = "pass" if fixed else (judgement.reason or judgement.verdict.value) if judgement else "device-gone"
        state = FindingState.FIXED if fixed else FindingState.NOT_VERIFIED
        gone.append(Fixed(old.id, old.rule, old.device, old.object, old.severity, old.title, state.value, proof))
    return tuple(gone)


def known_states(previous: ReportDocument | None) -> Mapping[str, str]:
    """Finding id -> state it was left in, for telling new from open from regressed."""
    if previous is None:
        return {}
    return {f.id: f.state for f in previous.findings} | {f.id: f.state for f in previous.since_last}


def actions(findings: Sequence[ReportFinding], evidence: Evidence) -> tuple[Action, ...]:
    """One action per rule: the same work on each device named. Sorted by risk removed per hour, the most first."""
    grouped: dict[str, list[ReportFinding]] = {}
    for finding in findings:
        grouped.setdefault(finding.rule, []).append(finding)
    made = []
    for rule, group in sorted(grouped.items()):
        risk = sum(_risk(f, evidence) for f in group)
        first = group[0]
        made.append(
            Action(
                id=hashlib.sha256(f"{evidence.tenant}\x1f{rule}".encode()).hexdigest()[:12],
                rule=rule,
                level=first.level,
                severity=first.severity,
                title=first.title,
                recommendation=first.recommendation,
                devices=tuple(dict.fromkeys(f.device for f in group)),
                findings=tuple(f.id for f in group),
                effort_minutes=sum(f.effort_minutes for f in group),
                risk=round(risk, 3),
                commands=tuple(line for f in group for line in (f"! {f.device} {f.address}", *f.remediation)),
            )
        )
    return tuple(sorted(made, key=lambda a: (-a.risk * 60 / max(1, a.effort_minutes), a.rule)))


def _risk(finding: ReportFinding, evidence: Evidence) -> float:
    device = evidence.device(finding.device_id)
    return float(PENALTY[Severity(finding.severity)]) * (device.role.weight if device else 1)


def inventory(evidence: Evidence, findings: Sequence[ReportFinding]) -> tuple[InventoryDevice, ...]:
    count = Counter(f.device_id for f in findings)
    return tuple(
        InventoryDevice(
            d.name,
            d.address,
            d.site,
            d.role.value,
            d.os,
            d.version,
            d.model,
            d.serial,
            count[d.id],
            iso(d.last_seen_ns) if d.last_seen_ns else None,
        )
        for d in sorted(evidence.devices, key=lambda d: (d.site, d.name))
    )


def rule_notes(rules: Sequence[Rule], judged: Sequence[Judged]) -> tuple[RuleNote, ...]:
    fell: dict[str, Counter[str]] = {}
    for item in judged:
        fell.setdefault(item.rule.id, Counter())[item.judgement.verdict.value] += 1
    return tuple(
        RuleNote(r.id, r.version, dict(r.title.mapping()), dict(sorted(fell.get(r.id, Counter()).items())))
        for r in sorted(rules, key=lambda r: r.id)
    )
