"""Part 9 from the evidence: how each device stands with its configuration backup, and how the backup jobs of servers went."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.backup_jobs import JudgedJob, jobs_of
from natvakt_server.analysis.engine import Judged
from natvakt_server.analysis.evidence import DAY_NS, NANOSECONDS, Device, Evidence, Reason
from natvakt_server.backups.configurations import restorable
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.reports.backup_model import BackupJob, ConfigurationBackup
from natvakt_server.reports.model import iso

TABLE = "configuration"
HOUR_NS = 3600 * NANOSECONDS
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
    found = [job_note(device, job) for device in evidence.devices for job in jobs_of(device, evidence)]
    return tuple(sorted(found, key=lambda job: (job.device, job.job)))


def job_note(device: Device, job: JudgedJob) -> BackupJob:
    observed, verdict = job.observed, job.verdict
    return BackupJob(
        device=device.name,
        job=job.name,
        state=verdict.state.value,
        last_good=None if observed.success_ns is None else iso(observed.success_ns),
        hours_late=None if verdict.late_ns is None or observed.success_ns is None else round(verdict.late_ns / HOUR_NS, 1),
        size_bytes=observed.bytes,
        usual_bytes=None if observed.usual_bytes is None else round(observed.usual_bytes),
        restore_test=None if observed.restore_test_ns is None else iso(observed.restore_test_ns),
        expected=job.expected.written or None,
        said_by=job.expected.origin.value,
    )
