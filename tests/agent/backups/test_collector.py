"""Table `backup_job`: one row a job, whatever its reader meets."""

import base64

from natvakt_agent.app.backups.words import SiteWords
from natvakt_agent.collectors.backup.collector import DOCUMENT, KEY, SERIES, BackupCollector
from natvakt_agent.model.backup import Job, JobReport, JobState, JobUnreadable
from natvakt_agent.model.target import Target
from natvakt_server.domain.registry import TABLES
from testkit.agent import HandClock
from testkit.backups import MemoryFiles

TARGET = Target("d1", "file-server", "192.0.2.9")


class Told:
    kind = "files"

    def __init__(self, answer):
        self._answer = answer

    def read(self, clock, deadline_seconds):
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def collect(*jobs, files=None, tables=None):
    clean = SiteWords(lambda: ["tall-fir-9041"]).clean
    return BackupCollector({"d1": jobs}, files or MemoryFiles(), clean).collect(TARGET, tables, HandClock())


def test_the_table_is_the_one_of_the_registry():
    defined = TABLES["backup_job"]
    assert (defined.key, frozenset(defined.series)) == (KEY, SERIES)
    assert frozenset(defined.document) == DOCUMENT


def test_every_row_has_every_field_and_the_state_in_figures_and_words():
    found = collect(Job("nightly", "d1", Told(JobReport(JobState.OK, last_end=5, bytes=7)), interval_seconds=86_400))
    row = found.tables[0].rows[0]
    assert set(row) == {*KEY, *SERIES, *DOCUMENT}
    assert (row["job"], row["state"], row["result"], row["bytes"], row["interval_seconds"]) == ("nightly", 1, "ok", 7, 86_400)
    assert list(found.errors) == []


def test_one_job_that_cannot_be_read_is_told_and_the_others_are_there():
    broken = Job("one", "d1", Told(JobUnreadable("/srv/restic: wrong password")))
    denied = Job("two", "d1", Told(PermissionError(13, "Permission denied", "/root/x")))
    found = collect(broken, denied, Job("three", "d1", Told(JobReport(JobState.OK))))
    assert [row["result"] for row in found.tables[0].rows] == ["unreadable", "unreadable", "ok"]
    assert list(found.errors) == ["backup job one: /srv/restic: wrong password", "backup job two: /root/x: Permission denied"]


def test_the_newer_of_two_restore_tests_counts_and_a_missing_file_is_no_error():
    files = MemoryFiles()
    files.write("/tested", b"", 900)
    report = JobReport(JobState.OK, restore_test=100)
    rows = collect(
        Job("one", "d1", Told(report), restore_test_file="/tested"), Job("two", "d1", Told(report), restore_test_file="/no"), files=files
    )
    assert [row["restore_test"] for row in rows.tables[0].rows] == [900, 100]
    assert list(rows.errors) == []


def test_a_device_without_jobs_and_another_table_tell_nothing():
    assert list(collect().tables) == []
    assert list(collect(Job("one", "d1", Told(JobReport(JobState.OK))), tables=["device"]).tables) == []


def test_what_the_vault_holds_leaves_in_no_words_of_programs_and_scripts():
    encoded = base64.b64encode(b"tall-fir-9041").decode()
    told = JobReport(JobState.FAILED, target="//nas/tall-fir-9041", detail=f"login {encoded} refused")
    found = collect(Job("one", "d1", Told(told)), Job("two", "d1", Told(JobUnreadable("/srv: tall-fir-9041 is wrong"))))
    whole = str(found.tables[0].rows) + str(found.errors)
    assert "tall-fir-9041" not in whole
    assert encoded not in whole
    assert found.tables[0].rows[0]["target"] == "//nas/***"
