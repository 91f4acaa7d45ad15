"""Part 9: could we restore."""

from collections.abc import Iterator

from natvakt_server.reports.backup_model import BackupJob, ConfigurationBackup
from natvakt_server.reports.blocks import Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.words import NO_BREAK, NO_VALUE, Speech

MEBIBYTE = 1024**2
LARGEST_IN_A_UNIT = 9_999


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
    if not document.backup_jobs:
        yield Paragraph(speech.sentence("no-jobs"))
        return
    heads = tuple(speech(w) for w in ("device", "job", "state", "last-good", "late-by", "size", "usual-size", "restore-test"))
    yield Table(
        heads, (1.1, 1.3, 1.35, 1.5, 0.95, 1.1, 1.1, 1.25), tuple(job_row(job, speech) for job in document.backup_jobs), right=(4, 5, 6)
    )


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


def job_row(job: BackupJob, speech: Speech) -> tuple[Cell, ...]:
    late = NO_VALUE if job.hours_late is None else f"{speech.number(job.hours_late)} h"
    return (
        Cell(job.device),
        Cell(job.job, note=job.expected or ""),
        Cell(speech.job_state(job.state) if job.state else speech("not-known")),
        Cell(speech.moment(job.last_good)),
        Cell(late, right=True),
        Cell(scaled(job.size_bytes, speech), right=True),
        Cell(scaled(job.usual_bytes, speech), right=True),
        Cell(speech.date(job.restore_test) if job.restore_test else speech("never-tested")),
    )


def scaled(size: int | None, speech: Speech) -> str:
    """In the unit that leaves at most four digits before the comma."""
    if size is None:
        return NO_VALUE
    value, unit = size / MEBIBYTE, "MiB"
    for larger in ("GiB", "TiB"):
        if value < LARGEST_IN_A_UNIT:
            break
        value, unit = value / 1024, larger
    return f"{speech.number(value)}{NO_BREAK}{unit}"


def said(value: bool | None, speech: Speech) -> str:
    return speech("not-known") if value is None else speech("yes" if value else "no")
