"""The door for scripts: in its child process, over real HTTP on loopback; and the commands around it."""

import http.client
import io
import json
import socket
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from natvakt_agent.app.backups.door import ReportDoor, reports_child
from natvakt_agent.app.backups.tokens import TokensDamaged, new_token
from natvakt_agent.app.context import FAILED, OK, Context
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.main import build_parser, dispatch
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.collectors.backup_status.push_service import Door, PushService, known_tokens
from natvakt_agent.collectors.backup_status.report import MOST_OCTETS
from natvakt_agent.config.addresses import IpAddress, Network
from natvakt_agent.config.schema import BackupReportsSection
from testkit.agent import CountedBytes, HandClock

LOOPBACK = [Network("127.0.0.0/8")]


@contextmanager
def door(tmp_path, clients=LOOPBACK, tokens=("nightly",)):
    """The service in this process, on a port of its own; gives the port and the tokens by job."""
    paths = StatePaths(tmp_path)
    made = {job: new_token(paths.backup_tokens, job, CountedBytes(calls=number)) for number, job in enumerate(tokens)}
    service = PushService()
    told = {"address": "127.0.0.1", "port": 0, "tokens": str(paths.backup_tokens), "reports": str(paths.backup_reports)}
    service.start(lambda _: None)
    try:
        yield int(service.handle("open", json.dumps(told | {"clients": clients}).encode())), made
    finally:
        service.stop()


def post(port, job="nightly", token="", body="result=ok", **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-www-form-urlencoded"} | headers
    try:
        line.request("POST", f"/backup/{job}", body, sent)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())["status"]
    finally:
        line.close()


def kept(tmp_path, job="nightly"):
    return json.loads((tmp_path / "backup-reports" / f"{job}.json").read_text())


def test_a_report_is_on_disk_when_it_is_answered(tmp_path):
    with door(tmp_path) as (port, tokens):
        assert post(port, token=tokens["nightly"], body=urlencode({"result": "failed", "detail": "disk full"})) == (200, "kept")
        assert kept(tmp_path) == {"result": "failed", "detail": "disk full"}
        assert post(port, token=tokens["nightly"], body='{"result": 0}', **{"Content-Type": "application/json"})[0] == 200
        assert kept(tmp_path) == {"result": 0}


def test_only_the_token_of_the_job_itself_opens(tmp_path):
    with door(tmp_path, tokens=("nightly", "weekly")) as (port, tokens):
        for job, token in (("nightly", tokens["weekly"]), ("nightly", ""), ("unknown", tokens["nightly"]), ("unknown", "")):
            assert post(port, job, token)[0] == 401
        assert post(port, token=tokens["nightly"], Authorization=f"Basic {tokens['nightly']}")[0] == 401
    assert not (tmp_path / "backup-reports").exists()


def test_a_new_token_ends_the_old_one_at_once(tmp_path):
    with door(tmp_path) as (port, tokens):
        fresh = new_token(StatePaths(tmp_path).backup_tokens, "nightly", CountedBytes(calls=70))
        assert post(port, token=tokens["nightly"])[0] == 401
        assert post(port, token=fresh)[0] == 200


@pytest.mark.parametrize("job", ["../../etc/cron.d/x", "..%2fx", "nightly/../x", "", "nightly%00"])
def test_no_path_leads_out_of_the_folder(tmp_path, job):
    with door(tmp_path) as (port, tokens):
        assert post(port, job, tokens["nightly"])[0] in (401, 404)
    assert not (tmp_path / "backup-reports").exists()


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("result=perhaps", 400, "perhaps"),
        ("", 400, "result"),
        ("result=ok&bytes=many", 400, "bytes"),
        ("nonsense", 400, "form"),
        (b"\xff\xfe", 400, "form"),
        ("result=ok&detail=" + "x" * MOST_OCTETS, 413, "octets"),
    ],
)
def test_what_is_not_understood_is_answered_with_the_reason_and_keeps_the_last_report(tmp_path, body, status, says):
    with door(tmp_path) as (port, tokens):
        assert post(port, token=tokens["nightly"])[0] == 200
        answered = post(port, token=tokens["nightly"], body=body)
        assert answered[0] == status
        assert says in answered[1]
        assert kept(tmp_path) == {"result": "ok"}


def test_who_is_not_let_in_is_refused_before_anything_is_read(tmp_path):
    with door(tmp_path, clients=["192.0.2.0/24"]) as (port, tokens):
        assert post(port, token=tokens["nightly"])[0] == 403


def test_who_connects_and_says_nothing_keeps_nobody_waiting(tmp_path):
    with door(tmp_path) as (port, tokens):
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
        try:
            silent[0].sendall(b"POST /backup/nightly HTTP/1.1\r\n")
            assert post(port, token=tokens["nightly"])[0] == 200
        finally:
            for line in silent:
                line.close()


def test_only_posting_is_answered(tmp_path):
    with door(tmp_path) as (port, _):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", "/backup/nightly")
        assert line.getresponse().status == 501
        line.close()


