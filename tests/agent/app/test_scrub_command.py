"""`natvakt-agent scrub` and `outgoing`: what they print, where, and with which exit code."""

import io
import json
import stat
from random import Random

import pytest
from natvakt_agent.app.commands import scrub as scrub_command
from natvakt_agent.app.context import Context
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.main import build_parser, dispatch
from natvakt_agent.app.outgoing import Outgoing
from natvakt_agent.scrubbing.outcome import Removed, Scrubbed
from natvakt_agent.scrubbing.scrubber import Scrubber
from natvakt_wire.scrubbing.marks import parse_mark
from testkit.agent import CountedBytes, FakeHost, HandClock
from testkit.canaries import generate, leaks
from testkit.secret_pieces import pieces

CANARY = "c4nary-Secret9"
CONFIGURATION = f"hostname a\r\nsnmp-server community {CANARY} RO 10\r\nend\r\n"


class Terminal:
    """Runs commands in one process, on a state folder that nothing has used."""

    def __init__(self, folder):
        self.folder = folder
        self.typed = []
        self.clock = HandClock()

    def run(self, *arguments):
        out, notes = io.StringIO(), io.StringIO()
        environment = {"NATVAKT_STATE_DIR": str(self.folder / "state")}
        edges = Edges(clock=self.clock, random=CountedBytes(), host_reader=FakeHost(), probers=())
        context = Context(out, notes, environment, edges, lambda prompt: self.typed.pop(0), "0.1.0")
        code = dispatch(build_parser().parse_args(arguments), context)
        return code, out.getvalue(), notes.getvalue()

    def file(self, content):
        path = self.folder / "device.cfg"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def outgoing(self, hold):
        return Outgoing(self.folder / "state" / "agent" / "outgoing", self.clock, hold)


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


def test_the_text_comes_out_as_it_would_leave(terminal):
    code, out, notes = terminal.run("scrub", terminal.file(CONFIGURATION), "--os", "ios")
    first, second, third, rest = out.split("\r\n")
    assert (code, notes, first, third, rest) == (0, "", "hostname a", "end", "")
    before, mark, after = second.rpartition(" RO")[0].rpartition(" ")[0], second.split()[2], second.split()[3:]
    assert (before, after) == ("snmp-server community", ["RO", "10"])
    assert parse_mark(mark).kind == "snmp-community"


def test_json_is_the_contract(terminal):
    code, out, notes = terminal.run("scrub", terminal.file(CONFIGURATION), "--os", "ios", "--json")
    document = json.loads(out)
    assert (code, notes) == (0, "")
    assert document["schema"] == "natvakt.scrub/1"
    assert document["removed"] == [{"line": 2, "kind": "snmp-community"}]
    assert document["blocked"] is False
    assert CANARY not in out


def test_what_the_vault_holds_is_removed_wherever_it_stands(terminal):
    terminal.typed = [CANARY]
    assert terminal.run("credentials", "add", "monitoring")[0] == 0
    code, out, notes = terminal.run(
        "scrub", terminal.file(f"interface Vlan1\n description see {CANARY.encode().hex()} there\n"), "--os", "nx-os"
    )
    assert (code, notes) == (0, "")
    assert out.splitlines()[1].startswith(" description see <natvakt:")
    assert out.splitlines()[1].endswith("> there")


def test_the_sites_key_is_made_once_and_is_the_users_own(terminal):
    same = [terminal.run("scrub", terminal.file(CONFIGURATION), "--os", "ios")[1] for _ in range(2)]
    key = terminal.folder / "state" / "agent" / "scrubbing.key"
    assert same[0] == same[1]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_blocked_text_is_not_printed_and_the_lines_are_named(terminal, monkeypatch):
    blocked = Scrubbed(None, (Removed(1, "pin"),), blocked=True, doubtful=(3,))
    monkeypatch.setattr(scrub_command, "site_scrubber", lambda *_: Scrubber)
    monkeypatch.setattr(Scrubber, "scrub", lambda *_: blocked)
    code, out, notes = terminal.run("scrub", terminal.file(CONFIGURATION), "--os", "ios")
    assert (code, out) == (1, "")
    assert "blocked" in notes
    assert "lines: 3" in notes
    code, out, notes = terminal.run("scrub", terminal.file(CONFIGURATION), "--os", "ios", "--json")
    document = json.loads(out)
    assert (code, document["text"], document["blocked"]) == (1, None, True)
    assert CANARY not in out + notes


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfeh\0o\0s\0t\0n\0a\0m\0e\0 \0a\0\n\0v\0t\0p\0 \0p\0a\0s\0s\0w\0o\0r\0d\0 \0" + CANARY.encode("utf-16-le"),
        b"\xef\xbb\xbfvtp password " + CANARY.encode(),
        b"snmp-server location V\xe4xj\xf6\nvtp password " + CANARY.encode(),
        b"\0\0\xc3\x28\xff\nvtp password " + CANARY.encode() + b"\xff\n",
    ],
    ids=["UTF-16", "UTF-8 with a mark", "Latin-1", "no text at all"],
)
def test_whatever_the_bytes_no_secret_comes_out(terminal, content):
    code, out, notes = terminal.run("scrub", terminal.file(content), "--os", "ios")
    assert code == 0
    assert "vtp password <natvakt:vtp-password" in out
    assert CANARY not in out + notes
    if b"\xe4" in content:
        assert "Växjö" in out


