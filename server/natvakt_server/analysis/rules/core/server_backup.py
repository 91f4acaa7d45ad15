"""core.server.backup: a backup job is late, failed, empty or much smaller than usual, or nobody has tried to restore from it."""

from collections.abc import Iterator

from natvakt_server.analysis.answers import judge_answer
from natvakt_server.analysis.applicability import call_server, server
from natvakt_server.analysis.backup_jobs import USUAL_DAYS, JudgedJob, jobs_of
from natvakt_server.analysis.evidence import DAY_NS, NANOSECONDS, Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity, Verdict
from natvakt_server.domain.backup_jobs.calendar import Every
from natvakt_server.domain.backup_jobs.expecting import TABLE
from natvakt_server.domain.backup_jobs.judging import RESTORE_TEST_DAYS, State
from natvakt_server.domain.backup_jobs.judging import Reason as Why

ID = "core.server.backup"
HOUR_SECONDS, MEBIBYTE = 3600, 1024**2
HOUR_NS = HOUR_SECONDS * NANOSECONDS
QUESTION = "restored from within 180 days"


def applies(device: Device) -> bool:
    return server(device) or call_server(device) or bool(device.table("backup_job").rows)


def judge(device: Device, evidence: Evidence) -> Judgement:
    """What is wrong with a run comes before the question whether anybody has tried to restore."""
    table = device.table(TABLE)
    judged = list(jobs_of(device, evidence))
    found = [(job, tuple(_faults(job, table.observed_ns))) for job in judged]
    failures = [_failure(job.row, facts, table.observed_ns) for job, facts in found if facts]
    unread = any(job.verdict.reason is Why.UNREADABLE for job in judged)
    if failures or unread or not judged:
        return decide(failures, len(judged), undecided=Reason.NO_ACCESS if unread else None)
    return _restore_tests(device, evidence)


def _faults(job: JudgedJob, at_ns: int) -> Iterator[Fact]:
    """Only a run that left something to restore from is a run; without a schedule nothing is late."""
    state, observed = job.verdict.state, job.observed
    if state is State.FAILED:
        yield Fact("result", "failed", None, at_ns)
    if job.verdict.reason is Why.NEVER_RAN:
        yield Fact("last run", "never", None, at_ns)
    if job.verdict.late_ns is not None and observed.success_ns is not None:
        yield from _lateness(job, observed.success_ns)
    if state is State.EMPTY:
        yield Fact("size", 0, "B", at_ns)
    elif state is State.SHRINKING and observed.bytes is not None and observed.usual_bytes is not None:
        yield Fact("size", round(observed.bytes / MEBIBYTE, 2), "MiB", at_ns)
        yield Fact("usual size", round(observed.usual_bytes / MEBIBYTE, 2), "MiB", at_ns)


def _lateness(job: JudgedJob, success_ns: int) -> Iterator[Fact]:
    late_ns = job.verdict.late_ns or 0
    looked_ns = job.observed.told_ns
    yield Fact("last good run", round((looked_ns - success_ns) / HOUR_NS, 1), "h ago", success_ns)
    match job.expected.calendar:
        case Every(seconds):
            yield Fact("meant to run every", round(seconds / HOUR_SECONDS, 1), "h", None)
        case _:
            yield Fact("meant to run", job.expected.written, None, None)
    yield Fact("late by", round(late_ns / HOUR_NS, 1), "h", None)


def _failure(row: Row, facts: tuple[Fact, ...], at_ns: int) -> Failure:
    told = (Fact("told by the job", str(row["detail"]), None, at_ns),) if row.get("detail") else ()
    return Failure(str(row.get("job")), Severity.HIGH, facts + told)


def _restore_tests(device: Device, evidence: Evidence) -> Judgement:
    """A test that the agent knows of counts; of the others a person is asked, and one that is known to be old is a finding."""
    table = device.table("backup_job")
    oldest_days = evidence.policy.get("server.backup.restore-test", RESTORE_TEST_DAYS)
    ages = [(row, _age_days(row, evidence)) for row in table.rows]
    untested = [(row, days) for row, days in ages if days is None or days > oldest_days]
    answered = judge_answer(ID, device, evidence, Severity.LOW, QUESTION, fresh_days=oldest_days)
    if not untested or answered.verdict is Verdict.PASS:
        return decide([], len(table.rows))
    old = [
        Failure(str(row.get("job")), Severity.LOW, (Fact("last restore test", round(days), "days ago", table.observed_ns),))
        for row, days in untested
        if days is not None
    ]
    return decide(old, len(table.rows)) if old and answered.verdict is Verdict.MANUAL else answered


def _age_days(row: Row, evidence: Evidence) -> float | None:
    tested = number(row, "restore_test")
    return None if tested is None else (evidence.as_of_ns - tested * NANOSECONDS) / DAY_NS


RULE = Rule(
    id=ID,
    title=Text("Backup job did not do its work", "Säkerhetskopieringen gjorde inte sitt jobb"),
    impact=Text(
        "What was written since the last good copy is lost when the server breaks or is encrypted by an intruder.",
        "Det som skrivits sedan senaste goda kopia går förlorat när servern går sönder eller krypteras av en inkräktare.",
    ),
    recommendation=Text(
        "Read the job's own log, mend the cause and run it again; then restore a file from it and note the date.",
        "Läs jobbets egen logg, åtgärda orsaken och kör det igen; återställ sedan en fil ur kopian och anteckna datumet.",
    ),
    severities=(Severity.HIGH, Severity.LOW),
    applies_to=applies,
    tables=("backup_job",),
    needs=(Need("backup_job", ("bytes",), USUAL_DAYS),),
    judge=judge,
    effort_minutes=45,
)
