"""Availability by month: from the evidence to notes, and from notes to a table of part 8."""

from collections.abc import Iterator

from natvakt_server.analysis.evidence import Evidence, MonthAvailability
from natvakt_server.reports.availability_model import AvailabilityNote
from natvakt_server.reports.blocks import Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.words import NO_BREAK, NO_VALUE, Speech

HOUR_SECONDS, MINUTE_SECONDS = 3600, 60


def availability(evidence: Evidence) -> tuple[AvailabilityNote, ...]:
    return tuple(note(each) for each in evidence.availability)


def note(each: MonthAvailability) -> AvailabilityNote:
    """Shares are cut, not rounded: what was not reached is not told as reached."""
    budget = None if each.target is None else (1 - each.target) * each.agreed_seconds
    return AvailabilityNote(
        month=each.month,
        is_over=each.is_over,
        kind=each.kind,
        name=each.name,
        available=per_cent(each.observed_seconds - each.down_seconds, each.observed_seconds),
        confidence=per_cent(each.observed_seconds, each.agreed_seconds),
        down_seconds=each.down_seconds,
        not_observed_seconds=each.agreed_seconds - each.observed_seconds,
        maintenance_seconds=each.maintenance_seconds,
        target=None if each.target is None else round(100 * each.target, 5),
        budget_left_seconds=None if budget is None else round(budget - each.down_seconds, 3),
        kept=each.kept,
    )


def per_cent(part: float, whole: float) -> float | None:
    return int(part / whole * 100_000) / 1000 if whole else None


def availability_section(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    if not document.availability:
        return
    yield Heading(2, speech("availability"), "availability")
    yield Paragraph(speech.sentence("availability-say"))
    heads = tuple(speech(word) for word in ("month", "what", "available", "observed", "down", "target", "budget-left", "agreement"))
    rows = tuple(row(each, speech) for each in document.availability)
    yield Table(heads, (1, 2, 1.2, 1.2, 1, 1.1, 1.2, 1.3), rows, right=(2, 3, 4, 5, 6))


def row(each: AvailabilityNote, speech: Speech) -> tuple[Cell, ...]:
    verdict = NO_VALUE if each.target is None else speech("open-verdict" if each.kept is None else "kept" if each.kept else "broken")
    return (
        Cell(each.month, note="" if each.is_over else speech("so-far")),
        Cell(each.name),
        Cell(share(each.available, speech), right=True),
        Cell(share(each.confidence, speech), right=True),
        Cell(length(each.down_seconds, speech), right=True),
        Cell(share(each.target, speech), right=True),
        Cell(NO_VALUE if each.budget_left_seconds is None else length(each.budget_left_seconds, speech), right=True),
        Cell(verdict),
    )


def share(value: float | None, speech: Speech) -> str:
    return NO_VALUE if value is None else f"{speech.number(value, 3)}{NO_BREAK}%"


def length(seconds: float, speech: Speech) -> str:
    """In hours from one hour on, else in minutes."""
    if abs(seconds) >= HOUR_SECONDS:
        return f"{speech.number(seconds / HOUR_SECONDS, 1)}{NO_BREAK}h"
    return f"{speech.number(seconds / MINUTE_SECONDS, 1)}{NO_BREAK}min"
