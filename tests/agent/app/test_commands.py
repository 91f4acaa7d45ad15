"""The command line: what it prints, where, and with which exit code."""

import argparse
import io
import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from natvakt_agent.app.context import Context
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.main import build_parser, dispatch
from natvakt_agent.config.documentation import sample
from testkit.agent import CountedBytes, FakeDevice, FakeHost, FakeSite, HandClock

CANARY = "c4nary-secret"


class Terminal:
    """Runs commands in one process, with a state folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {"NATVAKT_STATE_DIR": str(folder / "state")}
        self.typed = []
        self.clock = HandClock()
        site = FakeSite({"192.0.2.1": FakeDevice({})})
        self.edges = Edges(clock=self.clock, random=CountedBytes(), open_session=site.open_session, host_reader=FakeHost(), probers=(site,))

    def run(self, *arguments):
        out, notes = io.StringIO(), io.StringIO()
        context = Context(out, notes, self.environment, self.edges, lambda prompt: self.typed.pop(0), "0.1.0")
        code = dispatch(build_parser().parse_args(arguments), context)
        return code, out.getvalue(), notes.getvalue()

    def config(self, text):
        path = self.folder / "agent.toml"
        path.write_text(text)
        return ["--config", str(path)]


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


def test_config_sample_prints_the_sample(terminal):
    assert terminal.run("config", "sample") == (0, sample(), "")


def test_config_check_names_what_is_wrong_and_fails(terminal):
    code, out, notes = terminal.run("config", "check", *terminal.config("[polling]\nworkers = 0\n"))
    assert (code, out) == (1, "")
    assert "polling.workers = 0" in notes


def test_a_credential_is_typed_listed_as_json_and_removed(terminal):
    terminal.typed = [CANARY]
    assert terminal.run("credentials", "add", "monitoring")[0] == 0
    code, out, _ = terminal.run("credentials", "list", "--json")
    assert code == 0
    assert json.loads(out)["credentials"] == [
        {
            "name": "monitoring",
            "version": "v2c",
            "user": None,
            "auth_protocol": None,
            "privacy_protocol": None,
            "well_known": False,
            "found": [],
        }
    ]
    assert terminal.run("credentials", "remove", "monitoring")[0] == 0
    assert terminal.run("credentials", "remove", "monitoring")[0] == 1


def test_a_well_known_credential_is_taken_and_named_as_such(terminal):
    terminal.typed = ["public"]
    assert "WELL-KNOWN" in terminal.run("credentials", "add", "old")[1]


def test_v3_keys_come_from_a_file_a_line_each(terminal):
    secrets = terminal.folder / "keys"
    secrets.write_text(f"{CANARY}-auth\n{CANARY}-priv\n")
    secrets.chmod(0o600)
    protocols = ["--auth-protocol", "sha256", "--privacy-protocol", "aes128"]
    arguments = ["--version", "v3", "--user", "nms", *protocols, "--from-file", str(secrets)]
    code, out, notes = terminal.run("credentials", "add", "core", *arguments)
    assert code == 0
    assert CANARY not in out + notes


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_secret_file_others_can_read_is_refused(terminal):
    secrets = terminal.folder / "community"
    secrets.write_text(CANARY)
    secrets.chmod(0o644)
    code, _, notes = terminal.run("credentials", "add", "core", "--from-file", str(secrets))
    assert code == 1
    assert "chmod 0600" in notes
    assert CANARY not in notes


def test_a_login_of_the_vendors_manual_is_marked_and_never_shown(terminal):
    terminal.typed = ["cisco"]
    code, out, _ = terminal.run("credentials", "add", "switch-login", "--version", "login", "--user", "cisco")
    assert code == 0
    assert "WELL-KNOWN" in out
    assert terminal.run("credentials", "add", "switch-login", "--version", "login")[0] == 2


def test_a_login_with_an_enable_password_and_one_by_key(terminal):
    terminal.typed = [f"{CANARY}-password", f"{CANARY}-enable"]
    arguments = ["--version", "login", "--user", "natvakt"]
    code, out, notes = terminal.run("credentials", "add", "switches", *arguments, "--enable")
    assert (code, CANARY in out + notes) == (0, False)
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    file = terminal.folder / "id_natvakt"
    file.write_bytes(key)
    file.chmod(0o600)
    assert terminal.run("credentials", "add", "by-key", *arguments, "--private-key", str(file))[0] == 0
    file.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nno key\n-----END OPENSSH PRIVATE KEY-----\n")
    code, _, notes = terminal.run("credentials", "add", "by-key", *arguments, "--private-key", str(file))
    assert (code, "opens without a passphrase" in notes) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--enable"], "--version login"),
        (["--version", "v3"], "--user"),
        (["--user", "nms"], "v3"),
        (["--version", "v3", "--user", "nms", "--privacy-protocol", "aes128"], "--auth-protocol"),
    ],
)
def test_credentials_that_contradict_themselves_are_wrong_usage(terminal, arguments, says):
    code, _, notes = terminal.run("credentials", "add", "core", *arguments)
    assert code == 2
    assert says in notes


def test_a_v3_key_that_is_too_short_is_refused_without_being_repeated(terminal):
    terminal.typed = ["sh0rt"]
    code, _, notes = terminal.run("credentials", "add", "core", "--version", "v3", "--user", "nms", "--auth-protocol", "sha256")
    assert code == 1
    assert "RFC 3414" in notes
    assert "sh0rt" not in notes


def test_promise_58_no_argument_of_any_command_takes_a_secret_but_the_one_marked_for_tests():
    """`probe --community`, and `capture` like it, is the contract's exception; everything else comes from a prompt or a file."""
    secrets = {"--community", "--auth-key", "--privacy-key", "--token", "--passphrase", "--password"}
    taken = {name: secrets & set(options_of(parser)) for name, parser in parsers(build_parser()).items()}
    assert {name for name, found in taken.items() if found} == {"probe", "capture"}


