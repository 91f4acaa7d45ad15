"""Host keys on disk: kept over restarts, accepted by a person only, and no credential leaves while one is in doubt."""

import io
import json

import pytest
from natvakt_agent.app.commands import hostkeys
from natvakt_agent.app.context import Context
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.host_keys import HostKeyFile, HostKeysDamaged
from natvakt_agent.app.main import build_parser, dispatch
from natvakt_agent.app.poller import Poller
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.ssh.fingerprints import fingerprint
from natvakt_agent.collectors.ssh.messages import HostKey
from natvakt_agent.model.observation import TableStatus
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from natvakt_agent.scheduler.plan import Poll, TableRef
from testkit.agent import SECOND, SYSTEM_GROUP, FakeDevice, FakeSite, HandClock

KEY, OTHER = HostKey("ssh-rsa", b"key"), HostKey("ssh-ed25519", b"other")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "agent" / "host-keys.json"


def keys(path):
    return HostKeyFile(path, HandClock())


def command(tmp_path, *words):
    out, notes = io.StringIO(), io.StringIO()
    context = Context(out, notes, {"NATVAKT_STATE_DIR": str(tmp_path / "state")}, Edges(clock=HandClock()), lambda _: "", "0")
    code = dispatch(build_parser().parse_args(["hostkeys", *words]), context)
    return code, out.getvalue(), notes.getvalue()


def test_a_key_is_known_after_a_restart(path):
    keys(path).pin("dev-1", "hq-acc1", KEY)
    assert keys(path).known("dev-1").trusted == KEY
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_change_is_an_alarm_until_it_is_accepted(tmp_path, path):
    running = keys(path)
    running.pin("dev-1", "hq-acc1", KEY)
    running.report_change("dev-1", OTHER)
    assert fingerprint(OTHER) in running.alarms()["host-key:hq-acc1"]
    code, out, _ = command(tmp_path, "list")
    assert (code, "CHANGED" in out) == (0, True)
    assert command(tmp_path, "accept", "hq-acc1")[0] == 0
    assert (running.alarms(), running.held("dev-1"), running.known("dev-1").trusted) == ({}, None, OTHER)


def test_only_a_key_that_changed_can_be_accepted(tmp_path, path):
    keys(path).pin("dev-1", "hq-acc1", KEY)
    code, _, notes = command(tmp_path, "accept", "hq-acc1")
    assert (code, "shows no other key" in notes) == (1, True)


def test_the_list_as_json(tmp_path, path):
    keys(path).pin("dev-1", "hq-acc1", KEY)
    document = json.loads(command(tmp_path, "list", "--json")[1])
    assert document["schema"] == hostkeys.SCHEMA
    assert document["keys"][0] | {"name": "hq-acc1", "state": "trusted", "fingerprint": fingerprint(KEY)} == document["keys"][0]


def test_a_file_that_is_damaged_is_never_taken_for_an_empty_one(tmp_path, path):
    path.parent.mkdir(parents=True)
    path.write_text('{"keys": [')
    with pytest.raises(HostKeysDamaged, match="is no list of host keys"):
        keys(path)
    assert command(tmp_path, "list")[0] == 1


def test_a_file_that_becomes_damaged_holds_every_device(path):
    running = keys(path)
    running.pin("dev-1", "hq-acc1", KEY)
    path.write_text("no list")
    assert "is no list of host keys" in running.held("dev-1")
    assert "is no list of host keys" in running.held("dev-2")
    assert running.alarms().keys() == {"host-keys"}


def test_promise_38_snmp_is_not_asked_either_while_a_host_key_is_in_doubt(path):
    kept = keys(path)
    kept.pin("dev-1", "hq-acc1", KEY)
    site = FakeSite({"192.0.2.1": FakeDevice(SYSTEM_GROUP)})
    poller = Poller({"snmp": SnmpCollector(site.open_session)}, HandClock(), kept.held)
    target = Target("dev-1", "hq-acc1", "192.0.2.1", SnmpCredential("m", "v2c", community=Secret("c")))
    poll = Poll(1, "dev-1", (TableRef("snmp", "device"),), 0, 2000 * SECOND)
    assert poller.run(poll, target).observation.tables[0].status is TableStatus.PROVIDED
    opened = len(site.opened)
    kept.report_change("dev-1", OTHER)
    table = poller.run(poll, target).observation.tables[0]
    assert (table.status, len(site.opened)) == (TableStatus.NO_ACCESS, opened)
    assert "hostkeys accept hq-acc1" in table.detail
