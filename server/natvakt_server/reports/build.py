"""From judged evidence to the report model. Pure: same input, same document."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from natvakt_server.analysis.engine import SEVERITY_ORDER, Judged
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.score import DECIDED, FORMULA_VERSION, PENALTY, Scores
from natvakt_server.domain.assessment import Evidence as JudgedFact
from natvakt_server.domain.assessment import Finding, Level, Severity, Verdict
from natvakt_server.reports.commands import is_uniform, listing
from natvakt_server.reports.difference import compared, counted, fixed_earlier, since_last
from natvakt_server.reports.model import (
    Action,
    Cost,
    Fact,
    InventoryDevice,
    Mark,
    Module,
    NotObserved,
    ReportDocument,
    ReportFinding,
    ReportVerdict,
    RuleNote,
    iso,
)
from natvakt_server.reports.model import Level as LevelNote
from natvakt_server.reports.performance import performance

FIRST_ACTIONS = 5
CYCLES_A_YEAR: Mapping[str, int] = MappingProxyType({"weekly": 52, "monthly": 12, "quarterly": 4})
NOT_MODULES = frozenset({"chassis", "stack", "port", "sensor", "container", "cpu"})


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
    schedule: str | None = None
    planned_cycle: int | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)


def build(
    frame: Frame, evidence: Evidence, rules: Sequence[Rule], judged: Sequence[Judged], findings: Sequence[Finding], scores: Scores
) -> ReportDocument:
    """The unsigned document."""
    made = tuple(report_finding(f, evidence) for f in findings)
    gone = since_last(frame.previous, findings, judged, evidence.as_of_ns)
    work = actions(made, evidence, rules)
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
            "state": counted([f.state for f in made], gone),
        },
        previous=compared(frame.previous, judged),
        findings=made,
        since_last=gone,
        actions=work,
        verdicts=tuple(verdict_note(j) for j in judged),
        performance=performance(evidence),
        inventory=inventory(evidence, made),
        rules=rule_notes(rules, judged),
        knowledge={"sources": 0, "as_of": None},
        inputs_digest=frame.inputs_digest,
        formula_version=FORMULA_VERSION,
        public_key=frame.public_key.hex(),
        schedule=frame.schedule,
        planned_cycle=frame.planned_cycle,
        planned_cycles=(frame.previous.planned_cycles if frame.previous else 0) + (frame.planned_cycle is not None),
        cycles=CYCLES_A_YEAR.get(frame.schedule or ""),
        cost=Cost(sum(a.effort_minutes for a in work), sum(a.effort_minutes for a in work[:FIRST_ACTIONS])),
        not_observed=not_observed(judged),
        fixed_earlier=fixed_earlier(frame.previous, findings),
        marks=dict(frame.marks),
    )


def verdict_note(item: Judged) -> ReportVerdict:
    row = item.row()
    severity = item.severity.value if item.severity else None
    return ReportVerdict(row.rule, row.device, row.verdict.value, row.reason, row.device_id, severity, row.failing, row.judged)


def not_observed(judged: Sequence[Judged]) -> tuple[NotObserved, ...]:
    """Devices of which no rule could decide anything."""
    by_device: dict[str, list[Judged]] = {}
    for item in judged:
        by_device.setdefault(item.device.id, []).append(item)
    silent = []
    for items in by_device.values():
        reasons = Counter(i.judgement.reason or "" for i in items if i.judgement.verdict is Verdict.UNKNOWN)
        if reasons and not any(i.judgement.verdict in DECIDED for i in items):
            device, reason = items[0].device, min(reasons, key=lambda r: (-reasons[r], r))
            silent.append(NotObserved(device.name, device.address, device.site, reason))
    return tuple(sorted(silent, key=lambda n: (n.site, n.device)))


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
        verdicts = {j.judgement.verdict for j in judged if j.rule.level is level}
        notes[level.value] = LevelNote(
            score=scores.scores.get(level.value),
            coverage=scores.coverage.get(level.value),
            provisional=scores.provisional(level.value),
            applies=bool(verdicts - {Verdict.NOT_APPLICABLE}),
            decided=bool(verdicts & set(DECIDED)),
        )
    return notes


def actions(findings: Sequence[ReportFinding], evidence: Evidence, rules: Sequence[Rule]) -> tuple[Action, ...]:
    """One action per rule: the same work on each device named. Sorted by risk removed per hour, the most first."""
    changes = {rule.id: rule.change.value for rule in rules}
    grouped: dict[str, list[ReportFinding]] = {}
    for finding in findings:
        grouped.setdefault(finding.rule, []).append(finding)
    made = []
    for rule, group in sorted(grouped.items()):
        risk = sum(_risk(f, evidence) for f in group)
        first = group[0]  # findings come with the most severe first
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
                commands=listing(group),
                change=changes[rule],
                uniform=is_uniform(group),
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
            d.id,
            modules(d),
        )
        for d in sorted(evidence.devices, key=lambda d: (d.site, d.name))
    )


def modules(device: Device) -> tuple[Module, ...]:
    """Modules, power supplies, fans and optics that tell their model, by model; the device itself stands in its own line."""
    serials: dict[str, list[str]] = {}
    for row in device.table("component").rows:
        model = str(row.get("model") or "").strip()
        if model and model != device.model and row.get("class") not in NOT_MODULES:
            serials.setdefault(model, []).append(str(row.get("serial") or ""))
    return tuple(Module(model, len(found), tuple(sorted(s for s in found if s))) for model, found in sorted(serials.items()))


def rule_notes(rules: Sequence[Rule], judged: Sequence[Judged]) -> tuple[RuleNote, ...]:
    fell: dict[str, Counter[str]] = {}
    for item in judged:
        fell.setdefault(item.rule.id, Counter())[item.judgement.verdict.value] += 1
    return tuple(
        RuleNote(r.id, r.version, dict(r.title.mapping()), dict(sorted(fell.get(r.id, Counter()).items())))
        for r in sorted(rules, key=lambda r: r.id)
    )
