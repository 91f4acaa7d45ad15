"""Part 2, what became of last time's findings, and part 3, what to do in which order and when."""

from collections.abc import Iterator

from natvakt_server.analysis.rule import Change
from natvakt_server.domain.assessment import FindingState
from natvakt_server.reports.blocks import Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import Action, ReportDocument
from natvakt_server.reports.names import listed
from natvakt_server.reports.words import Speech

TOLD = (FindingState.REGRESSED, FindingState.FIXED, FindingState.NEW, FindingState.NOT_VERIFIED, FindingState.ACCEPTED)
NAMED = 12


def since_last_time(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    previous = document.previous
    yield Heading(1, f"2 {speech('since')}", "since", fresh=previous is not None)
    if previous is None:
        yield Paragraph(speech.sentence("first-assessment"))
        return
    yield Paragraph(speech.sentence("compared", when=speech.moment(previous.made_at), id=previous.id), muted=True)
    rows = tuple(row for state in TOLD for row in state_rows(document, state, speech))
    if not rows:
        yield Paragraph(speech.sentence("same-as-last"))
        return
    if not document.counts["state"].get(FindingState.FIXED.value):
        yield Paragraph(speech.sentence("no-change"))
    head = tuple(speech(w) for w in ("state", "finding", "count", "devices", "proof"))
    yield Table(head, (1.3, 2.7, 0.85, 2.6, 1.6), rows, right=(2,))


def state_rows(document: ReportDocument, state: FindingState, speech: Speech) -> Iterator[tuple[Cell, ...]]:
    """A line for each rule and proof: equal ones together with their devices."""
    grouped: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for gone in document.since_last:
        if gone.state == state:
            proof = speech.reason(gone.proof) + (f"\n{speech.moment(gone.proved_at)}" if gone.proved_at else "")
            grouped.setdefault((gone.rule, proof), (speech.title(gone.title), []))[1].append(where(gone.device, gone.object))
    for finding in document.findings:
        if finding.state == state:
            grouped.setdefault((finding.rule, ""), (speech.title(finding.title), []))[1].append(where(finding.device, finding.object))
    for (_, proof), (title, places) in sorted(grouped.items()):
        yield (
            Cell(speech.state(state.value), state.value),
            Cell(title, prose=True),
            Cell(speech.number(len(places), 0), right=True),
            Cell(listed(places, NAMED)),
            Cell(proof, prose=True),
        )


def where(device: str, place: str | None) -> str:
    return f"{device} {place}" if place else device


def action_plan(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    """By maintenance window, within it by risk removed per hour; the numbers are those of the whole list."""
    yield Heading(1, f"3 {speech('plan')}", "plan", fresh=document.previous is None)
    if not document.actions:
        yield Paragraph(speech.sentence("no-work"))
        return
    numbered = list(enumerate(document.actions, 1))
    head = ("", *(speech(w) for w in ("severity", "action", "devices", "findings", "effort")))
    for change in Change:
        rows = tuple(action_row(place, a, speech) for place, a in numbered if a.change == change.value)
        if rows:
            yield Heading(2, speech.change(change.value), f"window-{change.value}")
            yield Table(head, (0.35, 1.05, 4, 2.1, 0.75, 1.15), rows, right=(0, 4, 5))


def action_row(place: int, action: Action, speech: Speech) -> tuple[Cell, ...]:
    shown = tuple(line for line in action.commands if not line.startswith("! ")) if action.uniform else ()
    return (
        Cell(str(place), right=True),
        Cell(speech.severity(action.severity), action.severity),
        Cell(
            speech.title(action.title),
            prose=True,
            note=speech.title(action.recommendation),
            code=shown,
            anchor=f"rule-{action.rule}",
            anchor_text=speech("commands-differ" if action.commands and not shown else "more"),
        ),
        Cell(listed(action.devices, NAMED)),
        Cell(speech.number(len(action.findings), 0), right=True),
        Cell(speech.duration(action.effort_minutes), right=True),
    )
