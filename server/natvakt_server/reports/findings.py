"""The parts on core network, security and voice: findings by severity, equal ones as one entry with a device table."""

from collections.abc import Iterator, Sequence

from natvakt_server.analysis.engine import SEVERITY_ORDER
from natvakt_server.reports.blocks import Block, Cell, Commands, FindingHead, Heading, Labelled, Paragraph, Table
from natvakt_server.reports.commands import listing
from natvakt_server.reports.model import Fact, ReportDocument, ReportFinding
from natvakt_server.reports.names import isolated
from natvakt_server.reports.words import Speech

RANK = {severity.value: place for place, severity in enumerate(SEVERITY_ORDER)}
SHOWN_FACTS = 6
NARROWEST, WIDEST, A_CHARACTER, A_CAPITAL = 0.85, 2.2, 0.092, 0.125  # widths of columns, of about 10 together
MARK = 0.26  # the sign before a severity or state, with its gap
WHOLE = 10.0
ROOMY = 4  # up to so many findings of one rule have each fact on a line of its own


def level_part(document: ReportDocument, level: str, number: int, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"{number} {speech(level)}", level, fresh=number == 4)
    groups: dict[str, list[ReportFinding]] = {}
    for finding in document.findings:
        if finding.level == level:
            groups.setdefault(finding.rule, []).append(finding)
    if not groups:
        yield Paragraph(nothing_found(document, level, speech))
    changes = {rule: action.change for action in document.actions for rule in action.rules}
    for rule, group in sorted(groups.items(), key=lambda item: (min(RANK[f.severity] for f in item[1]), item[0])):
        yield from entry(group, changes.get(rule), speech)


def nothing_found(document: ReportDocument, level: str, speech: Speech) -> str:
    """One line: it does not apply, it could not be judged, or it is in order."""
    note = document.levels[level]
    if not note.applies:
        return speech.sentence("level-none")
    if not note.decided or note.coverage is None:
        return speech.sentence("level-undecided")
    return speech.sentence("level-clean", coverage=speech.number(note.coverage, 0))


def entry(group: Sequence[ReportFinding], change: str | None, speech: Speech) -> Iterator[Block]:
    first = min(group, key=lambda f: RANK[f.severity])
    yield FindingHead(first.severity, speech.severity(first.severity), speech.title(first.title), first.rule, f"rule-{first.rule}")
    yield Labelled(speech("impact"), speech.title(first.impact), lead=True)
    same = shared_moment(group, speech)
    yield finding_table(group, speech, same)
    if same:
        yield Labelled(speech("observed"), same)
    yield Labelled(speech("recommendation"), speech.title(first.recommendation), lead=True)
    effort = speech.duration(sum(f.effort_minutes for f in group))
    lines = listing(group)
    followed = bool(lines or first.references)
    yield Labelled(speech("effort"), f"{effort}. {speech.change(change)}." if change else effort, lead=followed)
    if first.references:
        yield Labelled(speech("references"), ", ".join(first.references), lead=bool(lines))
    if lines:
        yield Commands(speech("commands"), lines)


def shared_moment(group: Sequence[ReportFinding], speech: Speech) -> str:
    """When all of them were observed at the same time it is said once, below the table."""
    moments = {observed(f, speech) for f in group}
    return moments.pop() if len(group) > 1 and len(moments) == 1 else ""


def finding_table(group: Sequence[ReportFinding], speech: Speech, same: str) -> Table:
    """A line a finding. What every line would repeat (no object anywhere; the moment `same`) gets no place in it."""
    placed = any(f.object or f.line for f in group)
    roomy = len(group) <= ROOMY
    rows = tuple(
        (
            Cell(speech.severity(f.severity), f.severity),
            Cell(f.device, note=f"{f.address} · {f.site}") if roomy else Cell(f"{f.device} {f.address}"),
            *((Cell(place(f, speech)),) if placed else ()),
            evidence_cell(f, speech, roomy, timed=not same),
            Cell(speech.state(f.state), f.state, note=speech.date(f.acceptance.until) if f.acceptance else ""),
        )
        for f in sorted(group, key=lambda f: (RANK[f.severity], f.site, f.device, f.object or ""))
    )
    named = [text for f in group for text in ((f.device, f"{f.address} · {f.site}") if roomy else (f"{f.device} {f.address}",))]
    device, object_ = fitting(named), fitting([place(f, speech) for f in group])
    severity = marked(max(len(speech.severity(f.severity)) for f in group))
    state = marked(max(len(speech.state(f.state)) for f in group))
    words = ["severity", "device", "object", "evidence", "state"]
    widths = [severity, device, object_, WHOLE - severity - device - object_ - state, state]
    if not placed:
        del words[2], widths[2]
    return Table(tuple(speech(w) for w in words), tuple(widths), rows)


def fitting(texts: Sequence[str]) -> float:
    """Width of a column in which the longest of them stands on one line, within reason. Capitals are wider."""
    return min(WIDEST, max(NARROWEST, *(sum(A_CAPITAL if c.isupper() else A_CHARACTER for c in text) for text in texts)))


def marked(characters: int) -> float:
    """Width of a column of words with a sign before each: none of them is broken."""
    return MARK + (characters + 1) * A_CHARACTER


def place(finding: ReportFinding, speech: Speech) -> str:
    """The object, and the line of the configuration where one is to blame."""
    parts = (speech.object(finding.object) if finding.object else None, f"{speech('line')} {finding.line}" if finding.line else None)
    return ", ".join(part for part in parts if part)


def evidence_cell(finding: ReportFinding, speech: Speech, roomy: bool, *, timed: bool) -> Cell:
    said, when = facts(finding, speech), observed(finding, speech) if timed else ""
    if roomy:
        return Cell("\n".join(said), note=when)
    return Cell("; ".join(said) + (f" ({when})" if when else ""))


def facts(finding: ReportFinding, speech: Speech) -> list[str]:
    """`name: value` of each fact, without the name of the object that stands beside them."""
    said = [f"{fact_name(fact, finding, speech)}: {speech.quantity(fact.value, fact.unit)}" for fact in finding.evidence]
    different = list(dict.fromkeys(said))
    lines, rest = different[:SHOWN_FACTS], len(different) - SHOWN_FACTS
    if rest > 0:
        lines.append(f"(+{rest} {speech('more-facts')})")
    return lines


def fact_name(fact: Fact, finding: ReportFinding, speech: Speech) -> str:
    name = fact.what
    if finding.object and name.startswith(finding.object + " "):
        name = name[len(finding.object) + 1 :]
    return isolated(speech.fact(name))


def observed(finding: ReportFinding, speech: Speech) -> str:
    """When the newest of the facts was observed."""
    newest = max((fact.at for fact in finding.evidence if fact.at), default=None)
    return speech.moment(newest) if newest else ""
