"""Part 7: what must be replaced when, what runs against what is recommended, the smallest set of upgrades, and the budget."""

from collections import Counter
from collections.abc import Iterator

from natvakt_server.reports.blocks import Bar, Bars, Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.names import listed
from natvakt_server.reports.outlook_model import BudgetLine, ModelLife, Outlook, SoftwareStand
from natvakt_server.reports.words import NO_VALUE, Speech

MILESTONES = (
    ("end_of_sale", "end-of-sale"),
    ("end_of_software_maintenance", "end-of-maintenance"),
    ("end_of_vulnerability_support", "end-of-vulnerability"),
    ("last_date_of_support", "last-support"),
)
LAST = "last_date_of_support"
NEVER = "9999"
NAMED = 12
YEARS_SHOWN = 5
DAYS_SHOWN = YEARS_SHOWN * 365


def software_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"7 {speech('lifecycle')}", "lifecycle", fresh=True)
    outlook = document.outlook
    if outlook is None or not outlook.sources:
        yield Paragraph(speech.sentence("no-knowledge"))
        yield running_table(counted_software(document), speech)
        return
    yield from timeline(outlook, document, speech)
    yield Heading(2, speech("running"), "running")
    yield running_table(outlook.software or counted_software(document), speech)
    yield from upgrades(outlook, speech)
    yield from budget(outlook, speech)


def counted_software(document: ReportDocument) -> tuple[SoftwareStand, ...]:
    running = Counter((d.model or NO_VALUE, d.os or NO_VALUE, d.version or NO_VALUE) for d in document.inventory)
    return tuple(SoftwareStand(*key, count) for key, count in sorted(running.items()))


def running_table(stands: tuple[SoftwareStand, ...], speech: Speech) -> Table:
    rows = tuple(
        (
            Cell(s.model),
            Cell(s.os),
            Cell(s.version),
            Cell(", ".join(s.recommended) or speech("not-known")),
            Cell(speech.number(s.count, 0), right=True),
        )
        for s in stands
    )
    return Table(tuple(speech(w) for w in ("model", "os", "version", "recommended", "count")), (2.4, 1.2, 1.9, 1.8, 0.7), rows, right=(4,))


def timeline(outlook: Outlook, document: ReportDocument, speech: Speech) -> Iterator[Block]:
    """Models by their last day of support; the bar is how much of the next five years they are supported."""
    dated = sorted((m for m in outlook.models if m.milestones), key=lambda m: (m.milestones.get(LAST, NEVER), m.model))
    if dated:
        yield Heading(2, speech("timeline"), "timeline")
        today = document.made_at[:10]
        bars = tuple(support_bar(m, today, speech) for m in dated if m.milestones.get(LAST))
        if bars:
            yield Bars(speech.sentence("support-chart", years=YEARS_SHOWN), bars)
        heads = (speech("model"), speech("count"), *(speech(word) for _, word in MILESTONES), speech("replacement"))
        yield Table(heads, (2.1, 0.75, 1.2, 1.2, 1.25, 1.2, 1.7), tuple(life_row(m, speech) for m in dated), right=(1,))
    if outlook.unlisted:
        yield Paragraph(speech.sentence("not-listed", products=listed(outlook.unlisted, NAMED)))


def support_bar(life: ModelLife, today: str, speech: Speech) -> Bar:
    left = speech.days_between(today, life.milestones[LAST])
    return Bar(f"{life.model} ({life.count})", speech.date(life.milestones[LAST]), max(0.0, min(100.0, left / DAYS_SHOWN * 100)))


def life_row(life: ModelLife, speech: Speech) -> tuple[Cell, ...]:
    source = f"{life.source}, {speech.date(life.as_of)}" if life.as_of else life.source
    return (
        Cell(life.model, note=source),
        Cell(speech.number(life.count, 0), right=True),
        *(Cell(speech.date(life.milestones.get(name))) for name, _ in MILESTONES),
        Cell(life.replacement or NO_VALUE),
    )


def upgrades(outlook: Outlook, speech: Speech) -> Iterator[Block]:
    yield Heading(2, speech("upgrades"), "upgrades")
    if not outlook.upgrades:
        yield Paragraph(speech.sentence("no-upgrades"))
        return
    rows = tuple(
        (
            Cell(u.model),
            Cell(u.release),
            Cell(listed(u.devices, NAMED)),
            Cell(speech.number(u.clears, 0), right=True),
            Cell(speech.number(u.leaves, 0), right=True),
        )
        for u in outlook.upgrades
    )
    yield Table(
        tuple(speech(w) for w in ("model", "release", "devices", "clears", "leaves")), (2.2, 1.6, 3.2, 0.8, 0.8), rows, right=(3, 4)
    )


def budget(outlook: Outlook, speech: Speech) -> Iterator[Block]:
    yield Heading(2, speech("budget"), "budget")
    if not outlook.budget:
        yield Paragraph(speech.sentence("no-budget"))
        return
    heads = tuple(speech(w) for w in ("due", "model", "replacement", "count", "effort", "price"))
    rows = tuple(budget_row(line, speech) for line in outlook.budget)
    yield Table(heads, (1.2, 2.3, 2.3, 0.7, 1, 1.1), rows, right=(3, 4, 5))


def budget_row(line: BudgetLine, speech: Speech) -> tuple[Cell, ...]:
    return (
        Cell(speech.date(line.due)),
        Cell(line.model),
        Cell(line.replacement or speech("not-known")),
        Cell(speech.number(line.count, 0), right=True),
        Cell(speech.duration(line.minutes), right=True),
        Cell(speech("not-known") if line.price is None else speech.number(line.price, 0), right=True),
    )
