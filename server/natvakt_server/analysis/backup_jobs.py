"""Backup jobs of the evidence under the one judge of backups: the same verdict for rules, report, console and alerts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from natvakt_server.analysis.evidence import Device, Evidence, ExpectedBackup, Row
from natvakt_server.domain.backup_jobs.expecting import TABLE, Said, expected_of_job, observed_of_row, zone_of
from natvakt_server.domain.backup_jobs.judging import LATE_FACTOR, RESTORE_TEST_DAYS, Expectation, Observed, Verdict, judge

USUAL_DAYS = 30
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class JudgedJob:
    name: str
    row: Row
    expected: Expectation
    observed: Observed
    verdict: Verdict


def jobs_of(device: Device, evidence: Evidence) -> Iterator[JudgedJob]:
    """Of the newest answer, in its order."""
    table = device.table(TABLE)
    usual = device.history_by(TABLE, "bytes", USUAL_DAYS, "job")
    said, zone = evidence.once(expectations), zone_of(evidence.time_zone) or UTC_ZONE
    factor = evidence.policy.get("server.backup.late", LATE_FACTOR)
    tested_days = evidence.policy.get("server.backup.restore-test", RESTORE_TEST_DAYS)
    for row in table.rows:
        name = str(row.get("job"))
        common = usual.get(name)
        expected = expected_of_job(said.get((device.id, name)), row, zone, factor)
        observed = observed_of_row(row, table.observed_ns, common.median if common else None, common.days if common else 0)
        yield JudgedJob(name, row, expected, observed, judge(expected, observed, evidence.as_of_ns, tested_days))


def expectations(evidence: Evidence) -> Mapping[tuple[str, str], Said]:
    """What people said, by device and job."""
    return {(each.device, each.job): _said(evidence.tenant, each) for each in evidence.expected_backups}


def _said(tenant: str, each: ExpectedBackup) -> Said:
    return Said(tenant, each.device, each.job, each.schedule, each.time_zone, each.grace_seconds, each.said_ns, each.by)
