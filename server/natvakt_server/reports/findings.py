"""The parts on core network, security and voice: findings by severity, equal ones as one entry with a device table."""

from collections.abc import Iterator, Sequence

from natvakt_server.analysis.engine import SEVERITY_ORDER
from natvakt_server.reports.blocks import Block, Cell, Commands, FindingHead, Heading, Labelled, Paragraph, Table
from natvakt_server.reports.model import ReportDocument, ReportFinding
from natvakt_server.reports.words import Speech

RANK = {severity.value: place for place, severity in enumerate(SEVERITY_ORDER)}
SHOWN_FACTS = 9


def level_part(document: ReportDocument, level: str, number: int, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"{number} {speech(level)}", level)
    note = document.levels[level]
    if not note.applies:
        yield Paragraph(speech.sentence("level-none"))
        return
    groups: dict[str, list[ReportFinding]] = {}
    for finding in document.findings:
        if finding.level == level:
            groups.setdefault(finding.rule, []).append(finding)
    if not groups:
        yield Paragraph(speech.sentence("level-clean"))
    for group in sorted(groups.values(), key=lambda g: (min(RANK[f.severity] for f in g), g[0].rule)):
        yield from entry(group, speech)


def entry(group: Sequence[ReportFinding], speech: Speech) -> Iterator[Block]:
    first = min(group, key=lambda f: RANK[f.severity])
    yield FindingHead(first.severity, speech(first.severity), speech.title(first.title), first.rule, f"rule-{first.rule}")
    yield Labelled(speech("impact"), speech.title(first.impact), lead=True)
    rows = tuple(
        (
            Cell(speech(f.severity), f.severity),
            Cell(f"{f.device}\n{f.address}"),
            Cell(f.object or ""),
            Cell(facts(f, speech)),
            Cell(speech(f.state), f.state),
        )
        for f in sorted(group, key=lambda f: (RANK[f.severity], f.device, f.object or ""))
    )
    head = tuple(speech(w) for w in ("severity", "device", "object", "evidence", "state"))
    yield Table(head, (1, 1.3, 1.5, 3.6, 1), rows)
    yield Labelled(speech("recommendation"), speech.title(first.recommendation))
    effort = sum(f.effort_minutes for f in group)
    yield Labelled(speech("effort"), speech.duration(effort))
    lines = tuple(line for f in group if f.remediation for line in (f"! {f.device} {f.address}", *f.remediation))
    if lines:
        yield Commands(speech("commands"), lines)
    if first.references:
        yield Labelled(speech("references"), ", ".join(first.references))


def facts(finding: ReportFinding, speech: Speech) -> str:
    """Facts one a line, with the time of the newest observation last."""
    lines = [f"{speech.fact(fact.what)}: {speech.quantity(fact.value, fact.unit)}" for fact in finding.evidence[:SHOWN_FACTS]]
    if len(finding.evidence) > SHOWN_FACTS:
        lines.append(f"(+{len(finding.evidence) - SHOWN_FACTS})")
    newest = max((fact.at for fact in finding.evidence if fact.at), default=None)
    if newest:
        lines.append(speech.moment(newest))
    return "\n".join(lines)
