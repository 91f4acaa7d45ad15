"""Discovery over real sockets on loopback, and the command as a person calls it."""

import json
import socket
import threading

import msgspec
import pytest
from bench.discovery_site import engine_report, version_and_name
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.device_registry import KnownDevice
from natvakt_agent.app.discovering.asker import PacedSession, SnmpAsker, neighbour_hint
from natvakt_agent.app.discovering.scout import Places, Scout, table_of, with_targets
from natvakt_agent.app.discovering.setup import vault_view
from natvakt_agent.app.discovering.store import DiscoveryBusy, MemoryFile
from natvakt_agent.app.discovering.sweeper import SocketSweeper
from natvakt_agent.app.discovering.targets_file import read_targets
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.config.schema import AgentConfig, DiscoverySection, TargetEntry
from natvakt_agent.discovery.plan import Plan, PlannedDevice, Unmatched, encoded
from natvakt_agent.discovery.scope import ScopeRefused
from natvakt_agent.discovery.words import Explore, Hint, Identify, Login, LoginResult, Look, Method, Presence, Source
from natvakt_agent.model.target import Secret, SnmpCredential
from natvakt_agent.pipeline.own_tables import CredentialMark
from testkit.agent import SYSTEM_GROUP, CountedBytes, FakeDevice, FakeSite, HandClock

ENGINE = bytes.fromhex("80000009030011aa")
HOME = "127.0.0.1"


