"""From findings to pieces of work: what is done together, in which order, at what risk, and how it is taken back.

Findings of one rule are one action, with a table of its devices. A measure goes further: one upgrade of a device closes everything that
waits for other software, one replacement everything that is wrong with the old hardware. Devices of one model and system share a measure.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec

from natvakt_server.analysis.engine import SEVERITY_ORDER
from natvakt_server.analysis.evidence import NANOSECONDS, Contract, Device, Evidence
from natvakt_server.analysis.measures import AFTER, BEFORE_RESTART, BESIDE_UPGRADE, MEASURES, Measure
from natvakt_server.analysis.rule import Change, Rule
from natvakt_server.analysis.score import HEAVY_ROLE, PENALTY
from natvakt_server.domain.assessment import FindingState, Severity
from natvakt_server.reports.commands import address, is_uniform, listed_commands, listing
from natvakt_server.reports.model import Action, ActionDevice, ReportFinding, Text
from natvakt_server.reports.outlook_model import Outlook
from natvakt_server.reports.rollback import undone

FIRST_ACTIONS = 5
HALF_HOUR = 30
CHANGES = tuple(Change)  # from what nobody notices to what needs hands
RANK = {severity.value: place for place, severity in enumerate(SEVERITY_ORDER)}
TITLES: Mapping[Measure, tuple[str, str]] = MappingProxyType(
    {
        Measure.UPGRADE: ("Upgrade the software of {what}{to}", "Uppgradera programvaran i {what}{to}"),
        Measure.REPLACE: ("Replace {what}{to}", "Byt ut {what}{to}"),
    }
)
TO: Mapping[Measure, tuple[str, str]] = MappingProxyType(
    {Measure.UPGRADE: (" to {target}", " till {target}"), Measure.REPLACE: (" with {target}", " mot {target}")}
)
UNNAMED: Text = {"en": "devices of unknown model", "sv": "enheter av okänd modell"}
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One action before it has its place in the order."""

    action: Action
    rules: frozenset[str]
    device_ids: frozenset[str]


def actions(findings: Sequence[ReportFinding], evidence: Evidence, rules: Sequence[Rule], outlook: Outlook | None) -> tuple[Action, ...]:
    """The most risk removed per hour first, each after what must be done before it. Accepted findings ask for no work."""
    open_ = [f for f in findings if f.state != FindingState.ACCEPTED]
    upgraded = {f.device_id for f in open_ if MEASURES.get(f.rule) is Measure.UPGRADE}
    grouped: dict[Key, list[ReportFinding]] = {}
    for finding in open_:
        grouped.setdefault(_key(finding, evidence, upgraded), []).append(finding)
    changes = {rule.id: rule.change for rule in rules}
    made = [_work(key, group, evidence, changes, outlook) for key, group in sorted(grouped.items())]
    made.sort(key=lambda w: (-w.action.risk_per_hour, w.action.id))
    return _in_order(made)


def first_actions(made: Sequence[Action]) -> tuple[str, ...]:
    """Ids of those that remove most risk per hour."""
    return tuple(a.id for a in sorted(made, key=lambda a: -a.risk_per_hour)[:FIRST_ACTIONS])


def _key(finding: ReportFinding, evidence: Evidence, upgraded: set[str]) -> Key:
    measure = MEASURES.get(finding.rule)
    if finding.rule in BESIDE_UPGRADE and finding.device_id in upgraded:
        measure = Measure.UPGRADE
    if measure is None:
        return "rule", finding.rule
    device = evidence.device(finding.device_id)
    return measure.value, (device.model if device else None) or "", (device.os if device else None) or ""


