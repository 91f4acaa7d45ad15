"""From judged evidence to the report model. Pure: same input, same document."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from natvakt_server.analysis.engine import SEVERITY_ORDER, Judged, standing
from natvakt_server.analysis.evidence import Acceptance, Device, Evidence, accepted_now
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.score import DECIDED, FORMULA_VERSION, Scores, score
from natvakt_server.domain.assessment import Evidence as JudgedFact
from natvakt_server.domain.assessment import Finding, FindingState, Level, Verdict
from natvakt_server.reports.actions import actions, contracts_by_serial, first_actions, under_contract
from natvakt_server.reports.availability import availability
from natvakt_server.reports.backup_notes import backup_jobs, backups
from natvakt_server.reports.difference import compared, counted, fixed_earlier, since_last
from natvakt_server.reports.model import (
    AcceptedRisk,
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
from natvakt_server.reports.outlook_model import Outlook
from natvakt_server.reports.performance import performance

CYCLES_A_YEAR: Mapping[str, int] = MappingProxyType({"weekly": 52, "monthly": 12, "quarterly": 4})
LAST_SUPPORT = "last_date_of_support"
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
    outlook: Outlook | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)


def build(
    frame: Frame, evidence: Evidence, rules: Sequence[Rule], judged: Sequence[Judged], findings: Sequence[Finding], scores: Scores
) -> ReportDocument:
    """The unsigned document. `scores`: of what stands when accepted findings are left out."""
    made = tuple(report_finding(f, evidence) for f in findings)
    gone = since_last(frame.previous, findings, judged, evidence.as_of_ns)
    work = actions(made, evidence, rules, frame.outlook)
    first = first_actions(work)
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
            "severity": {s.value: sum(f.severity == s.value and f.state != FindingState.ACCEPTED for f in made) for s in SEVERITY_ORDER},
            "state": counted([f.state for f in made], gone),
        },
        previous=compared(frame.previous, judged, standing(judged, evidence)),
        findings=made,
        since_last=gone,
        actions=work,
        verdicts=verdict_notes(judged, evidence),
        performance=performance(evidence),
        inventory=inventory(evidence, made, frame.outlook),
        rules=rule_notes(rules, judged),
        knowledge=knowledge_note(frame.outlook),
        inputs_digest=frame.inputs_digest,
        formula_version=FORMULA_VERSION,
        public_key=frame.public_key.hex(),
        schedule=frame.schedule,
        planned_cycle=frame.planned_cycle,
        planned_cycles=(frame.previous.planned_cycles if frame.previous else 0) + (frame.planned_cycle is not None),
        cycles=CYCLES_A_YEAR.get(frame.schedule or ""),
        cost=cost(work, first, frame.outlook),
        not_observed=not_observed(judged),
        raw_scores=dict(scores.scores if not evidence.once(accepted_now) else score(judged).scores),
        first=first,
        outlook=frame.outlook,
        backups=backups(evidence, judged),
        backup_jobs=backup_jobs(evidence),
        availability=availability(evidence),
        fixed_earlier=fixed_earlier(frame.previous, findings),
        marks=dict(frame.marks),
    )


def verdict_notes(judged: Sequence[Judged], evidence: Evidence) -> tuple[ReportVerdict, ...]:
    return tuple(verdict_note(whole, left) for whole, left in zip(judged, standing(judged, evidence), strict=True))


def verdict_note(item: Judged, left: Judged) -> ReportVerdict:
    """`left`: the same without what is accepted."""
    row = item.row()
    severity = item.severity.value if item.severity else None
    accepted = len(item.judgement.failures) - len(left.judgement.failures)
    return ReportVerdict(row.rule, row.device, row.verdict.value, row.reason, row.device_id, severity, row.failing, row.judged, accepted)


def cost(work: Sequence[Action], first: Sequence[str], outlook: Outlook | None) -> Cost:
    """A sum of hardware only where every price of the budget is known."""
    lines = outlook.budget if outlook else ()
    prices = [line.price for line in lines if line.price is not None]
    return Cost(
        minutes=sum(a.effort_minutes for a in work),
        first_minutes=sum(a.effort_minutes for a in work if a.id in first),
        hardware=sum(prices) if lines and len(prices) == len(lines) else None,
        units=sum(line.count for line in lines) if outlook is not None and outlook.models else None,
    )


def knowledge_note(outlook: Outlook | None) -> dict[str, str | int | None]:
    """How many sources, how many facts, and the day of the oldest source."""
    told = outlook.sources if outlook else ()
    return {
        "sources": len({each.source for each in told}),
        "facts": sum(each.facts for each in told),
        "as_of": max((each.as_of for each in told), default=None),
        "oldest": min((each.as_of for each in told), default=None),
    }


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


def acceptances(evidence: Evidence) -> Mapping[str, Acceptance]:
    """By finding, those that have ended too."""
    return {each.finding: each for each in evidence.acceptances}


def accepted_risk(finding: str, evidence: Evidence) -> AcceptedRisk | None:
    given = evidence.once(acceptances).get(finding)
    if given is None:
        return None
    ended = finding not in evidence.once(accepted_now)
    return AcceptedRisk(given.reason, given.by, given.until.isoformat(), iso(given.accepted_ns), ended)


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
        acceptance=accepted_risk(finding.id, evidence),
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


def inventory(evidence: Evidence, findings: Sequence[ReportFinding], outlook: Outlook | None) -> tuple[InventoryDevice, ...]:
    count = Counter(f.device_id for f in findings)
    last = {life.model: life.milestones.get(LAST_SUPPORT) for life in (outlook.models if outlook else ())}
    covered = evidence.once(contracts_by_serial)
    return tuple(
        InventoryDevice(
            name=d.name,
            address=d.address,
            site=d.site,
            role=d.role.value,
            os=d.os,
            version=d.version,
            model=d.model,
            serial=d.serial,
            findings=count[d.id],
            last_seen=iso(d.last_seen_ns) if d.last_seen_ns else None,
            id=d.id,
            modules=modules(d),
            origin=d.place,
            contract=under_contract(d, evidence, covered),
            last_support=last.get(d.model or ""),
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
