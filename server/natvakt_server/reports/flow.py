"""From the report model to the flow of blocks in one language: cover and the eleven parts of a report."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from natvakt_server.analysis.engine import SEVERITY_ORDER
from natvakt_server.domain.assessment import Level
from natvakt_server.reports.blocks import Block, Cell, Counts, Cover, Flow, Heading, Paragraph, ScoreCard, Scores, Table
from natvakt_server.reports.findings import level_part
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.signing import verification_code
from natvakt_server.reports.tables import inventory_part, judged_part, performance_part, software_part
from natvakt_server.reports.words import NO_VALUE, Speech

LEVELS = tuple(level.value for level in Level)
FIRST_ACTIONS = 5
URGENT = ("critical", "high")


def flow(document: ReportDocument, language: str) -> Flow:
    """Raises ValueError for a language that reports do not speak."""
    speech = Speech(language, ZoneInfo(document.time_zone))
    return Flow(
        language=language,
        cover=cover(document, speech),
        contents=speech("contents"),
        page=speech("page"),
        footer=f"{document.customer} · {speech.moment(document.made_at)} · {document.id}",
        timestamp=document.made_at,
        blocks=tuple(parts(document, speech)),
    )


def cover(document: ReportDocument, speech: Speech) -> Cover:
    planned = speech.moment(document.planned_at) if document.planned_at else speech("on-demand")
    return Cover(
        title=speech("report"),
        customer=document.customer,
        partner=document.partner,
        rows=(
            (speech("sites"), ", ".join(document.sites)),
            (speech("made"), speech.moment(document.made_at)),
            (speech("planned"), planned),
            (speech("cycle"), str(document.cycle)),
            (speech("report-id"), document.id),
            (speech("code"), verification_code(document)),
        ),
    )


def parts(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield from in_short(document, speech)
    if not document.inventory:
        return
    yield from since_last_time(document, speech)
    yield from action_plan(document, speech)
    for number, level in enumerate(LEVELS, 4):
        yield from level_part(document, level, number, speech)
    yield from software_part(document, speech)
    yield from performance_part(document, speech)
    yield Heading(1, f"9 {speech('backups')}", "backups")
    yield Paragraph(speech.sentence("no-backups"))
    yield from inventory_part(document, speech)
    yield from judged_part(document, speech)


def in_short(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"1 {speech('in-short')}", "in-short")
    if not document.inventory:
        yield Paragraph(speech.sentence("nothing-observed"))
        return
    yield Scores(tuple(card(document, name, speech) for name in ("overall", *LEVELS)))
    for sentence in sentences(document, speech):
        yield Paragraph(sentence)
    severity = document.counts["severity"]
    yield Counts(tuple(Cell(f"{severity[s.value]} {speech(s.value)}", s.value) for s in SEVERITY_ORDER if severity.get(s.value)))
    state = document.counts["state"]
    yield Counts(tuple(Cell(f"{count} {speech(name)}", name) for name, count in state.items() if count))
    if document.actions:
        yield Heading(2, speech("first"), "first")
        yield action_table(document, speech, FIRST_ACTIONS)


def card(document: ReportDocument, name: str, speech: Speech) -> ScoreCard:
    score, before = document.scores.get(name), document.previous.scores.get(name) if document.previous else None
    covered, level = document.coverage.get(name), document.levels.get(name)
    note = ""
    if level is not None and not level.applies:
        note = speech("not-applicable")
    elif level is not None and level.provisional:
        note = speech("provisional")
    return ScoreCard(
        name=speech(name),
        score=score,
        shown=NO_VALUE if score is None else speech.number(score),
        previous="" if before is None else f"{speech('last-time')} {speech.number(before)}",
        coverage="" if covered is None else f"{speech('coverage')} {speech.number(covered)} %",
        note=note,
    )


def sentences(document: ReportDocument, speech: Speech) -> Iterator[str]:
    """Three plain sentences for the owner."""
    score, covered = document.scores.get("overall"), document.coverage.get("overall")
    if score is None or covered is None:
        yield speech.sentence("score-nothing")
    else:
        yield speech.sentence("score-says", score=speech.number(score), coverage=speech.number(covered, 0))
    urgent = sum(document.counts["severity"].get(name, 0) for name in URGENT)
    if urgent and document.actions:
        yield speech.sentence("urgent", count=urgent, action=speech.title(document.actions[0].title))
    else:
        yield speech.sentence("calm")
    minutes = sum(a.effort_minutes for a in document.actions)
    if minutes:
        devices = len({d for a in document.actions for d in a.devices})
        yield speech.sentence("work", hours=speech.number(minutes / 60, 0), devices=devices)
    else:
        yield speech.sentence("no-work")


def since_last_time(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"2 {speech('since')}", "since")
    if document.previous is None:
        yield Paragraph(speech.sentence("first-assessment"))
        return
    yield Paragraph(f"{speech('last-time')}: {speech.moment(document.previous.made_at)} ({document.previous.id})", muted=True)
    rows = [
        (Cell(speech(f.state), f.state), Cell(speech.title(f.title)), Cell(f.device), Cell(f.object or ""), Cell(speech(f.proof)))
        for f in document.since_last
    ]
    rows += [
        (Cell(speech(f.state), f.state), Cell(speech.title(f.title)), Cell(f.device), Cell(f.object or ""), Cell(""))
        for f in document.findings
        if f.state in ("new", "regressed", "accepted")
    ]
    if not document.since_last:
        yield Paragraph(speech.sentence("no-change"))
    if rows:
        head = tuple(speech(w) for w in ("state", "finding", "device", "object", "proof"))
        yield Table(head, (1.2, 3, 1.2, 1.6, 1.2), tuple(rows))


def action_plan(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"3 {speech('plan')}", "plan")
    if not document.actions:
        yield Paragraph(speech.sentence("no-work"))
        return
    yield action_table(document, speech, len(document.actions))


def action_table(document: ReportDocument, speech: Speech, limit: int) -> Table:
    rows = tuple(
        (
            Cell(str(place), right=True),
            Cell(speech(a.severity), a.severity),
            Cell(speech.title(a.title)),
            Cell(", ".join(a.devices)),
            Cell(speech.duration(a.effort_minutes), right=True),
        )
        for place, a in enumerate(document.actions[:limit], 1)
    )
    head = ("", *(speech(w) for w in ("severity", "actions", "devices", "effort")))
    return Table(head, (0.4, 1.1, 3.4, 2.4, 1), rows)
