"""`natvakt-agent discover` as it is typed: what it prints, writes and refuses."""

import io
import json
import tomllib

import pytest
from natvakt_agent.app.context import Context
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.main import build_parser, dispatch
from natvakt_agent.app.system_clock import SystemClock
from testkit.agent import SYSTEM_GROUP, CountedBytes, FakeDevice, FakeHost, FakeSite

HERE = "127.0.0.77"
SETTINGS = '[host]\nenabled = false\n[discovery]\nmethods = ["tcp-443"]\nrate = 10000\nsubnet_rate = 10000\n'


class Terminal:
    """Types commands against a site whose SNMP is simulated; that somebody is there is asked of this host's own loopback."""

    def __init__(self, folder):
        self.folder = folder
        self.config = folder / "agent.toml"
        self.config.write_text(SETTINGS)
        self.site = FakeSite({HERE: FakeDevice(SYSTEM_GROUP)})
        self.typed = []

    def run(self, *arguments):
        out, notes = io.StringIO(), io.StringIO()
        edges = Edges(clock=SystemClock(), random=CountedBytes(), open_session=self.site.open_session, host_reader=FakeHost())
        environment = {"NATVAKT_STATE_DIR": str(self.folder / "state")}
        context = Context(out, notes, environment, edges, lambda prompt: self.typed.pop(0), "0.1.0")
        code = dispatch(build_parser().parse_args([*arguments, "--config", str(self.config)]), context)
        return code, out.getvalue(), notes.getvalue()

    @property
    def plan(self):
        return self.folder / "state/agent/discovery-plan.json"


@pytest.fixture
def terminal(tmp_path):
    found = Terminal(tmp_path)
    found.typed = ["c4nary-community"]
    assert found.run("credentials", "add", "plain")[0] == 0
    return found


def test_discover_prints_one_json_object_and_writes_the_same_as_a_plan(terminal):
    code, out, notes = terminal.run("discover", f"{HERE}/32", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["schema"] == "natvakt.discovery/1"
    assert [(device["name"], device["address"], device["credential"]) for device in document["devices"]] == [("hq-acc1", HERE, "plain")]
    assert document.pop("plan") == str(terminal.plan)
    assert json.loads(terminal.plan.read_text()) == document
    assert "1 devices" in notes
    assert "c4nary" not in out + notes + terminal.plan.read_text()


def test_a_plan_that_is_approved_becomes_targets_that_run_loads(terminal):
    assert terminal.run("discover", f"{HERE}/32")[0] == 0
    code, out, _ = terminal.run("discover", "--approve", str(terminal.plan), "--json")
    path = terminal.folder / "agent.d" / "discovered.toml"
    assert (code, json.loads(out)["approved"]) == (0, ["hq-acc1"])
    assert tomllib.loads(path.read_text())["target"] == [{"name": "hq-acc1", "address": HERE, "credential": "plain"}]
    assert "1 targets" in terminal.run("config", "check")[1]
    assert json.loads(terminal.run("discover", "--approve", str(terminal.plan), "--json")[1])["approved"] == []
    assert json.loads(terminal.run("discover", f"{HERE}/32", "--json")[1])["devices"][0]["state"] == "known"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give a network in CIDR notation, or --seed ADDRESS"),
        (["10.0.0.0/8"], "--seed ADDRESS: neighbours lead to the rest"),
        (["10.0.0.1/24"], "write 10.0.0.0/24"),
        (["10.0.0.0/24", "--rate", "0"], "--rate 0"),
        (["--seed", "core.example"], "names are not followed"),
        (["10.0.0.0/24", "--approve", "plan.json"], "--approve takes no networks"),
    ],
)
def test_what_cannot_be_asked_for_is_wrong_usage_with_its_way_out(terminal, arguments, says):
    code, out, notes = terminal.run("discover", *arguments)
    assert (code, out) == (2, "")
    assert says in notes


@pytest.mark.parametrize(
    ("policy", "changes", "says"),
    [
        ("", {"credential": "nobody"}, "there is no SNMP credential 'nobody' in the vault"),
        ('allowed_networks = ["10.0.0.0/8"]', {}, "lies outside the site policy's allowed_networks"),
        ("", {"address": "127.0.0.78", "name": "mine"}, "the name is a target's already"),
        ("", {"name": "a b"}, "devices[0].name"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused_whole(terminal, policy, changes, says):
    assert terminal.run("discover", f"{HERE}/32")[0] == 0
    plan = json.loads(terminal.plan.read_text())
    plan["devices"][0] |= changes
    terminal.plan.write_text(json.dumps(plan))
    (terminal.folder / "site-policy.toml").write_text(policy)
    terminal.config.write_text(SETTINGS + '[[target]]\nname = "mine"\naddress = "10.0.0.9"\n')
    code, out, notes = terminal.run("discover", "--approve", str(terminal.plan))
    assert (code, out) == (1, "")
    assert says in notes
    assert not (terminal.folder / "agent.d").exists()


def test_a_plan_that_is_not_there_is_told(terminal):
    code, _, notes = terminal.run("discover", "--approve", str(terminal.folder / "none.json"))
    assert code == 1
    assert "name the file that `natvakt-agent discover` wrote" in notes


def test_a_well_known_credential_is_not_tried_and_that_is_said(terminal):
    terminal.typed = ["public"]
    assert terminal.run("credentials", "add", "factory")[0] == 0
    document = json.loads(terminal.run("discover", f"{HERE}/32", "--json")[1])
    assert any("well_known = true" in reason for reason in document["not_tried"])