def test_addresses_of_both_families_are_held_against_the_networks():
    own = Door("::", 1, Path("/t"), Path("/r"), ("127.0.0.0/8", "::1/128"))
    assert [own.lets_in(address) for address in ("127.0.0.5", "::1", "::ffff:127.0.0.1", "192.0.2.1", "fe80::1%eth0")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_a_damaged_list_of_tokens_lets_nobody_in_and_names_the_way_out(tmp_path):
    with door(tmp_path) as (port, tokens):
        StatePaths(tmp_path).backup_tokens.write_text("[]")
        assert post(port, token=tokens["nightly"])[0] == 500
    with pytest.raises(ValueError, match="natvakt-agent backup token"):
        known_tokens(StatePaths(tmp_path).backup_tokens)
    with pytest.raises(TokensDamaged, match="natvakt-agent backup token"):
        new_token(StatePaths(tmp_path).backup_tokens, "nightly", CountedBytes())


CONFIG = """state_dir = "{state}"
[host]
name = "file-server"
[backup_reports]
enabled = true
port = {port}
[[backup]]
job = "nightly"
kind = "push"
interval = "24h"
[[backup]]
job = "dump"
kind = "files"
path = "{state}"
pattern = "*.sql"
"""


def command(tmp_path, *words, port=7480, environment=()):
    path = tmp_path / "agent.toml"
    path.write_text(CONFIG.format(state=tmp_path, port=port))
    out, notes = io.StringIO(), io.StringIO()
    context = Context(out, notes, dict(environment), Edges(clock=HandClock(), random=CountedBytes()), lambda _: "", "test")
    code = dispatch(build_parser().parse_args(["backup", *words, "--config", str(path)]), context)
    return code, out.getvalue(), notes.getvalue()


def test_token_report_and_list_work_together(tmp_path):
    code, token, _ = command(tmp_path, "token", "nightly")
    assert code == OK
    file = tmp_path / "token"
    assert command(tmp_path, "token", "nightly", "--output", str(file))[1] == ""
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text() == token
    with door(tmp_path / "agent", tokens=()) as (port, _):
        words = ("report", "--job", "nightly", "--result", "ok", "--bytes", "5000", "--token-file", str(file))
        assert command(tmp_path, *words, port=port) == (OK, "", "")
        code, _, notes = command(
            tmp_path, "report", "--job", "nightly", "--result", "ok", port=port, environment={"NATVAKT_BACKUP_TOKEN": "no"}.items()
        )
        assert (code, "HTTP 401" in notes) == (FAILED, True)
    (tmp_path / "one.sql").write_text("x")
    code, out, _ = command(tmp_path, "list", "--json")
    told = {row["job"]: row for row in json.loads(out)["jobs"]}
    assert code == OK
    assert (told["nightly"]["result"], told["nightly"]["bytes"], told["nightly"]["device"]) == ("ok", 5000, "file-server")
    assert told["nightly"]["last_end"] == HandClock().wall_ns() // 1_000_000_000
    assert told["dump"]["result"] == "ok"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("token", "dump"), "no [[backup]] of kind"),
        (("report", "--job", "nightly", "--result", "ok"), "no token"),
        (("report", "--job", "nightly", "--result", "ok", "--token-file", "/nowhere"), "/nowhere"),
        (("report", "--job", "nightly", "--result", "ok", "--url", "ftp://x"), "is not an address"),
    ],
)
def test_what_cannot_be_done_says_why(tmp_path, words, says):
    environment = {"NATVAKT_BACKUP_TOKEN": "x"}.items() if "--url" in words else ()
    code, _, notes = command(tmp_path, *words, environment=environment)
    assert code == FAILED
    assert says in notes


def test_a_list_with_a_job_that_never_ran_is_no_success(tmp_path):
    code, out, _ = command(tmp_path, "list")
    assert code == FAILED
    assert "nightly  push  never" in out


def test_the_door_opens_in_a_child_process_and_opens_again_when_that_ends(tmp_path):
    clock, paths = HandClock(), StatePaths(tmp_path)
    token = new_token(paths.backup_tokens, "nightly", CountedBytes())
    section = BackupReportsSection(enabled=True, address=IpAddress("127.0.0.1"), port=_free_port())
    own = ReportDoor(section, paths, child := reports_child({"PATH": "/usr/bin:/bin"}), clock)
    try:
        own.look()
        assert post(own.port, token=token)[0] == 200
        child.close()
        own.look()
        assert child.pid is None  # not before its minute is over
        clock.move(61)
        own.look()
        assert post(own.port, token=token)[0] == 200
        assert own.alarms() == {}
    finally:
        own.close()


def test_a_port_that_is_taken_is_an_alarm_and_tried_again(tmp_path):
    clock = HandClock()
    with door(tmp_path) as (port, _):
        section = BackupReportsSection(enabled=True, address=IpAddress("127.0.0.1"), port=port)
        own = ReportDoor(section, StatePaths(tmp_path), reports_child({"PATH": "/usr/bin:/bin"}), clock)
        own.look()
        assert str(port) in own.alarms()["backup-reports"]
    try:
        clock.move(61)
        own.look()
        assert own.alarms() == {}
    finally:
        own.close()


def test_a_door_that_is_not_wanted_starts_no_process(tmp_path):
    child = reports_child({})
    ReportDoor(BackupReportsSection(), StatePaths(tmp_path), child, HandClock()).look()
    assert child.starts == 0


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