@pytest.fixture
def engine():
    """An SNMPv3 agent on loopback that answers engine discovery."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind((HOME, 0))

        def serve():
            datagram, peer = opened.recvfrom(2048)
            found = version_and_name(datagram)
            assert found is not None
            opened.sendto(engine_report(found[1], ENGINE), peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield opened.getsockname()[1]
        thread.join(2)


def looked(sweeper, look):
    sweeper.send(look)
    for _ in range(20):
        for found in sweeper.poll(0.2):
            return found
    return None


@pytest.fixture
def sweep():
    opened = []

    def at(port, *methods):
        opened.append(SocketSweeper(SystemClock(), CountedBytes(), methods, port))
        return opened[-1]

    yield at
    for sweeper in opened:
        sweeper.close()


def test_an_engine_that_answers_is_heard_with_its_id(engine, sweep):
    found = looked(sweep(engine, Method.ENGINE), Look(HOME, Method.ENGINE))
    assert (found.presence, found.engine_id) == (Presence.ANSWERED, ENGINE.hex())


def test_a_closed_snmp_port_is_told_as_closed(sweep):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((HOME, 0))
        port = free.getsockname()[1]
    assert looked(sweep(port, Method.ENGINE), Look(HOME, Method.ENGINE)).presence is Presence.CLOSED


def test_silence_is_told_after_its_time(sweep):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind((HOME, 0))
        assert looked(sweep(mute.getsockname()[1], Method.ENGINE), Look(HOME, Method.ENGINE)).presence is Presence.SILENT


def test_an_echo_is_answered_where_this_host_may_ask(sweep):
    sweeper = sweep(161, Method.ICMP)
    if not sweeper.methods():
        pytest.skip("no ICMP socket here: net.ipv4.ping_group_range is closed and this is not root")
    assert looked(sweeper, Look(HOME, Method.ICMP)).presence is Presence.ANSWERED


def test_a_tcp_port_that_refuses_means_that_somebody_is_there(sweep):
    assert looked(sweep(161, Method.HTTPS), Look("127.0.0.77", Method.HTTPS)).presence is Presence.CLOSED


def test_an_address_without_a_way_there_is_silent(sweep):
    assert looked(sweep(161, Method.ENGINE), Look("255.255.255.255", Method.ENGINE)).presence is Presence.SILENT


PLAIN = SnmpCredential("plain", "v2c", Secret("c0mmunity"))


def asker(device):
    return SnmpAsker(FakeSite({"192.0.2.1": device}).open_session, {"plain": PLAIN}, HandClock(), 161)


def test_a_login_is_one_packet_and_silence_is_a_refusal():
    spent = []
    assert asker(FakeDevice(SYSTEM_GROUP)).login(Login("192.0.2.1", "plain"), spent.append).result is LoginResult.ACCEPTED
    assert spent == ["192.0.2.1"]
    assert asker(FakeDevice({}, silent=True)).login(Login("192.0.2.1", "plain"), spent.append).result is LoginResult.SILENT
    assert spent == ["192.0.2.1"] * 2


def test_every_packet_of_a_conversation_is_taken_from_the_pace():
    spent = []
    own_address = {f"1.3.6.1.2.1.4.20.1.{column}.10.1.0.1": value for column, value in ((1, "10.1.0.1"), (2, 1), (3, "255.255.255.0"))}
    found = asker(FakeDevice({**SYSTEM_GROUP, **own_address})).identify(Identify("192.0.2.1", "plain"), spent.append)
    assert (found.facts.name, found.facts.addresses) == ("hq-acc1", ("10.1.0.1",))
    assert len(spent) > 5


def test_arp_and_next_hops_are_hints():
    objects = {
        **SYSTEM_GROUP,
        "1.3.6.1.2.1.4.22.1.3.1.10.1.0.7": "10.1.0.7",
        "1.3.6.1.2.1.4.24.4.1.4.0.0.0.0.0.0.0.0.0.10.1.0.254": "10.1.0.254",
    }
    hints = asker(FakeDevice(objects)).explore(Explore("192.0.2.1", "plain"), lambda _: None).hints
    assert set(hints) == {Hint("10.1.0.7", Source.ARP), Hint("10.1.0.254", Source.ROUTE)}


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ({"protocol": "cdp", "remote_address": "10.1.0.2", "remote_name": "sw"}, Hint("10.1.0.2", Source.CDP, "sw")),
        ({"protocol": "lldp", "remote_address": "10.1.0.2"}, Hint("10.1.0.2", Source.LLDP)),
        ({"protocol": "cdp", "remote_address": "10.1.0.9", "remote_capabilities": "host,phone"}, None),
        ({"protocol": "cdp", "remote_name": "no address"}, None),
    ],
)
def test_neighbours_are_hints_and_phones_are_not(row, hint):
    assert neighbour_hint(row) == hint


def test_a_paced_session_passes_everything_on():
    site = FakeSite({"192.0.2.1": FakeDevice(SYSTEM_GROUP)})
    session = PacedSession(site.open_session(type("T", (), {"address": "192.0.2.1"})(), 1.0), lambda: None)
    assert session.engine_id is None


def test_two_discoveries_on_one_state_folder_do_not_run_at_once(tmp_path):
    file = MemoryFile(tmp_path / "discovery.json")
    with file.alone(), pytest.raises(DiscoveryBusy, match="another discovery"), MemoryFile(tmp_path / "discovery.json").alone():
        pass
    with file.alone():
        pass


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": "other/1"}', b"\xff"])
def test_a_memory_that_cannot_be_read_is_told_and_nothing_is_known(tmp_path, content, caplog):
    path = tmp_path / "discovery.json"
    path.write_bytes(content)
    assert MemoryFile(path).read().devices == []
    assert "left aside" in caplog.text


# --- beside the running agent ---

FOUND = PlannedDevice(approve=True, name="sw1", address="10.0.0.1", credential="plain", serial="S1", found_by=["sweep"])
PLAN = Plan(
    made_at="2026-11-18T12:00:00Z", complete=True, networks=["10.0.0.0/24"], seeds=[], packets_per_second=100.0,
    devices=[FOUND], unmatched=[Unmatched("10.0.0.9", "it refused plain", ["sweep"])],
)  # fmt: skip


class Heard:
    """A `Listener` that keeps what it was told, and a `Runner` that answers one plan."""

    def __init__(self, plan=PLAN):
        self.plan, self.taken, self.tables, self.status, self.wanted = plan, [], [], {}, []

    def take_up(self, entries):
        self.taken.append([entry.name for entry in entries])

    def tell(self, table):
        self.tables.append(table)

    def note(self, status):
        self.status = status

    def run(self, wanted, stop, say):
        self.wanted.append(wanted)
        if isinstance(self.plan, Exception):
            raise self.plan
        return self.plan


def scout(tmp_path, heard, automatic=True, clock=None):
    section = DiscoverySection(automatic=automatic, networks=["10.0.0.0/24"])
    places = Places(tmp_path / "plan.json", tmp_path / "adopted.toml", tmp_path / "agent.d" / "discovered.toml")
    memory = MemoryFile(tmp_path / "discovery.json")
    return Scout(AgentConfig(discovery=section), places, memory, lambda: heard, heard, clock or HandClock())


def test_what_is_found_automatically_is_polled_and_told_upstream(tmp_path):
    heard, clock = Heard(), HandClock()
    own = scout(tmp_path, heard, clock=clock)
    own.begin()
    own.step()
    assert heard.taken == [["sw1"]]
    assert [entry.name for entry in read_targets(tmp_path / "adopted.toml")] == ["sw1"]
    assert [(row["address"], row["state"]) for row in heard.tables[0].rows] == [("10.0.0.1", "new"), ("10.0.0.9", "unmatched")]
    own.step()
    assert len(heard.wanted) == 1
    clock.move(86_400)
    own.step()
    assert len(heard.wanted) == 2


def test_a_discovery_that_is_refused_is_told_in_the_status_and_tried_again_later(tmp_path):
    heard, clock = Heard(ScopeRefused("network 10.0.0.0/24: lies outside")), HandClock()
    own = scout(tmp_path, heard, clock=clock)
    own.begin()
    own.step()
    assert "lies outside" in heard.status["state"]
    clock.move(3600)
    own.step()
    assert len(heard.wanted) == 2


def test_an_approved_drop_in_is_taken_up_without_a_restart_and_the_plan_is_told(tmp_path):
    heard = Heard()
    own = scout(tmp_path, heard, automatic=False)
    own.begin()
    own.step()
    assert (heard.taken, heard.tables, heard.wanted) == ([], [], [])
    (tmp_path / "agent.d").mkdir()
    (tmp_path / "agent.d" / "discovered.toml").write_text('[[target]]\nname = "sw9"\naddress = "10.0.0.9"\n')
    (tmp_path / "plan.json").write_bytes(encoded(PLAN))
    own.step()
    assert heard.taken == [["sw9"]]
    assert len(heard.tables) == 1


def test_a_drop_in_that_cannot_be_read_stops_nothing(tmp_path, caplog):
    heard = Heard()
    own = scout(tmp_path, heard, automatic=False)
    own.begin()
    (tmp_path / "agent.d").mkdir()
    (tmp_path / "agent.d" / "discovered.toml").write_text("target = 7")
    own.step()
    assert heard.taken == [[]]
    assert "left aside" in caplog.text


def test_targets_of_the_configuration_win_over_discovered_ones():
    config = AgentConfig(target=[TargetEntry(name="sw1", address="10.0.0.1")])
    more = [TargetEntry(name=name, address=address) for name, address in (("sw1", "10.0.0.5"), ("x", "10.0.0.1"), ("sw2", "10.0.0.2"))]
    assert [entry.name for entry in with_targets(config, more).target] == ["sw1", "sw2"]


def test_the_table_upstream_names_credentials_and_no_secret():
    assert "plain" in json.dumps([dict(row) for row in table_of(PLAN).rows])
    assert msgspec.json.decode(encoded(PLAN))["schema"] == "natvakt.discovery/1"


def test_protocols_left_open_are_those_that_a_target_of_the_site_speaks():
    found = SnmpCredential(
        "nms", "v3", user="nms", auth_protocol="any", auth_key=Secret("k" * 12), privacy_protocol="any", privacy_key=Secret("p" * 12)
    )
    held = Credentials({"nms": found}, {"nms": CredentialMark("nms", "v3", "any", "any", False)})
    targets = [TargetEntry(name="sw1", address="10.0.0.1", credential="nms")]
    assert vault_view(held, targets, {}).credentials["nms"].auth_protocol == "any"
    known = {"sw1": KnownDevice("id", "sw1", "10.0.0.1", auth_protocol="sha256", privacy_protocol="aes128")}
    spoken = vault_view(held, targets, known).credentials["nms"]
    assert (spoken.auth_protocol, spoken.privacy_protocol) == ("sha256", "aes128")
