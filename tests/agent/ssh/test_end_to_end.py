"""A whole agent and a device over SSH: the real child, the site's scrubber, and what opens at the far end."""

import io
import json
import os
from pathlib import Path
from random import Random

import pytest
from natvakt_agent.app.context import Context
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.main import build_parser, dispatch
from natvakt_agent.app.outgoing import Outgoing
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.wiring import build_agent, prepare_state
from natvakt_agent.config.loading import load
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.link.directives import Command
from natvakt_agent.pipeline.own_tables import CredentialMark
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import open_spool
from natvakt_server.ingest.documents import DocumentOpener
from natvakt_server.ingest.limits import IngestLimits
from testkit.agent import CountedBytes, FakeHost, FakeIdentity, FakeSite, HandClock, spooled
from testkit.ssh import CREDENTIAL, LOOPBACK, PASSWORD, USER
from testkit.ssh_device import ENABLE, SshDevice
from testkit.ssh_families import FAMILIES, IOS_CONFIGURATION

CONFIG = """
[polling]
jitter = 0.0
[spool]
reserve = "1MiB"
[host]
enabled = false
name = "agent-host"
[ssh]
hold = {hold}
[[target]]
name = "hq-acc1"
address = "{address}"
login = "switches"
ssh_port = {port}
os = "ios"
"""


class World:
    def __init__(self, folder: Path, port: int, hold: bool = False) -> None:
        (folder / "agent.toml").write_text(CONFIG.format(address=LOOPBACK, port=port, hold=str(hold).lower()))
        self.config = load(folder / "agent.toml", {"NATVAKT_STATE_DIR": str(folder / "state")})
        self.paths = StatePaths(folder / "state" / "agent")
        prepare_state(self.paths)
        self.clock, self.identity = HandClock(), FakeIdentity()
        self.credentials = Credentials({"switches": CREDENTIAL}, {"switches": CredentialMark("switches", "login", None, None, False)})

    def agent(self):
        edges = Edges(
            clock=self.clock, random=CountedBytes(), spread=Random(1), open_session=FakeSite({}).open_session, host_reader=FakeHost(),
            probers=(FakeSite({}),), resident_bytes=lambda: 50_000_000, environment=os.environ,
        )  # fmt: skip
        return build_agent(self.config, SitePolicy(), self.credentials, self.identity, edges, "0.1.0")

    def outgoing(self):
        return Outgoing(self.paths.outgoing, self.clock, hold=True)

    def batches(self):
        spool = open_spool(LocalDisk(self.paths.spool), SpoolOptions(reserve_bytes=0), self.clock, CountedBytes(), lambda gap: b"")
        try:
            return [batch for _, batch in spooled(spool, self.identity)]
        finally:
            spool.close()

    def rows(self, kind):
        """As the server puts the document's parts together."""
        parts = [document for batch in self.batches() for document in batch.documents if document.kind == kind and not document.unchanged]
        opener = DocumentOpener(NoEarlierParts(), IngestLimits())
        opened = opener.open(parts, Incoming(self.clock.wall_ns()), 0)
        assert opened.rejected == []
        return opened.effects[-1].rows if opened.effects else None, len(parts)


class NoEarlierParts:
    def parts(self, *place):
        return []


class Incoming:
    agent = "agent-1"

    def __init__(self, received_ns):
        self.received_ns = received_ns


def everything_in(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and "vault" not in path.name)


def test_a_configuration_arrives_scrubbed_and_the_site_sees_it_too(tmp_path):
    with SshDevice(FAMILIES["ios"]) as device:
        world = World(tmp_path, device.port)
        agent = world.agent()
        agent.poll_due()
        agent.stop()
    rows, _ = world.rows("configuration")
    assert [(row["source"], row["complete"]) for row in rows] == [("running", True), ("startup", True)]
    assert "description printer" in rows[0]["text"]
    assert "canary" not in json.dumps([row for kind in ("configuration", "command_output") for row in world.rows(kind)[0]])
    assert b"canary" not in everything_in(world.paths.root)
    shown = {text.what: text for text in world.outgoing().texts()}
    assert shown["show running-config"].text == rows[0]["text"]
    assert shown["show running-config"].state == "leaving"


@pytest.mark.slow
def test_half_a_megabyte_goes_in_parts_and_comes_together_again(tmp_path):
    random = Random(7)
    ports = "".join(
        f"interface GigabitEthernet1/0/{number}\n description {' '.join(random.choices(WORDS, k=9))}\n" for number in range(7_000)
    )
    text = IOS_CONFIGURATION.replace("snmp-server", ports + "snmp-server")
    with SshDevice(FAMILIES["ios"].__class__(answers={"show running-config": text, "show startup-config": text})) as device:
        world = World(tmp_path, device.port)
        agent = world.agent()
        agent.poll_due()
        agent.stop()
    rows, parts = world.rows("configuration")
    assert parts > 4
    assert all(row["complete"] and row["lines"] == text.count("\n") for row in rows)


