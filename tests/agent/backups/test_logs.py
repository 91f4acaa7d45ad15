"""rsync's log and Windows Server Backup's own texts, written by hand in their shape."""

from datetime import UTC, datetime

import pytest
from natvakt_agent.collectors.backup_rsync.reader import RsyncReader
from natvakt_agent.collectors.backup_windows.reader import WindowsReader
from natvakt_agent.collectors.backup_windows.reading import events, versions
from natvakt_agent.model.backup import Finished, JobState, JobUnreadable
from testkit.agent import HandClock
from testkit.backups import MemoryFiles, ToldPrograms

WRITTEN = 1_790_000_000
STATS = """Number of files: 1,234 (reg: 1,000, dir: 234)
Number of created files: 3
Total file size: 5,000,000,000 bytes
Total transferred file size: 10 bytes
sent 1.234 bytes  received 35 bytes  846.00 bytes/sec
total size is 5,000,000,000  speedup is 3,940,110.32
"""
RUN = "building file list ... done\na/b\n\n" + STATS


def rsync(text, written=WRITTEN):
    files = MemoryFiles()
    files.write("/var/log/rsync.log", text, written)
    return RsyncReader("/var/log/rsync.log", files, lambda moment: int(moment.replace(tzinfo=UTC).timestamp())).read(HandClock(), 60.0)


def test_a_run_with_statistics_tells_size_and_count_whatever_groups_the_digits():
    for text in (RUN, RUN.replace(",", "."), RUN.replace(",", "\u202f")):
        report = rsync(text)
        assert (report.state, report.bytes, report.items, report.last_success) == (JobState.OK, 5_000_000_000, 1234, WRITTEN)


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("rsync error: some files could not be transferred (code 23) at main.c(1338) [sender=3.2.7]", JobState.WARNING),
        ("rsync warning: some files vanished before they could be transferred (code 24) at main.c(1338)", JobState.WARNING),
        ("rsync error: error in rsync protocol data stream (code 12) at io.c(231)", JobState.FAILED),
    ],
)
def test_how_a_run_ended_stands_in_its_exit_code(line, state):
    report = rsync(RUN + line + "\n")
    assert report.state is state
    assert report.last_success == (WRITTEN if state is JobState.WARNING else None)
    assert "error: " in str(report.detail) or "warning: " in str(report.detail)


def test_only_the_last_run_of_a_log_counts_and_its_own_times_do():
    stamped = "\n".join(f"2026/09/21 01:0{number}:00 [77] {line}" for number, line in enumerate((RUN).splitlines()[:9]))
    broken = "2026/09/20 01:00:00 [66] building file list\n2026/09/20 01:00:09 [66] rsync error: x (code 12) at io.c(1)\n"
    report = rsync(broken + stamped)
    assert (report.state, report.last_start) == (JobState.OK, int(datetime(2026, 9, 21, 1, 0, tzinfo=UTC).timestamp()))
    assert report.last_end - report.last_start == 480


def test_a_run_without_an_end_is_under_way_and_a_log_of_something_else_is_unreadable():
    assert rsync(RUN + "sending incremental file list\na/b\n").state is JobState.RUNNING
    with pytest.raises(JobUnreadable, match="--stats"):
        rsync("Sep 21 01:00 cron started\n")


VERSIONS = """wbadmin 1.0 - Verktyg f\u00f6r s\u00e4kerhetskopiering

Tid f\u00f6r s\u00e4kerhetskopia: 2026-09-20 01:30
M\u00e5l: N\u00e4tverksresurs m\u00e4rkt \\\\nas\\backup
Versionsidentifierare: 09/19/2026-23:30
Kan \u00e5terst\u00e4lla: Volymer, Filer

Tid f\u00f6r s\u00e4kerhetskopia: 2026-09-21 01:30
Versionsidentifierare: 09/20/2026-23:30
"""


def event(number, moment, **data):
    inner = "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in data.items())
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name='Microsoft-Windows-Backup'/><EventID>{number}</EventID><TimeCreated SystemTime='{moment}'/>"
        f"</System><EventData>{inner}</EventData></Event>"
    )


BEGAN = event(1, "2026-09-20T23:30:01.1234567Z")
WELL = event(4, "2026-09-20T23:50:00.0000000Z")
ENDED = event(14, "2026-09-20T23:50:01.0000000Z", HRESULT="0")


def windows(log, listing=VERSIONS, codes=(0, 0), wide=True):
    output = log.encode("utf-16") if wide else log.encode()
    programs = ToldPrograms({"qe": Finished(codes[0], output, ""), "versions": Finished(codes[1], listing.encode("cp850", "replace"), "")})
    return WindowsReader(programs).read(HandClock(), 60.0)


def at(*parts):
    return int(datetime(2026, 9, *parts, tzinfo=UTC).timestamp())


def test_versions_are_read_in_every_language_by_their_identifier():
    assert versions(VERSIONS) == [at(19, 23, 30), at(20, 23, 30)]
    assert versions("Version identifier: 13/45/2026-99:00") == []


@pytest.mark.parametrize("wide", [True, False])
def test_a_good_run_of_windows_server_backup(wide):
    report = windows(ENDED + WELL + BEGAN, wide=wide)
    assert (report.state, report.items) == (JobState.OK, 2)
    assert (report.last_start, report.last_end, report.last_success) == (at(20, 23, 30, 1), at(20, 23, 50, 1), at(20, 23, 50, 1))


def test_a_failed_run_tells_its_cause_and_the_last_good_version():
    failed = event(5, "2026-09-21T23:31:00Z", HRESULT="-2147023436", DetailedHRESULT="timeout")
    report = windows(failed + event(1, "2026-09-21T23:30:00Z") + ENDED + WELL + BEGAN)
    assert (report.state, report.last_end, report.last_success) == (JobState.FAILED, at(21, 23, 31), at(20, 23, 50, 1))
    assert report.detail == "event 5, 0x800705B4: timeout"


def test_an_end_with_a_bad_result_is_a_failure_although_the_event_is_the_usual_one():
    assert windows(event(14, "2026-09-20T23:50:00Z", HRESULT="0x80780049") + BEGAN).state is JobState.FAILED


def test_a_run_under_way_and_one_that_never_was():
    assert windows(BEGAN).state is JobState.RUNNING
    assert windows("", listing="ERROR - no backup was found", codes=(0, 0xFFFFFFFD)).state is JobState.NEVER
    assert windows("").last_success == at(20, 23, 30)


@pytest.mark.parametrize(("log", "codes"), [("", (5, 0)), ("<Event", (0, 0)), ("<!DOCTYPE x>", (0, 0))])
def test_a_log_that_cannot_be_read_is_told(log, codes):
    with pytest.raises(JobUnreadable, match="wevtutil"):
        windows(log, codes=codes)


def test_without_the_feature_wbadmin_says_so():
    with pytest.raises(JobUnreadable, match="installed"):
        windows(BEGAN, listing="", codes=(0, 1))


def test_an_event_without_a_number_or_a_time_is_passed_over():
    assert events(event("x", "2026-09-20T23:50:00Z") + event(4, "yesterday")) == []
