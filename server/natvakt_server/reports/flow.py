"""From the report model to the flow of blocks in one language: cover, legend, and the eleven parts of a report."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from natvakt_server.reports import blocks
from natvakt_server.reports.availability import availability_section
from natvakt_server.reports.backups import backups_part
from natvakt_server.reports.blocks import Block, Cover, Flow, LegendEntry
from natvakt_server.reports.findings import level_part
from natvakt_server.reports.judged import judged_part
from natvakt_server.reports.lifecycle import software_part
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.names import clipped
from natvakt_server.reports.plan import action_plan, since_last_time
from natvakt_server.reports.signing import verification_code
from natvakt_server.reports.summary import LEVELS, in_short
from natvakt_server.reports.tables import inventory_part, performance_part
from natvakt_server.reports.words import Speech


def flow(document: ReportDocument, language: str) -> Flow:
    """Raises ValueError for a language that reports do not speak."""
    speech = Speech(language, ZoneInfo(document.time_zone))
    return Flow(
        language=language,
        cover=cover(document, speech),
        contents=speech("contents"),
        legend_title=speech("legend"),
        legend=tuple(LegendEntry(*entry) for entry in speech.legend()) if document.inventory else (),
        page=speech("page"),
        footer=f"{clipped(document.customer)} · {speech.moment(document.made_at)} · {document.id}",
        timestamp=document.made_at,
        blocks=tuple(parts(document, speech)),
    )


def cover(document: ReportDocument, speech: Speech) -> Cover:
    return Cover(
        title=speech("report"),
        customer=document.customer,
        partner=document.partner,
        rows=(
            (speech("sites"), ", ".join(document.sites)),
            (speech("cycle"), cycle(document, speech)),
            (speech("planned"), speech.moment(document.planned_at) if document.planned_at else speech("on-demand")),
            (speech("made"), f"{speech.moment(document.made_at)} ({document.time_zone})"),
            (speech("report-id"), document.id),
            (speech("code"), verification_code(document)),
        ),
        partner_mark=mark(document, "partner", document.partner, speech),
        customer_mark=mark(document, "customer", document.customer, speech),
    )


def cycle(document: ReportDocument, speech: Speech) -> str:
    """`7`; of a planned one its place in the year too: `7 (3 of 4, quarterly)`."""
    if document.planned_cycle is None or document.cycles is None or document.schedule is None:
        return str(document.cycle)
    return f"{document.cycle} ({document.planned_cycle} {speech('of')} {document.cycles}, {speech(document.schedule)})"


def mark(document: ReportDocument, whose: str, name: str, speech: Speech) -> blocks.Mark | None:
    held = document.marks.get(whose)
    if held is None:
        return None
    return blocks.Mark(f"{whose}.json", held.media_type, held.content, f"{speech('mark-of')} {name}")


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
    yield from availability_section(document, speech)
    yield from backups_part(document, speech)
    yield from inventory_part(document, speech)
    yield from judged_part(document, speech)