def test_a_held_text_leaves_after_a_person_approved_it(tmp_path):
    with SshDevice(FAMILIES["ios"]) as device:
        world = World(tmp_path, device.port, hold=True)
        agent = world.agent()
        agent.poll_due()
        for text in world.outgoing().texts():
            world.outgoing().approve(text.id)
        assert agent.parts.wishes.carry_out(Command("c1", "fetch-config")) is None
        agent.poll_due()
        agent.stop()
    held = [json.loads(d.body) for batch in world.batches() for d in batch.documents if d.kind == "configuration"]
    assert "text" not in held[0][0]
    assert "approves it" in held[0][0]["incomplete_reason"]
    assert "description printer" in held[-1][0]["text"]


def test_the_server_asks_for_configurations_and_only_ssh_is_asked(tmp_path):
    with SshDevice(FAMILIES["ios"]) as device:
        world = World(tmp_path, device.port)
        agent = world.agent()
        agent.poll_due()
        sessions = device.connections
        world.clock.move(1)
        assert agent.poll_due() == 0
        agent.parts.wishes.carry_out(Command("c1", "fetch-config"))
        assert agent.poll_due() == 1
        agent.stop()
        assert device.connections == sessions + 1


def test_promise_38_a_changed_key_is_an_alarm_in_the_status(tmp_path):
    with SshDevice(FAMILIES["ios"]) as device:
        world, port = World(tmp_path, device.port), device.port
        agent = world.agent()
        agent.poll_due()
    with SshDevice(FAMILIES["ios"], port=port) as impostor:
        agent.parts.wishes.carry_out(Command("c1", "fetch-config"))
        agent.poll_due()
        agent.stop()
        assert (impostor.names, impostor.passwords) == ([], [])
    alarms = json.loads(world.paths.status.read_text())["alarms"]
    assert "hostkeys accept hq-acc1" in alarms["host-key:hq-acc1"]


def test_a_credential_that_does_not_open_keeps_every_text_at_the_site(tmp_path):
    with SshDevice(FAMILIES["ios"]) as device:
        world = World(tmp_path, device.port)
        world.credentials.unopened = ("old",)
        agent = world.agent()
        agent.poll_due()
        agent.stop()
    rows, _ = world.rows("configuration")
    assert all("text" not in row and "'old' of the vault does not open" in row["incomplete_reason"] for row in rows)


class Terminal:
    """A command beside the agent's state, with the login in a vault of its own."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.run("credentials", "add", "switches", "--version", "login", "--user", USER, "--enable")

    def run(self, *words):
        answers = iter([PASSWORD, ENABLE])
        out, notes = io.StringIO(), io.StringIO()
        environment = {**os.environ, "NATVAKT_STATE_DIR": str(self.folder / "state")}
        edges = Edges(clock=self.world.clock, environment=environment)
        context = Context(out, notes, environment, edges, lambda _: next(answers), "0")
        code = dispatch(build_parser().parse_args([*words, "--config", str(self.folder / "agent.toml")]), context)
        return code, out.getvalue(), notes.getvalue()


def test_first_contact_shows_what_would_leave_and_sends_nothing(tmp_path):
    with SshDevice(FAMILIES["ios"]) as device:
        world = World(tmp_path, device.port)
        terminal = Terminal(world, tmp_path)
        code, out, notes = terminal.run("fetch", "hq-acc1")
        assert (code, notes) == (0, "")
        assert f"host key  ssh-ed25519  {device.fingerprint}  trusted" in out
        assert "configuration  running" in out
        code, out, _ = terminal.run("fetch", "hq-acc1", "--text")
        assert (code, "description printer" in out, "canary" in out) == (0, True, False)
    document = json.loads(terminal.run("fetch", "hq-acc1", "--json")[1])
    assert document["collection"]["configuration"]["status"] == "unreachable"
    assert not world.paths.outgoing.exists()
    assert terminal.run("fetch", "hq-other")[0] == 1


WORDS = (
    "printer",
    "floor",
    "uplink",
    "server",
    "office",
    "access",
    "phone",
    "camera",
    "storage",
    "meeting",
    "room",
    "east",
    "west",
    "north",
)


@pytest.mark.parametrize("enabled", [True, False])
def test_ssh_is_asked_only_where_the_settings_say_so(tmp_path, enabled):
    world = World(tmp_path, 1)
    config = (tmp_path / "agent.toml").read_text().replace("hold = false", f"enabled = {str(enabled).lower()}")
    (tmp_path / "agent.toml").write_text(config)
    world.config = load(tmp_path / "agent.toml", {"NATVAKT_STATE_DIR": str(tmp_path / "state")})
    agent = world.agent()
    assert any(name.endswith("/ssh") for name in agent.parts.scheduler.intervals()) is enabled
    agent.stop()
