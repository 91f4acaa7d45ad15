"""core.server.backup: a backup job is late, failed, empty or much smaller than usual, or nobody has tried to restore from it."""

from collections.abc import Iterator

from natvakt_server.analysis.answers import judge_answer
from natvakt_server.analysis.applicability import call_server, server
from natvakt_server.analysis.evidence import DAY_NS, NANOSECONDS, Device, Evidence, History, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity, Verdict

ID = "core.server.backup"
LATE_FACTOR = 1.25
SMALL_SHARE = 0.5
USUAL_DAYS = 30
FEWEST_DAYS = 7  # of history before a size is called unusual
RESTORE_TEST_DAYS = 180
FAILED, NEVER, UNREADABLE = 3, 5, 6  # what the agent's JobState says
HOUR_SECONDS, MEBIBYTE = 3600, 1024**2
QUESTION = "restored from within 180 days"


def applies(device: Device) -> bool:
    return server(device) or call_server(device) or bool(device.table("backup_job").rows)


def judge(device: Device, evidence: Evidence) -> Judgement:
    """What is wrong with a run comes before the question whether anybody has tried to restore."""
    table = device.table("backup_job")
    usual = device.history_by("backup_job", "bytes", USUAL_DAYS, "job")
    failures: list[Failure] = []
    unread = False
    for row in table.rows:
        facts = tuple(_faults(row, usual.get(str(row.get("job"))), evidence, table.observed_ns))
        if facts:
            failures.append(_failure(row, facts, table.observed_ns))
        unread = unread or number(row, "state") == UNREADABLE
    if failures or unread or not table.rows:
        return decide(failures, len(table.rows), undecided=Reason.NO_ACCESS if unread else None)
    return _restore_tests(device, evidence)


def _faults(row: Row, usual: History | None, evidence: Evidence, at_ns: int) -> Iterator[Fact]:
    state, size = number(row, "state"), number(row, "bytes")
    if state == FAILED:
        yield Fact("result", "failed", None, at_ns)
    if state == NEVER:
        yield Fact("last run", "never", None, at_ns)
    yield from _lateness(row, evidence)
    if state in (NEVER, UNREADABLE):
        return
    if size == 0 or (size is None and number(row, "items") == 0):
        yield Fact("size", 0, "B", at_ns)
    elif size is not None and usual is not None and usual.median and usual.days >= FEWEST_DAYS and size < SMALL_SHARE * usual.median:
        yield Fact("size", round(size / MEBIBYTE, 2), "MiB", at_ns)
        yield Fact("usual size", round(usual.median / MEBIBYTE, 2), "MiB", at_ns)


def _lateness(row: Row, evidence: Evidence) -> Iterator[Fact]:
    """Only a run that left something to restore from is a run; without a schedule nothing is late."""
    interval, done = number(row, "interval_seconds"), number(row, "last_success")
    if done is None and number(row, "state") != FAILED:
        done = number(row, "last_end")
    if not interval or done is None:
        return
    age_seconds = evidence.as_of_ns / NANOSECONDS - done
    if age_seconds > evidence.policy.get("server.backup.late", LATE_FACTOR) * interval:
        yield Fact("last good run", round(age_seconds / HOUR_SECONDS, 1), "h ago", round(done * NANOSECONDS))
        yield Fact("meant to run every", round(interval / HOUR_SECONDS, 1), "h", None)
        yield Fact("late by", round((age_seconds - interval) / HOUR_SECONDS, 1), "h", None)


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
