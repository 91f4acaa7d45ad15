"""Part 1, the page for the owner: scores, three sentences, counts, the five first actions, what it costs."""

from collections.abc import Iterator

from natvakt_server.analysis.engine import SEVERITY_ORDER
from natvakt_server.domain.assessment import FindingState, Level
from natvakt_server.reports.blocks import Block, Cell, Counts, Heading, Paragraph, ScoreCard, Scores, Table
from natvakt_server.reports.model import Action, ReportDocument
from natvakt_server.reports.names import listed
from natvakt_server.reports.words import NO_VALUE, Speech

LEVELS = tuple(level.value for level in Level)
URGENT = ("critical", "high")
NAMED_DEVICES = 6


def in_short(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"1 {speech('in-short')}", "in-short", fresh=True)
    if not document.inventory:
        yield Paragraph(speech.sentence("nothing-observed"))
        return
    yield Scores(tuple(card(document, name, speech) for name in ("overall", *LEVELS)))
    for sentence in sentences(document, speech):
        yield Paragraph(sentence)
    severity, state = document.counts["severity"], document.counts["state"]
    if document.findings:
        cells = tuple(Cell(f"{severity[s.value]} {speech.severity(s.value)}", s.value) for s in SEVERITY_ORDER if severity.get(s.value))
        yield Counts(speech("findings"), cells)
    states = tuple(Cell(f"{state[s.value]} {speech.state(s.value)}", s.value) for s in FindingState if state.get(s.value))
    if states:
        yield Counts(speech("since"), states)
    if document.actions:
        yield Heading(2, speech("first"), "first")
        yield first_actions(document, speech)
        yield Heading(2, speech("cost"), "cost")
        yield hardware(document, speech)


def hardware(document: ReportDocument, speech: Speech) -> Paragraph:
    """What is to buy within 24 months, as far as that is known."""
    cost = document.cost
    if cost.units is None:
        return Paragraph(speech.sentence("no-hardware-cost"), muted=True)
    if not cost.units:
        return Paragraph(speech.sentence("no-budget"), muted=True)
    if cost.hardware is None:
        return Paragraph(speech.sentence("hardware-unit") if cost.units == 1 else speech.sentence("hardware-units", units=cost.units))
    total = speech.number(cost.hardware, 0)
    if cost.units == 1:
        return Paragraph(speech.sentence("hardware-cost-one", sum=total))
    return Paragraph(speech.sentence("hardware-cost", sum=total, units=cost.units))


def card(document: ReportDocument, name: str, speech: Speech) -> ScoreCard:
    score, covered, level = document.scores.get(name), document.coverage.get(name), document.levels.get(name)
    notes = list(last_time(document, name, speech))
    raw = document.raw_scores.get(name)
    if raw is not None and raw != score:
        notes.append(f"{speech('raw')} {speech.number(raw)}")
    if level is not None and not level.applies:
        notes.append(speech.verdict("not-applicable"))
    elif covered is not None:
        notes.append(f"{speech('coverage')} {speech.percent(covered)}")
        if level is not None and level.provisional:
            notes.append(speech("provisional"))
    return ScoreCard(speech(name), score, NO_VALUE if score is None else speech.number(score), tuple(notes))


def last_time(document: ReportDocument, name: str, speech: Speech) -> Iterator[str]:
    if document.previous is None:
        return
    before, moved = document.previous.scores.get(name), document.previous.change.get(name)
    yield f"{speech('last-time')} {NO_VALUE if before is None else speech.number(before)}"
    if moved is not None:
        yield f"{speech('change')} {speech.signed(moved)}"


def sentences(document: ReportDocument, speech: Speech) -> Iterator[str]:
    """Three plain sentences for the owner: how it is, what is urgent, how much work it is."""
    score, covered = document.scores.get("overall"), document.coverage.get("overall")
    if score is None or covered is None:
        yield speech.sentence("score-nothing")
    else:
        yield speech.sentence("score-says", score=speech.number(score), coverage=speech.number(covered, 0))
    urgent = sum(document.counts["severity"].get(name, 0) for name in URGENT)
    if urgent and document.actions:
        first = first_in_plan(document)[0][1]
        yield speech.sentence("urgent-one" if urgent == 1 else "urgent", count=urgent, action=speech.title(first.title))
    elif score is not None:
        yield speech.sentence("calm")
    if document.actions:
        yield work_sentence(document, speech)
    else:
        yield speech.sentence("no-work" if score is not None else "unknown-is")


def work_sentence(document: ReportDocument, speech: Speech) -> str:
    devices = len({d for a in document.actions for d in a.devices})
    cost = document.cost
    return speech.sentence("work", hours=speech.hours(cost.minutes), first=speech.hours(cost.first_minutes), devices=devices)


def first_actions(document: ReportDocument, speech: Speech) -> Table:
    rows = tuple(
        (
            Cell(str(place), right=True),
            Cell(speech.severity(a.severity), a.severity),
            Cell(speech.title(a.title), prose=True),
            Cell(named(a, speech)),
            Cell(speech.duration(a.effort_minutes), right=True),
        )
        for place, a in first_in_plan(document)
    )
    head = ("", *(speech(w) for w in ("severity", "action", "devices", "effort")))
    return Table(head, (0.3, 1.1, 3.4, 2.6, 1), rows, right=(0, 4))


def first_in_plan(document: ReportDocument) -> list[tuple[int, Action]]:
    """The actions that remove most risk per hour, with their numbers in the plan."""
    numbered = {a.id: (place, a) for place, a in enumerate(document.actions, 1)}
    return [numbered[each] for each in document.first]


def named(action: Action, speech: Speech) -> str:
    """The devices by name, or how many where they are more than the page can name."""
    if len(action.devices) <= NAMED_DEVICES:
        return listed(action.devices, NAMED_DEVICES)
    return f"{len(action.devices)} {speech('devices').lower()}"
