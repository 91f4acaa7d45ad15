"""Part 2, what became of last time's findings, and part 3, what to do in which order and when."""

from collections.abc import Iterator

from natvakt_server.analysis.rule import Change
from natvakt_server.domain.assessment import FindingState
from natvakt_server.reports.blocks import Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import AcceptedRisk, Action, ReportDocument
from natvakt_server.reports.names import isolated, listed
from natvakt_server.reports.words import Speech

TOLD = (FindingState.REGRESSED, FindingState.FIXED, FindingState.NEW, FindingState.NOT_VERIFIED, FindingState.ACCEPTED)
NAMED = 12


def since_last_time(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    previous = document.previous
    yield Heading(1, f"2 {speech('since')}", "since", fresh=previous is not None)
    accepted = tuple(state_rows(document, FindingState.ACCEPTED, speech))
    head, widths = tuple(speech(w) for w in ("state", "finding", "count", "devices", "proof")), (1.3, 2.7, 0.85, 2.6, 1.9)
    if previous is None:
        yield Paragraph(speech.sentence("first-assessment"))
        if accepted:
            yield Table(head, widths, accepted, right=(2,))
        return
    yield Paragraph(speech.sentence("compared", when=speech.moment(previous.made_at), id=previous.id), muted=True)
    rows = tuple(row for state in TOLD for row in state_rows(document, state, speech))
    if not rows:
        yield Paragraph(speech.sentence("same-as-last"))
        return
    if not document.counts["state"].get(FindingState.FIXED.value):
        yield Paragraph(speech.sentence("no-change"))
    yield Table(head, widths, rows, right=(2,))


def state_rows(document: ReportDocument, state: FindingState, speech: Speech) -> Iterator[tuple[Cell, ...]]:
    """A line for each rule and proof: equal ones together with their devices."""
    grouped: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for gone in document.since_last:
        if gone.state == state:
            proof = speech.reason(gone.proof) + (f"\n{speech.moment(gone.proved_at)}" if gone.proved_at else "")
            grouped.setdefault((gone.rule, proof), (speech.title(gone.title), []))[1].append(
                where(gone.device, speech.object(gone.object or ""))
            )
    for finding in document.findings:
        if finding.state == state:
            proof = acceptance(finding.acceptance, speech) if finding.acceptance else ""
            grouped.setdefault((finding.rule, proof), (speech.title(finding.title), []))[1].append(
                where(finding.device, speech.object(finding.object or ""))
            )
    for (_, proof), (title, places) in sorted(grouped.items()):
        yield (
            Cell(speech.state(state.value), state.value),
            Cell(title, prose=True),
            Cell(speech.number(len(places), 0), right=True),
            Cell(listed(places, NAMED)),
            Cell(proof, prose=True),
        )


def acceptance(given: AcceptedRisk, speech: Speech) -> str:
    """Who lives with it, why, and until when."""
    name = "accepted-ended" if given.ended else "accepted-line"
    return speech.sentence(name, until=speech.date(given.until), by=isolated(given.by), reason=isolated(given.reason))


def where(device: str, place: str | None) -> str:
    return f"{device} {place}" if place else device


def action_plan(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    """By maintenance window, within it in the order of the work; the numbers are those of the whole list."""
    yield Heading(1, f"3 {speech('plan')}", "plan", fresh=document.previous is None)
    if not document.actions:
        yield Paragraph(speech.sentence("no-work"))
        return
    yield Paragraph(speech.sentence("plan-manner"))
    yield Paragraph(speech.sentence("plan-draws", hours=speech.duration(sum(a.draws_minutes for a in document.actions))), muted=True)
    places = numbers(document)
    head = ("", *(speech(w) for w in ("severity", "action", "devices", "effort")))
    for change in Change:
        rows = tuple(action_row(places, a, speech) for a in document.actions if a.change == change.value)
        if rows:
            yield Heading(2, speech.change(change.value), f"window-{change.value}")
            yield Table(head, (0.35, 1.05, 5.2, 2, 1.05), rows, right=(0, 4))


def numbers(document: ReportDocument) -> dict[str, int]:
    """Action id -> its number in the plan."""
    return {a.id: place for place, a in enumerate(document.actions, 1)}


def action_row(places: dict[str, int], action: Action, speech: Speech) -> tuple[Cell, ...]:
    shown = tuple(line for line in action.commands if not line.startswith("! ")) if action.uniform else ()
    return (
        Cell(str(places[action.id]), right=True),
        Cell(speech.severity(action.severity), action.severity),
        Cell(
            speech.title(action.title),
            prose=True,
            note=f"{speech.title(action.recommendation)}\n{terms(places, action, speech)}",
            code=shown,
            anchor=f"rule-{action.rule}",
            anchor_text=speech("commands-differ" if action.commands and not shown else "more"),
        ),
        Cell(listed(action.devices, NAMED)),
        Cell(speech.duration(action.effort_minutes), right=True),
    )


def terms(places: dict[str, int], action: Action, speech: Speech) -> str:
    """Risk, what comes before, the way back, contract cover and prepaid hours, in one line."""
    said = [f"{speech('closes')}: {len(action.findings)}", f"{speech('change-risk')}: {speech.risk(action.change_risk)}"]
    if action.after:
        said.append(f"{speech('after')} {', '.join(str(places[each]) for each in action.after)}")
    said.append(f"{speech('rollback')}: {way_back(action, speech)}")
    known = [row.contract for row in action.table if row.contract is not None]
    covered = f"{sum(known)} {speech('of')} {len(action.table)}" if known else speech("not-known")
    said.append(f"{speech('contract')}: {covered}")
    said.append(f"{speech('draws')}: {speech.duration(action.draws_minutes)}")
    return " · ".join(said)


def way_back(action: Action, speech: Speech) -> str:
    """Its commands where all devices share one line of them, else in words."""
    lines = [line for line in action.rollback if not line.startswith("! ")]
    return lines[0] if len(lines) == 1 else speech.undoing(action.undo)
