"""Veeam Backup & Replication, over TLS against a server that answers as its REST service does."""

import ssl

import pytest
from natvakt_agent.collectors.backup_veeam.reader import VeeamReader
from natvakt_agent.collectors.backup_veeam.rest import Login, VeeamServer
from natvakt_agent.model.backup import JobState, JobUnreadable
from natvakt_agent.model.target import Secret
from testkit.agent import HandClock
from testkit.veeam import PASSWORD, TOKEN, USER, Veeam, serving

JOB = {"id": "j-1", "name": "Nightly servers", "status": "inactive", "repositoryName": "Main repository", "objectsCount": 4}
OTHER = JOB | {"id": "j-2", "name": "Nightly servers 2"}


def session(number, result, state="Stopped", day=20, message=""):
    ended = None if state == "Working" else f"2026-09-{day}T23:30:00.7654321+02:00"
    return {
        "id": f"s-{number}", "jobId": "j-1", "state": state, "creationTime": f"2026-09-{day}T22:00:00.1234567+02:00",
        "endTime": ended, "result": {"result": result, "message": message},
    }  # fmt: skip


def read(veeam, folder, job="Nightly servers", password=PASSWORD, is_trusted=True, login=True):
    with serving(veeam, folder) as own:
        trust = ssl.create_default_context(cafile=own if is_trusted else None)
        made = Login(USER, Secret(password)) if login else None
        return VeeamReader(VeeamServer(veeam.url, trust), lambda: made, job).read(HandClock(), 30.0)


def test_the_last_run_and_what_it_held_are_told(tmp_path):
    tasks = {"s-2": [{"progress": {"processedSize": 700}}, {"progress": {"processedSize": 300}}, {}]}
    report = read(Veeam([OTHER, JOB], [session(1, "Success", day=19), session(2, "Success")], tasks), tmp_path)
    assert (report.state, report.bytes, report.items, report.target) == (JobState.OK, 1000, 4, "Main repository")
    assert report.last_success == report.last_end == 1_789_939_800
    assert report.last_end - report.last_start == 5400


def test_a_failed_run_leaves_the_good_one_before_it(tmp_path):
    report = read(Veeam([JOB], [session(2, "Failed", message="No\n space"), session(1, "Warning", day=19)]), tmp_path)
    assert (report.state, report.detail) == (JobState.FAILED, "No space")
    assert report.last_end - report.last_success == 86_400


def test_a_run_under_way_is_no_end(tmp_path):
    report = read(Veeam([JOB], [session(2, "None", "Working"), session(1, "Success", day=19)]), tmp_path)
    assert (report.state, report.last_end) == (JobState.RUNNING, 1_789_853_400)


def test_every_token_is_ended_also_when_the_look_failed(tmp_path):
    veeam = Veeam([JOB], [session(1, "Success")])
    read(veeam, tmp_path)
    with pytest.raises(JobUnreadable):
        read(veeam, tmp_path, job="Weekly")
    assert veeam.ended == [f"Bearer {TOKEN}"] * 2


def test_an_older_version_without_tasks_tells_no_size(tmp_path):
    veeam = Veeam([JOB], [session(1, "Success")], lacks=frozenset({"/api/v1/taskSessions"}))
    assert read(veeam, tmp_path).bytes is None


def test_a_job_that_is_disabled_or_has_no_runs_says_so(tmp_path):
    assert read(Veeam([JOB]), tmp_path).state is JobState.NEVER
    assert "disabled" in str(read(Veeam([JOB | {"status": "disabled"}], [session(1, "Success")]), tmp_path).detail)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"job": "Weekly"}, "no job 'Weekly'"),
        ({"password": "wrong-birch-1"}, "refuses the login"),
        ({"is_trusted": False}, "ca_file"),
        ({"login": False}, "credentials add"),
    ],
)
def test_what_stands_in_the_way_is_told_with_the_way_out_and_without_the_password(tmp_path, words, told):
    with pytest.raises(JobUnreadable, match=told) as caught:
        read(Veeam([JOB], [session(1, "Success")]), tmp_path, **words)
    assert "birch" not in str(caught.value)


def test_a_server_that_does_not_answer_is_told(tmp_path):
    veeam = Veeam([JOB])
    with serving(veeam, tmp_path):
        pass
    reader = VeeamReader(VeeamServer(veeam.url, ssl.create_default_context()), lambda: Login(USER, Secret(PASSWORD)), "x")
    with pytest.raises(JobUnreadable, match="does not answer"):
        reader.read(HandClock(), 5.0)