def _work(key: Key, group: Sequence[ReportFinding], evidence: Evidence, changes: Mapping[str, Change], outlook: Outlook | None) -> Work:
    lead = min(group, key=lambda f: (RANK[f.severity], f.rule, f.device))
    measure = Measure(key[0]) if key[0] != "rule" else None
    change = max((changes.get(f.rule, Change.LIVE) for f in group), key=CHANGES.index)
    if measure is Measure.REPLACE:
        change = Change.ON_SITE
    elif measure is Measure.UPGRADE:
        change = max(change, Change.RESTART, key=CHANGES.index)
    table = device_table(group, evidence, shared=measure is not None)
    minutes = sum(row.effort_minutes for row in table)
    undo, rollback = _way_back(group, measure, change)
    weights = [device.role.weight for f in group if (device := evidence.device(f.device_id)) is not None]
    action = Action(
        id=hashlib.sha256("\x1f".join((evidence.tenant, *key)).encode()).hexdigest()[:12],
        rule=lead.rule,
        level=lead.level,
        severity=lead.severity,
        title=lead.title if measure is None else _title(measure, key[1], outlook, key[2]),
        recommendation=lead.recommendation,
        devices=tuple(row.name for row in table),
        findings=tuple(f.id for f in group),
        effort_minutes=minutes,
        risk=round(sum(_risk(f, evidence) for f in group), 4),
        commands=listing(group),
        change=change.value,
        uniform=is_uniform(group),
        rules=tuple(sorted({f.rule for f in group})),
        table=table,
        rollback=rollback,
        undo=undo,
        change_risk=_change_risk(change, max(weights, default=1)),
        draws_minutes=-(-minutes // HALF_HOUR) * HALF_HOUR,
    )
    return Work(action, frozenset(action.rules), frozenset(f.device_id for f in group))


def device_table(group: Sequence[ReportFinding], evidence: Evidence, *, shared: bool) -> tuple[ActionDevice, ...]:
    """A line for each device. `shared`: one piece of work closes all its findings, so it takes as long as the longest."""
    by_device: dict[str, list[ReportFinding]] = {}
    for finding in group:
        by_device.setdefault(finding.device_id, []).append(finding)
    covered = evidence.once(contracts_by_serial)
    rows = []
    for device_id, found in by_device.items():
        minutes = [f.effort_minutes for f in found]
        rows.append(
            ActionDevice(
                name=found[0].device,
                address=found[0].address,
                site=found[0].site,
                findings=len(found),
                effort_minutes=max(minutes) if shared else sum(minutes),
                contract=under_contract(evidence.device(device_id), evidence, covered),
            )
        )
    return tuple(rows)


def contracts_by_serial(evidence: Evidence) -> Mapping[str, Contract]:
    """The contract that ends last, for each serial number."""
    found: dict[str, Contract] = {}
    for contract in evidence.contracts or ():
        known = found.get(contract.serial)
        if known is None or (known.ends_on is not None and (contract.ends_on is None or contract.ends_on > known.ends_on)):
            found[contract.serial] = contract
    return found


def under_contract(device: Device | None, evidence: Evidence, covered: Mapping[str, Contract]) -> bool | None:
    """None where no list of contracts was given, or the device tells no serial number."""
    if evidence.contracts is None or device is None or not device.serial:
        return None
    contract = covered.get(device.serial)
    today = datetime.fromtimestamp(evidence.as_of_ns // NANOSECONDS, ZoneInfo(evidence.time_zone)).date()
    return contract is not None and (contract.ends_on is None or contract.ends_on >= today)


def _way_back(group: Sequence[ReportFinding], measure: Measure | None, change: Change) -> tuple[str, tuple[str, ...]]:
    if measure is Measure.UPGRADE:
        return "image", ()
    if measure is Measure.REPLACE or change is Change.ON_SITE:
        return "part", ()
    back = [(address(f), undone(f.remediation, f.evidence)) for f in group if f.remediation]
    if not back or any(lines is None for _, lines in back):
        return "configuration", ()
    return "commands", listed_commands((device, lines or ()) for device, lines in back)


def _title(measure: Measure, model: str, outlook: Outlook | None, system: str) -> Text:
    target = _target(measure, model, outlook, system)
    said = {}
    for place, language in enumerate(("en", "sv")):
        to = TO[measure][place].format(target=target) if target else ""
        said[language] = TITLES[measure][place].format(what=model or UNNAMED[language], to=to)
    return said


def _target(measure: Measure, model: str, outlook: Outlook | None, system: str) -> str | None:
    """The release or product to go to, where the knowledge base names one."""
    if outlook is None:
        return None
    if measure is Measure.REPLACE:
        return next((life.replacement for life in outlook.models if life.model == model and life.replacement), None)
    planned = next((u.release for u in outlook.upgrades if (u.model, u.os) == (model, system)), None)
    return planned or next((s.recommended[0] for s in outlook.software if (s.model, s.os) == (model, system) and s.recommended), None)


def _change_risk(change: Change, weight: int) -> str:
    if change is Change.LIVE:
        return "low"
    return "high" if weight >= HEAVY_ROLE else "medium"


def _risk(finding: ReportFinding, evidence: Evidence) -> float:
    device = evidence.device(finding.device_id)
    return float(PENALTY[Severity(finding.severity)]) * (device.role.weight if device else 1)


def _in_order(made: Sequence[Work]) -> tuple[Action, ...]:
    """What must be done first is drawn forward to just before the first action that waits for it."""
    before = {work.action.id: [first for first in made if first is not work and waits_for(work, first)] for work in made}
    ordered: dict[str, Action] = {}

    def place(work: Work, path: frozenset[str]) -> None:
        if work.action.id in ordered or work.action.id in path:
            return
        for first in before[work.action.id]:
            place(first, path | {work.action.id})
        ordered[work.action.id] = msgspec.structs.replace(work.action, after=_ids(before[work.action.id]))

    for work in made:
        place(work, frozenset())
    return tuple(ordered.values())


def waits_for(work: Work, first: Work) -> bool:
    """Whether `first` must be done before, on some device that both concern."""
    wanted = {rule for each in work.rules for rule in AFTER.get(each, ())}
    if work.action.change in (Change.RESTART, Change.ON_SITE) and first.action.change not in (Change.RESTART, Change.ON_SITE):
        wanted |= set(BEFORE_RESTART)
    return bool(wanted & first.rules) and not work.device_ids.isdisjoint(first.device_ids)


def _ids(works: Iterable[Work]) -> tuple[str, ...]:
    return tuple(work.action.id for work in works)
