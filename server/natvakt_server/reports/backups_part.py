"""Part 9: could we restore."""

from collections.abc import Iterator

from natvakt_server.reports.blocks import Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ConfigurationBackup, ReportDocument
from natvakt_server.reports.words import NO_VALUE, Speech


def backups_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"9 {speech('backups')}", "backups")
    yield Heading(2, speech("configuration-backups"), "configuration-backups")
    if document.backups:
        good = sum(each.restorable is True for each in document.backups)
        yield Paragraph(speech.sentence("backups-say", good=good, count=len(document.backups)))
        heads = tuple(speech(w) for w in ("device", "copied", "age", "complete", "saved", "restorable", "reason"))
        rows = tuple(backup_row(each, speech) for each in document.backups)
        yield Table(heads, (1.6, 2, 1.2, 1, 1.3, 1.4, 2.2), rows, right=(2,))
    else:
        yield Paragraph(speech.sentence("no-backups"))
    yield Heading(2, speech("backup-jobs"), "backup-jobs")
    yield Paragraph(speech.sentence("no-jobs"))


def backup_row(each: ConfigurationBackup, speech: Speech) -> tuple[Cell, ...]:
    age = NO_VALUE if each.age_days is None else f"{speech.number(each.age_days)} {speech('days')}"
    return (
        Cell(each.device, note=each.address),
        Cell(speech.moment(each.observed_at)),
        Cell(age, right=True),
        Cell(said(each.complete, speech)),
        Cell(said(each.saved, speech)),
        Cell(said(each.restorable, speech)),
        Cell(speech.reason(each.reason) if each.reason else "", prose=True),
    )


def said(value: bool | None, speech: Speech) -> str:
    return speech("not-known") if value is None else speech("yes" if value else "no")
