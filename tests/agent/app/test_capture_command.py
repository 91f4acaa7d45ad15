"""`natvakt-agent capture` over the wire: a device that answers, one that does not, files, report, exit codes."""

import io
import json
import os

import pytest
from natvakt_agent.app.context import Context
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.main import build_parser, dispatch
from natvakt_agent.capture.recording import read
from testkit.agent import FakeHost
from testkit.capture import family, probed
from testkit.snmp import Answers, Question, StillClock, honest, responder
from testkit.ssh_device import ENABLE, PASSWORDS, SshDevice
from testkit.ssh_families import FAMILIES

CANARY = "zqcommunity-canary"
USER, PASSWORD = next(iter(PASSWORDS.items()))


class Terminal:
    def __init__(self, folder):
        self.folder = folder
        self.typed = []

    def run(self, *arguments):
        out, notes = io.StringIO(), io.StringIO()
        edges = Edges(clock=StillClock(), random=os.urandom, host_reader=FakeHost(), probers=())
        environment = {"NATVAKT_STATE_DIR": str(self.folder / "state"), **os.environ}
        environment["NATVAKT_STATE_DIR"] = str(self.folder / "state")
        context = Context(out, notes, environment, edges, lambda prompt: self.typed.pop(0), "0.1.0")
        code = dispatch(build_parser().parse_args(arguments), context)
        return code, out.getvalue(), notes.getvalue()

    def capture(self, port, *more):
        return self.run(
            "capture", "127.0.0.1", "--port", str(port), "--community", CANARY, "-o", str(self.folder / "out"), "--rate", "100000", *more
        )  # fmt: skip

    def files(self):
        return sorted(path.name for path in (self.folder / "out").iterdir())


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


def device(name):
    """A responder that shows VLANs behind `community@vlan`, as the family was recorded."""
    views = family(name)

    def reply(question: Question):
        community, _, context = question.community.decode().partition("@")
        answers = views.get(context or None)
        return honest(answers)(question) if community == CANARY and answers is not None else None

    return responder(reply)


def test_a_device_is_recorded_with_its_vlans_and_read_the_same(terminal):
    with device("catalyst-9300-stack") as simulated:
        code, out, notes = terminal.capture(simulated.port, "--name", "stack", "--json")
    assert (code, terminal.files()) == (0, ["stack.capture.json", "stack.txt", "stack@10.txt", "stack@20.txt"])
    report = json.loads(out)
    assert report == json.loads((terminal.folder / "out" / "stack.capture.json").read_text())
    assert (report["schema"], report["complete"], report["gaps"], report["names_kept"]) == ("natvakt.capture/1", True, [], False)
    assert report["replaced"]["serial-number"]["values"] == 4
    assert "subtrees" in notes
    texts = {path.stem: path.read_text() for path in (terminal.folder / "out").glob("*.txt")}
    assert "TST9300" not in "".join(texts.values())
    views = {name.partition("@")[2] or None: Answers.parse(text) for name, text in texts.items()}
    before = {table.name: len(table.rows) for table in probed(family("catalyst-9300-stack")).tables}
    assert {table.name: len(table.rows) for table in probed(views).tables} == before
    assert sum(len(read(text).varbinds) for text in texts.values()) == report["objects"]


def test_what_is_there_already_is_not_overwritten(terminal):
    (terminal.folder / "out").mkdir()
    (terminal.folder / "out" / "device.txt").write_text("mine")
    code, out, notes = terminal.capture(9)
    assert (code, out) == (1, "")
    assert "is there already; name another --output or --name" in notes
    assert (terminal.folder / "out" / "device.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("more", "says"),
    [(["--name", "../x"], "--name"), (["--rate", "0"], "above 0"), (["--ssh"], "--ssh needs --login")],
)
def test_a_command_line_that_cannot_be_followed_is_2(terminal, more, says):
    code, out, notes = terminal.capture(9, *more)
    assert (code, out) == (2, "")
    assert says in notes


def test_without_a_credential_it_says_how_to_ask(terminal):
    code, _, notes = terminal.run("capture", "127.0.0.1")
    assert code == 2
    assert "say how to ask" in notes


def test_configurations_are_scrubbed_and_anonymised_and_the_host_key_is_pinned(terminal):
    terminal.typed = [PASSWORD, ENABLE]
    code, _, notes = terminal.run("credentials", "add", "switches", "--version", "login", "--user", USER, "--enable")
    assert code == 0, notes
    with device("catalyst-2960x") as simulated, SshDevice(FAMILIES["ios"]) as shell:
        code, out, notes = terminal.capture(
            simulated.port, "--ssh", "--login", "switches", "--ssh-port", str(shell.port), "--deadline", "600", "--json"
        )  # fmt: skip
    assert code == 0, notes
    kept = json.loads((terminal.folder / "out" / "device.ssh.json").read_text())
    assert (kept["schema"], kept["os"]) == ("natvakt.capture-ssh/1", "ios")
    running = kept["outputs"]["show running-config"]
    assert "interface GigabitEthernet1/0/1" in running
    assert "snmp-server community" in running
    for telling in ("hq-acc1", "berit", "canary", PASSWORD, ENABLE):
        assert telling not in running
    assert json.loads(out)["outputs"] == sorted(kept["outputs"])
    assert "127.0.0.1" in terminal.run("hostkeys", "list")[1]
