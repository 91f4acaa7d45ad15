"""The listeners beside the running agent: texts scrubbed, devices by their ids, the process kept alive, an event's way to the spool."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.device_registry import KnownDevice
from natvakt_agent.app.listening.joining import listen_settings, trap_credentials
from natvakt_agent.app.listening.listener import LONGEST_PAUSE_NS, HandOver, Listener
from natvakt_agent.app.listening.translation import HELD_BACK, Translator, kinds_only, scrubbing
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.wiring import prepare_state
from natvakt_agent.config.loading import load
from natvakt_agent.config.schema import AgentConfig, ListenSection
from natvakt_agent.isolation.child import ChildFailed
from natvakt_agent.listeners.messages import Counts, FlowSummary, Heard, Pushed, Settings, Talker, packed, unpacked
from natvakt_agent.listeners.syslog_cisco import heard_of
from natvakt_agent.model.clock import Instant
from natvakt_agent.model.target import Secret, SnmpCredential
from natvakt_agent.pipeline.own_tables import CredentialMark
from natvakt_agent.scrubbing.equality import SiteKey
from natvakt_agent.scrubbing.scrubber import Scrubber
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import open_spool
from natvakt_wire.envelope import LaneClass
from testkit.agent import SECOND, CountedBytes, HandClock, spooled
from testkit.enrolled import enrolled
from testkit.listening import HERE, send

DEVICES = {"192.0.2.1": "sw1"}
CLEAN = scrubbing(Scrubber(SiteKey(bytes(32)), ["communityword77", "hemligtord"]))


def translated(line, clean=CLEAN, source="192.0.2.1"):
    heard = heard_of(source, 0, f"<189>1: {line}".encode())
    return Translator("host", lambda: DEVICES, clean).event(heard, 5)


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("%PARSER-5-CFGLOG_LOGGEDCMD: User:bo logged command:username eva secret 0 vintergatan9", "vintergatan9"),
        ("%PARSER-5-CFGLOG_LOGGEDCMD: User:bo logged command:snmp-server community vintergatan9 RO", "vintergatan9"),
        ("%ASA-5-111010: User 'bo', running 'CLI' from IP 10.0.0.5, executed 'enable password vintergatan9'", "vintergatan9"),
        ("%ASA-5-111008: User 'bo' executed the 'username eva password vintergatan9' command.", "vintergatan9"),
        ("%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: hemligtord] [Source: 10.0.0.5]", "hemligtord"),
        ("%SYS-5-CONFIG_I: Configured from console by hemligtord on vty0 (10.0.0.5)", "hemligtord"),
        ("%X-5-Y: community communityword77 from 10.0.0.5", "communityword77"),
    ],
)
def test_no_secret_of_a_message_leaves_the_site(line, secret):
    row = translated(line).row
    assert secret not in json.dumps(row)
    assert row["name"].endswith(line.partition(":")[0].lstrip("%"))
    assert "<natvakt:" in row["message"] or "<natvakt:" in row["user"]


def test_an_ordinary_message_stays_as_it_is():
    row = translated("%SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.5)").row
    assert (row["message"], row["user"], row["origin"]) == ("Configured from console by admin on vty0 (10.0.0.5)", "admin", "10.0.0.5")


def test_what_cannot_be_made_clean_is_held_back_and_the_rest_told():
    row = translated("%X-5-Y: token Zq8Lw3Rt9Xc5Vb1Nm7Kj4Hg2Fd6Sa0Pq8Lw3").row
    assert row["message"] == HELD_BACK or "Zq8Lw3Rt9" not in row["message"]
    assert row["name"] == "X-5-Y"


def test_where_texts_stay_only_the_kind_is_told():
    row = translated("%SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.5)", kinds_only).row
    assert row == {
        "kind": "syslog", "severity": 5, "source": "192.0.2.1", "known": True, "is_change": True, "count": 1,
        "name": "SYS-5-CONFIG_I", "facility": "SYS", "mnemonic": "CONFIG_I",
    }  # fmt: skip


def test_a_stranger_is_told_under_the_agents_own_machine():
    told = translated("%X-5-Y: x", source="10.9.9.9")
    assert (told.device, told.row["known"], told.row["source"]) == ("host", False, "10.9.9.9")


class FakeProcess:
    """A child that listens, until `fault` says that it does not."""

    def __init__(self):
        self.pid, self.starts, self.dropped, self.fault = None, 0, 0, None
        self.asked, self.pushed = [], []

    def call(self, method, argument, timeout_seconds):
        if self.pid is None:
            self.starts, self.pid = self.starts + 1, 1
        if self.fault:
            raise ChildFailed("ListenRefused", self.fault)
        self.asked.append((method, unpacked(argument, Settings) if argument else None))
        return packed(Counts(ports={"traps 127.0.0.1": 162}, counts={"trap heard": 3, "message source-rate": 9}))

    def events(self):
        pushed, self.pushed = self.pushed, []
        return pushed

    def close(self):
        self.pid = None


class Bench:
    def __init__(self):
        self.clock, self.process, self.told, self.devices = HandClock(), FakeProcess(), [], dict(DEVICES)
        translator = Translator("host", lambda: self.devices, CLEAN)
        settings = lambda: Settings(addresses=[HERE], sources=sorted(self.devices), engine_boots=self.clock.wall_ns() // SECOND)  # noqa: E731
        self.listener = Listener(self.process, settings, translator, self.clock, self.told.append)

    def step(self, seconds=0.0):
        self.clock.move(seconds)
        self.listener.step()


def test_what_was_heard_comes_home_with_its_age_and_says_whose_configuration_changed():
    bench = Bench()
    bench.step()
    change = Heard(source="192.0.2.1", heard_ns=90 * SECOND, kind="syslog", name="SYS-5-CONFIG_I", severity=5, is_change=True)
    stranger = Heard(source="10.9.9.9", heard_ns=99 * SECOND, kind="trap", name="linkDown", severity=3, is_change=True)
    bench.process.pushed = [packed(Pushed(100 * SECOND, [change, stranger])), b"not a message"]
    bench.step(1)
    (news,) = bench.told
    assert isinstance(news, HandOver)
    now = bench.clock.monotonic_ns()
    assert [(each.device, each.monotonic_ns) for each in news.events] == [("sw1", now - 10 * SECOND), ("host", now - SECOND)]
    assert news.changed == {"sw1"}
    assert bench.listener.status()["taken"] == {"events": 1, "events-of-unknown": 1, "unreadable": 1, "dropped": 0}


def test_flows_become_the_table_of_their_exporter():
    talker = Talker(
        if_index=3, direction="in", rank=1, octets=900, packets=4, protocol=6, application="https", peer_a="net-a", peer_b="net-b"
    )
    of_both = ("192.0.2.1", "10.9.9.9")
    summaries = [FlowSummary(source=source, heard_ns=0, talkers=[talker], records=1, total_octets=900) for source in of_both]
    bench = Bench()
    bench.step()
    bench.process.pushed = [packed(Pushed(0, [], summaries))]
    bench.step()
    ((observation,),) = [news.flows for news in bench.told]
    (table,) = observation.tables
    assert (observation.device, table.name, table.key) == ("sw1", "flow", ("ifIndex", "direction", "rank"))
    assert table.rows[0]["bytes"] == 900
    assert observation.wall_ns == Instant.of(bench.clock).wall_ns


def test_a_process_that_ended_is_started_anew_with_new_boots():
    bench = Bench()
    bench.step()
    bench.process.pid = None
    bench.step(60)
    (_, first), (_, second) = bench.process.asked
    assert second.engine_boots == first.engine_boots + 60


def test_a_port_that_is_taken_is_an_alarm_and_tried_again_with_longer_pauses():
    bench = Bench()
    bench.process.fault = "listen.trap_port 162 on 127.0.0.1: Address already in use"
    bench.step()
    assert "listen.trap_port" in bench.listener.alarms()["listeners"]
    tries = 0
    for _ in range(2000):
        before = bench.listener._state.not_before_ns
        bench.step(1)
        tries += bench.listener._state.not_before_ns != before
    assert tries < 12
    bench.process.fault = None
    bench.step(LONGEST_PAUSE_NS / SECOND)
    assert bench.listener.alarms() == {}
    assert bench.listener.status()["state"] == "listening"


def test_new_targets_are_listened_to_without_a_restart_of_the_agent():
    bench = Bench()
    bench.step()
    bench.devices["192.0.2.9"] = "sw9"
    bench.step(11)
    listened = [settings.sources for method, settings in bench.process.asked if method == "listen"]
    assert listened == [["192.0.2.1"], ["192.0.2.1", "192.0.2.9"]]


def test_counts_are_told_every_few_seconds():
    bench = Bench()
    bench.step()
    bench.step(11)
    assert bench.listener.status()["counts"] == {"trap heard": 3, "message source-rate": 9}


def vault(**known):
    marks = {name: CredentialMark(name, each.version, each.auth_protocol, each.privacy_protocol, False) for name, each in known.items()}
    return Credentials(known, marks)


V2 = SnmpCredential("v2", "v2c", Secret("word"))
V3 = SnmpCredential("v3", "v3", None, "watcher", "sha", Secret("authentication"), "aes128", Secret("privacy-key"))
OPEN = SnmpCredential("open", "v3", None, "finder", "any", Secret("authentication"), "any", Secret("privacy-key"))
LOGIN = SnmpCredential("login", "login", None, "admin", None, Secret("x"))


def test_traps_may_be_sent_with_what_the_vault_holds_for_snmp():
    found = trap_credentials(AgentConfig(), vault(v2=V2, v3=V3, login=LOGIN), {})
    assert (found.communities, [user.name for user in found.users], found.unusable) == ((b"word",), ["watcher"], ())
    assert "authentication" not in repr(found)


def test_only_the_named_ones_where_the_site_names_some():
    config = AgentConfig(listen=ListenSection(credentials=["v3", "login", "gone"]))
    found = trap_credentials(config, vault(v2=V2, v3=V3, login=LOGIN), {})
    assert (found.communities, len(found.users)) == ((), 1)
    assert found.unusable == ("gone: is not in the vault", "login: is a login, not for SNMP")


def test_open_protocols_are_those_a_target_speaks(tmp_path):
    file = tmp_path / "agent.toml"
    file.write_text('[[target]]\nname = "sw1"\naddress = "192.0.2.1"\ncredential = "open"\n')
    config = load(file, {})
    assert "no device told its protocols yet" in trap_credentials(config, vault(open=OPEN), {}).unusable[0]
    known = KnownDevice("id", "sw1", "192.0.2.1", True, "sha256", "aes128")
    (user,) = trap_credentials(config, vault(open=OPEN), {"sw1": known}).users
    assert (user.auth_protocol, user.privacy_protocol) == ("sha256", "aes128")


def test_the_settings_of_a_life():
    section = ListenSection(trap_port=1162, syslog_port=0, source_rate=2.0)
    found = listen_settings(section, ["192.0.2.1"], trap_credentials(AgentConfig(), vault(), {}), "agent-1", b"k", HandClock())
    assert (found.trap_port, found.syslog_udp_port, found.syslog_tcp_port, found.flow_port) == (1162, None, None, 2055)
    assert (found.source_burst, found.total_burst, found.least_severity) == (40.0, 500.0, 5)
    assert 5 <= len(found.engine_id) <= 32
    assert 0 < found.engine_boots < 2**31


@pytest.fixture
def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HERE, 0))
        return probe.getsockname()[1]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_line_of_syslog_is_in_the_spool_when_the_agent_ends(tmp_path, free_udp_port):
    paths = StatePaths(tmp_path / "agent")
    prepare_state(paths)
    far_end = enrolled(paths)
    settings = tmp_path / "agent.toml"
    settings.write_text(
        '[host]\nenabled = false\n[spool]\nreserve = "64KiB"\n'
        f'[listen]\nenabled = true\naddresses = ["{HERE}"]\nnetworks = ["127.0.0.0/8"]\n'
        f"trap_port = 0\nsyslog_port = {free_udp_port}\nflow_port = 0\n"
    )
    environment = os.environ | {"NATVAKT_STATE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "natvakt_agent.app.main", "run", "--no-uplink", "--config", str(settings)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert any("listening syslog-udp" in line for line in process.stderr)
        send(free_udp_port, b"<187>1: core1: %LINK-3-UPDOWN: Interface Gi1/0/3, changed state to down")
        send(free_udp_port, b"<189>2: %PARSER-5-CFGLOG_LOGGEDCMD: User:bo logged command:enable secret 0 vintergatan9")
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert process.returncode == 0
    spool = open_spool(LocalDisk(paths.spool), SpoolOptions(reserve_bytes=0), HandClock(), CountedBytes(), lambda gap: b"")
    batches = [batch for header, batch in spooled(spool, far_end) if header.lane_class is LaneClass.EVENTS]
    spool.close()
    rows = [row for batch in batches for document in batch.documents for row in json.loads(document.body)]
    assert {row["name"] for row in rows} == {"LINK-3-UPDOWN", "PARSER-5-CFGLOG_LOGGEDCMD"}
    assert "vintergatan9" not in json.dumps(rows)
    assert json.loads(paths.status.read_text())["listeners"]["state"] == "listening"