def test_a_file_that_is_not_there_is_named(terminal):
    code, out, notes = terminal.run("scrub", str(terminal.folder / "none.cfg"), "--os", "ios")
    assert (code, out) == (1, "")
    assert "none.cfg: No such file or directory; name a file that can be read" in notes


def test_an_unknown_system_is_wrong_usage(terminal):
    with pytest.raises(SystemExit) as stopped:
        terminal.run("scrub", "x", "--os", "junos")
    assert stopped.value.code == 2


def test_what_leaves_can_be_read_letter_by_letter(terminal):
    outgoing = terminal.outgoing(hold=False)
    assert outgoing.offer("acc1", "running-config", Scrubbed("hostname a\n", (Removed(2, "pin"),), blocked=False)) == "hostname a\n"
    code, out, _ = terminal.run("outgoing", "list", "--json")
    (listed,) = json.loads(out)["texts"]
    assert code == 0
    assert (listed["device"], listed["what"], listed["state"], listed["removed"]) == ("acc1", "running-config", "leaving", 1)
    assert terminal.run("outgoing", "show", listed["id"]) == (0, "hostname a\n", "")
    (kept,) = (terminal.folder / "state" / "agent" / "outgoing").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_held_text_leaves_only_after_a_person_approved_that_very_text(terminal):
    outgoing = terminal.outgoing(hold=True)
    first, second = (Scrubbed(f"hostname a\n! {number}\n", (), blocked=False) for number in (1, 2))
    assert outgoing.offer("acc1", "running-config", first) is None
    text_id = json.loads(terminal.run("outgoing", "list", "--json")[1])["texts"][0]["id"]
    assert terminal.run("outgoing", "approve", text_id)[0] == 0
    assert outgoing.offer("acc1", "running-config", second) == first.text, "the approved text, not the one nobody has seen"
    states = {text.text: text.state for text in outgoing.texts()}
    assert states == {first.text: "leaving", second.text: "held"}
    assert terminal.run("outgoing", "approve", "--all")[0] == 0
    assert outgoing.offer("acc1", "running-config", second) == second.text


def test_approving_a_text_that_has_changed_since_is_refused(terminal):
    outgoing = terminal.outgoing(hold=True)
    outgoing.offer("acc1", "running-config", Scrubbed("one\n", (), blocked=False))
    (seen,) = outgoing.texts()
    outgoing.offer("acc1", "running-config", Scrubbed("two\n", (), blocked=False))
    code, _, notes = terminal.run("outgoing", "approve", seen.id)
    assert code == 1
    assert "a newer one took its place" in notes


def test_a_blocked_text_is_listed_with_its_lines_and_never_leaves(terminal):
    outgoing = terminal.outgoing(hold=False)
    assert outgoing.offer("acc1", "running-config", Scrubbed(None, (), blocked=True, doubtful=(7,))) is None
    (blocked,) = outgoing.texts()
    assert "stopped by line 7" in terminal.run("outgoing", "list")[1]
    assert terminal.run("outgoing", "show", blocked.id)[0] == 1
    assert terminal.run("outgoing", "approve", blocked.id)[0] == 1


def test_approve_takes_ids_or_all(terminal):
    assert terminal.run("outgoing", "approve")[0] == 2


@pytest.mark.parametrize("name", ["ios", "nx-os", "asa", "ios-xr", "aireos", "small-business"])
def test_promise_58_no_canary_is_printed_logged_or_kept_on_disk(terminal, name, caplog):
    caplog.set_level("DEBUG")
    made = generate(Random(name), name, pieces()[name])
    terminal.typed = list(made.vault)
    for number in range(len(made.vault)):
        assert terminal.run("credentials", "add", f"vault{number}")[0] == 0
    path = terminal.file(made.text)
    plain, as_json = (terminal.run("scrub", path, "--os", name, *more) for more in ((), ("--json",)))
    assert (plain[0], as_json[0]) == (0, 0)
    terminal.outgoing(hold=True).offer("acc1", "running-config", Scrubbed(plain[1], (), blocked=False))
    shown = terminal.run("outgoing", "list")
    kept = "".join(found.read_bytes().decode("latin-1") for found in (terminal.folder / "state").rglob("*") if found.is_file())
    told = "".join((*plain[1:], *as_json[1:], *shown[1:], caplog.text))
    assert leaks(told, made.canaries) == []
    assert [canary for canary in made.canaries if canary in kept] == []
