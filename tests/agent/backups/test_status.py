"""What scripts tell of their runs, in every spelling a shell or PowerShell writes easily."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.collectors.backup_status.reader import StatusReader
from natvakt_agent.collectors.backup_status.report import MOST_OCTETS, ReportRefused, parse_report
from natvakt_agent.model.backup import JobState, JobUnreadable
from testkit.agent import HandClock
from testkit.backups import MemoryFiles

WRITTEN = 1_790_000_000
PATH = "/var/lib/backup/nightly.status"


def read(content, kind="status"):
    files = MemoryFiles()
    if content is not None:
        files.write(PATH, content, WRITTEN)
    return StatusReader(kind, PATH, files).read(HandClock(), 60.0)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("0\n", JobState.OK),
        ("2\n", JobState.FAILED),
        ("-1\n", JobState.FAILED),
        ("ok", JobState.OK),
        ("Warning\r\n", JobState.WARNING),
        ("result=failed\ndetail='disk full'\n", JobState.FAILED),
        ('{"result": 0}', JobState.OK),
        ('{"result": "success", "warnings": 3}', JobState.WARNING),
        ("\ufeffresult=ok\n", JobState.OK),
        ("# written by backup.sh\n0\n", JobState.OK),
    ],
)
def test_a_result_is_understood_in_every_spelling_and_ends_when_the_file_was_written(text, state):
    report = parse_report(text, WRITTEN)
    assert (report.state, report.last_end) == (state, WRITTEN)
    assert report.last_success == (WRITTEN if state in (JobState.OK, JobState.WARNING) else None)


def test_everything_a_script_can_tell_is_taken_over():
    told = {
        "result": "ok",
        "start": "2026-09-21T01:00:00+02:00",
        "end": 1_789_950_000,
        "bytes": 5_000_000_000,
        "items": "12",
        "warnings": 0,
    }
    report = parse_report(
        json.dumps(told | {"warnings": 0, "restore_test": "2026-08-01T00:00:00Z", "detail": "two\nlines", "target": "nas"}), WRITTEN
    )
    assert (report.last_start, report.last_end, report.bytes, report.items, report.warnings) == (
        1_789_945_200, 1_789_950_000, 5_000_000_000, 12, 0,
    )  # fmt: skip
    assert (report.restore_test, report.detail, report.target) == (1_785_542_400, "two lines", "nas")


def test_a_job_under_way_has_no_end_yet_but_may_tell_its_last_good_one():
    report = parse_report("result=running\nstart=1789999000\nlast_success=1789900000\n", WRITTEN)
    assert (report.state, report.last_end, report.last_success) == (JobState.RUNNING, None, 1_789_900_000)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "result"),
        ("{", "JSON"),
        ("result=perhaps", "perhaps"),
        ("result=ok\nbytes=-1", "bytes"),
        ("result=ok\nbytes=1_000", "bytes"),
        ('{"result": "ok", "bytes": true}', "bytes"),
        ("result=ok\nend=2026-11-24 01:00", "offset"),
        ("result=ok\nend=99999999999999999999", "end"),
        ('{"result": "ok", "end": NaN}', "end"),
        ("result=ok\npasword=hunter2", "pasword"),
        ("all went well\nindeed", "key=value"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(text, names):
    with pytest.raises(ReportRefused, match=names):
        parse_report(text, WRITTEN)


@given(st.text(max_size=300))
def test_any_text_is_a_report_or_a_refusal(text):
    try:
        report = parse_report(text, WRITTEN)
    except ReportRefused:
        return
    assert report.state in JobState


def test_a_report_that_was_never_written_is_a_job_that_never_ran():
    assert read(None).state is JobState.NEVER
    assert "never ended" in str(read(None, "push").detail)


def test_a_report_of_powershell_in_utf16_is_read():
    assert read("result=failed\r\n".encode("utf-16")).state is JobState.FAILED


@pytest.mark.parametrize("content", [b"x" * (MOST_OCTETS + 1), b"nonsense"])
def test_a_log_in_place_of_a_report_is_unreadable_and_names_the_file(content):
    with pytest.raises(JobUnreadable, match=PATH):
        read(content)
