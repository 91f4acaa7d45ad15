"""Part 9 from the evidence: how each device stands with its configuration backup, and how the backup jobs of servers went."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.engine import Judged
from natvakt_server.analysis.evidence import DAY_NS, NANOSECONDS, Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.backups.configurations import restorable
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.reports.backup_model import BackupJob, ConfigurationBackup
from natvakt_server.reports.model import iso

TABLE, JOBS = "configuration", "backup_job"
# Codes of the agent's JobState.
STATES: Mapping[int, str] = MappingProxyType({1: "ok", 2: "warning", 3: "failed", 4: "running", 5: "never", 6: "unreadable"})
WELL = frozenset({"ok", "warning"})
LATE_FACTOR, USUAL_DAYS, HOUR_SECONDS = 1.25, 30, 3600
UNSAVED = "core.config.unsaved"
SAVED: Mapping[Verdict, bool] = MappingProxyType({Verdict.PASS: True, Verdict.FAIL: False})


def backups(evidence: Evidence, judged: Sequence[Judged]) -> tuple[ConfigurationBackup, ...]:
    """Empty where no configuration was ever fetched at these sites: nothing is then said of single devices."""
    saved = {j.device.id: SAVED.get(j.judgement.verdict) for j in judged if j.rule.id == UNSAVED}
    devices = sorted(evidence.devices, key=lambda d: (d.site, d.name))
    fetched = any(d.table(TABLE).observed_ns for d in devices)
    return tuple(note(d, saved.get(d.id), evidence.as_of_ns) for d in devices if network_device(d)) if fetched else ()


def note(device: Device, saved: bool | None, as_of_ns: int) -> ConfigurationBackup:
    table = device.table(TABLE)
    row = next((row for row in table.rows if isinstance(row.get("text"), str)), None)
    if not table.observed_ns or row is None:
        missing = Reason.NO_CONFIG.value if table.missing in {None, Reason.NOT_PROVIDED} else str(table.missing)
        return ConfigurationBackup(device.name, device.address, None, None, None, saved, False if not table.observed_ns else None, missing)
    said = row.get("complete")
    complete = said if isinstance(said, bool) else None
    names = frozenset({device.name, *(str(r["sysName"]) for r in device.table("device").rows if r.get("sysName"))})
    told = restorable.Told(device.os, names, frozenset({device.serial} if device.serial else ()))
    verdict = restorable.judge(parse(str(row["text"])), told, complete, str(row.get("incomplete_reason") or ""))
    return ConfigurationBackup(
        device=device.name,
        address=device.address,
        observed_at=iso(table.observed_ns),
        age_days=round((as_of_ns - table.observed_ns) / DAY_NS, 1),
        complete=complete,
        saved=saved,
        restorable=verdict.restorable,
        reason=verdict.reason.value if verdict.reason else None,
    )


def backup_jobs(evidence: Evidence) -> tuple[BackupJob, ...]:
    """By device and job."""
    found = [job for device in evidence.devices for job in jobs_of(device, evidence)]
    return tuple(sorted(found, key=lambda job: (job.device, job.job)))


def jobs_of(device: Device, evidence: Evidence) -> Iterator[BackupJob]:
    usual = device.history_by(JOBS, "bytes", USUAL_DAYS, "job")
    factor = evidence.policy.get("server.backup.late", LATE_FACTOR)
    for row in device.table(JOBS).rows:
        told, size, done = STATES.get(int(number(row, "state") or 0)), number(row, "bytes"), last_good(row)
        interval, now = number(row, "interval_seconds"), evidence.as_of_ns / NANOSECONDS
        age = None if done is None else now - done
        late = (age - interval) / HOUR_SECONDS if age is not None and interval and age > factor * interval else None
        median = history.median if (history := usual.get(str(row.get("job")))) is not None else None
        tested = number(row, "restore_test")
        yield BackupJob(
            device=device.name,
            job=str(row.get("job")),
            state="empty" if told in WELL and size == 0 else "late" if told in WELL and late is not None else told,
            last_good=None if done is None else iso(round(done * NANOSECONDS)),
            hours_late=None if late is None else round(late, 1),
            size_bytes=None if size is None else round(size),
            usual_bytes=None if median is None else round(median),
            restore_test=None if tested is None else iso(round(tested * NANOSECONDS)),
        )


def last_good(row: Row) -> float | None:
    """Seconds since 1970 of the newest run that left something to restore from."""
    done = number(row, "last_success")
    return number(row, "last_end") if done is None and STATES.get(int(number(row, "state") or 0)) != "failed" else done