def parsers(parser, name=""):
    """Every subcommand's parser, by its name."""
    found = {name: parser}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child, own in action.choices.items():
                found |= parsers(own, f"{name} {child}".strip())
    return found


def options_of(parser):
    return [option for action in parser._actions for option in action.option_strings]


@pytest.mark.parametrize("command", [["status"], ["spool", "show"], ["run"]])
def test_before_enrolment_a_command_says_what_to_do(terminal, command):
    code, out, notes = terminal.run(*command)
    assert (code, out) == (1, "")
    assert "natvakt-agent" in notes


def test_enrolment_refuses_what_is_no_token_and_does_not_repeat_it(terminal):
    terminal.typed = [CANARY]
    code, _, notes = terminal.run("enrol")
    assert code == 1
    assert "token" in notes
    assert CANARY not in notes


def test_doctor_names_each_fault_with_its_remedy(terminal):
    code, out, _ = terminal.run("doctor", "--json", *terminal.config('[[target]]\nname = "a"\naddress = "192.0.2.1"\n'))
    checks = {check["check"]: check for check in json.loads(out)["checks"]}
    assert code == 1
    assert checks["settings"]["level"] == "OK"
    assert checks["identity"]["level"] == "FAIL"
    assert all(check["remedy"] for check in checks.values() if check["level"] != "OK")


def test_doctor_reads_a_broken_configuration_and_a_clock_of_1970(terminal):
    assert "FAIL settings" in terminal.run("doctor", *terminal.config("polling = 1"))[1]
    terminal.clock.set_wall(0)
    assert "FAIL clock" in terminal.run("doctor")[1]


def secret_file(folder, content):
    path = folder / "secrets.json"
    path.write_text(content)
    path.chmod(0o600)
    return str(path)


def test_the_credentials_of_a_whole_site_are_added_at_once(terminal, tmp_path):
    v3 = {"version": "v3", "user": "nms", "auth_protocol": "sha256", "auth_key": "authenticate me"}
    listed = [
        {"name": "core", "community": "c0re-read"},
        {"name": "edge", **v3},
        {"name": "sb", "version": "login", "user": "u", "password": "p"},
    ]
    code, out, _ = terminal.run("credentials", "import", "--from-file", secret_file(tmp_path, json.dumps(listed)), "--json")
    assert code == 0
    assert [(each["name"], each["version"]) for each in json.loads(out)["credentials"]] == [
        ("core", "v2c"),
        ("edge", "v3"),
        ("sb", "login"),
    ]
    assert not any(secret in out for secret in ("c0re-read", "authenticate me"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[{", "is not JSON"),
        ('{"name": "core"}', "holds no JSON array"),
        ('[{"name": "ok", "community": "good-one"}, {"name": "core"}]', "entry 2: Community: is empty"),
        ('[{"name": "ok", "community": "good-one"}, {"name": "core", "comunity": "s3cret"}]', "key 'comunity' is not known"),
        ('[{"name": "ok", "community": "good-one"}, {"name": "../x", "community": "s3cret"}]', "entry 2: a credential's name has"),
        ('[{"name": "ok", "community": "good-one"}, {"name": "x", "version": "v9", "community": "s3cret"}]', "version is none of v1, v2c"),
        ('[{"name": "ok", "community": "good-one"}, 7]', "entry 2: is no object of texts"),
    ],
)
def test_a_list_with_a_wrong_entry_adds_nothing_and_tells_no_secret(terminal, tmp_path, content, says):
    code, out, notes = terminal.run("credentials", "import", "--from-file", secret_file(tmp_path, content))
    assert code == 1
    assert says in notes
    assert "s3cret" not in out + notes
    assert json.loads(terminal.run("credentials", "list", "--json")[1])["credentials"] == []


def test_probe_knows_the_vaults_credentials(terminal):
    terminal.typed = [CANARY]
    terminal.run("credentials", "add", "monitoring")
    code, out, notes = terminal.run("probe", "192.0.2.1", "--credential", "nobody")
    assert code == 2
    assert "nobody" in notes
    code, out, notes = terminal.run("probe", "192.0.2.1", "--credential", "monitoring")
    assert json.loads(out)["target"] == "192.0.2.1"
    assert CANARY not in out + notes


def test_version_and_wrong_usage_end_as_they_should(capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["--version"])
    assert ended.value.code == 0
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["fly"])
    assert ended.value.code == 2
