"""The backup jobs of the simulated servers: the late one is told by the agent's own collector and judged late, the near miss is not."""

from pathlib import Path

import pytest
from demo.jobs import JOBS, JobReports, settings_of
from demo.runner import agent_config
from demo.world import DAY_NS, HOUR_NS
from natvakt_agent.app.backups.local_files import LocalFiles
from natvakt_agent.collectors.backup.collector import BackupCollector
from natvakt_agent.collectors.backup_status.reader import StatusReader
from natvakt_agent.config.loading import load
from natvakt_agent.model.backup import Job
from natvakt_agent.model.target import Target
from natvakt_server.analysis.engine import judge_one
from natvakt_server.analysis.evidence import Device, Evidence, Table
from natvakt_server.analysis.rules.core import server_backup
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.registry import Role
from testkit.agent import HandClock
from testkit.demo_site import EPOCH_NS


def judged(folder: Path, name: str, now_ns: int) -> tuple[Verdict, dict[str, object]]:
    """Verdict and facts of one server at one moment of the story."""
    JobReports(folder, EPOCH_NS).write(now_ns)
    files = LocalFiles()
    jobs = [
        Job(job.name, name, StatusReader("status", str(folder / job.file_name), files), job.interval_hours * 3600)
        for job in JOBS
        if job.device == name
    ]
    told = BackupCollector({name: jobs}, files, str).collect(Target(name, name, "127.1.0.62"), None, HandClock(now_wall_ns=now_ns))
    table = Table("backup_job", tuple(dict(row) for row in told.tables[0].rows), now_ns)
    device = Device(name, name, "127.1.0.62", "hq", Role.SERVER, tables={"backup_job": table})
    judgement = judge_one(server_backup.RULE, device, Evidence("demo", "Demo", ("hq",), now_ns, "Europe/Stockholm", (device,)))
    return judgement.verdict, {fact.what: fact.value for failure in judgement.failures for fact in failure.facts}


def test_the_nightly_job_of_hq_win_is_31_hours_late(tmp_path: Path) -> None:
    verdict, facts = judged(tmp_path, "hq-win", EPOCH_NS)
    assert (verdict, facts["late by"], facts["last good run"]) == (Verdict.FAIL, 31.0, 55.0)


@pytest.mark.parametrize("hours_ago", [26, 55, 60, 24 * 20 + 5])
def test_it_ran_every_night_before_that(tmp_path: Path, hours_ago: int) -> None:
    assert judged(tmp_path, "hq-win", EPOCH_NS - hours_ago * HOUR_NS)[0] is Verdict.PASS


def test_the_weekly_job_of_hq_lin_is_within_its_grace(tmp_path: Path) -> None:
    for days_ago in (0, 3, 9, 29):
        assert judged(tmp_path, "hq-lin", EPOCH_NS - days_ago * DAY_NS)[0] is Verdict.PASS


def test_no_report_tells_of_a_run_that_has_not_been(tmp_path: Path) -> None:
    for hours_ago in range(0, 24 * 30, 5):
        now_ns = EPOCH_NS - hours_ago * HOUR_NS
        ends = [StatusReader("status", str(path), LocalFiles()).read(HandClock(), 1.0).last_end for path in written(tmp_path, now_ns)]
        assert all(end is not None and end * 1_000_000_000 <= now_ns for end in ends)


def written(folder: Path, now_ns: int) -> list[Path]:
    JobReports(folder, EPOCH_NS).write(now_ns)
    return sorted(folder.glob("*.json"))


def test_the_settings_of_the_demo_name_the_jobs_of_its_own_targets(tmp_path: Path) -> None:
    target = {"name": "hq-win", "site": "hq", "address": "127.1.0.62", "community": "c", "snmp_port": 1161, "probe_port": 1162}
    settings = [agent_config(tmp_path, [target], 0, watch_host=False), *settings_of(tmp_path, ["hq-win"])]  # type: ignore[list-item]
    path = tmp_path / "agent.toml"
    path.write_text("\n".join(settings))
    assert [(entry.job, entry.device, entry.interval) for entry in load(path, {}).backup] == [("nightly", "hq-win", 86_400)]
