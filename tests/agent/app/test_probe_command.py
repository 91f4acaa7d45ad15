"""`natvakt-agent probe`: the document on stdout, notes on stderr, exit codes 0, 1 and 2."""

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest
from natvakt_agent.app import probe
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.snmp import Answers, FakeSession, StillClock

SWITCH = Answers.recorded("access-switch")


class Run:
    def __init__(self, *arguments: str, answers: Answers = SWITCH, silent: bool = False) -> None:
        parser = argparse.ArgumentParser()
        probe.add_arguments(parser)
        self.targets: list[Target] = []

        def opened(target: Target, timeout_seconds: float) -> FakeSession:
            self.targets.append(target)
            return FakeSession(answers, silent=silent)

        def lookup(name: str) -> SnmpCredential | None:
            return (
                SnmpCredential("core", "v3", user="watcher", auth_key=Secret("hush-hush"), auth_protocol="sha") if name == "core" else None
            )

        out, notes = io.StringIO(), io.StringIO()
        options = parser.parse_args(["192.0.2.1", *arguments])
        self.code = probe.run(options, out, notes, StillClock(), SnmpCollector(opened), lookup)
        self.out, self.notes = out.getvalue(), notes.getvalue()

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def credential(self) -> SnmpCredential:
        found = self.targets[0].snmp
        assert found is not None
        return found


def test_the_document_is_the_specified_one() -> None:
    run = Run("--community", "tester", "--json")
    document = run.document
    assert run.code == 0
    assert (document["schema"], document["target"], document["observed_at"]) == ("natvakt.probe/1", "192.0.2.1", "2023-11-14T22:13:20Z")
    device = {
        "vendor": "cisco",
        "os": "ios-xe",
        "version": "17.9.4a",
        "model": "C9200L-24P-4G",
        "sysName": "test-acc1",
        "uptime_seconds": 3600.0,
    }
    assert {name: document["device"][name] for name in device} == device
    assert {"interface", "cpu", "memory", "storage", "sensor", "component", "neighbour", "address", "vlan", "ipsla"} <= set(
        document["tables"]
    )
    assert set(document["cost"]) >= {"requests", "varbinds", "seconds"}
    assert document["errors"] == []


def test_people_read_words_where_the_series_keeps_codes() -> None:
    tables = Run("--community", "tester").document["tables"]
    assert tables["interface"][0]["ifOperStatus"] == "up"
    assert tables["bgp_peer"][0]["state"] == "established"
    assert tables["sensor"][0]["value"] == -7.3


def test_stdout_holds_nothing_but_the_document_and_notes_go_to_stderr() -> None:
    run = Run("--community", "tester", answers=SWITCH.changed("1.3.6.1.2.1.1.6.0|4x|e46767"))
    assert run.document
    assert "not UTF-8" in run.notes


def test_a_device_that_does_not_answer_is_exit_code_1_and_still_a_document() -> None:
    run = Run("--community", "tester", silent=True)
    assert run.code == 1
    assert run.document["tables"] == {}
    assert run.document["errors"] == ["no answer in time"]
    assert "did not answer" in run.notes


def test_without_a_credential_it_is_a_usage_error_that_says_what_to_do() -> None:
    run = Run()
    assert (run.code, run.out) == (2, "")
    assert "--credential NAME" in run.notes


def test_an_unknown_credential_or_table_is_a_usage_error() -> None:
    assert Run("--credential", "nobody").code == 2
    unknown = Run("--community", "tester", "--table", "interfaces")
    assert unknown.code == 2
    assert "interface," in unknown.notes


def test_only_the_named_tables_are_asked() -> None:
    assert set(Run("--community", "tester", "--table", "vlan").document["status"]) == {"device", "vlan"}


def test_a_credential_of_the_vault_is_used_and_never_shown() -> None:
    run = Run("--credential", "core", "--port", "1161")
    assert (run.credential.user, run.targets[0].snmp_port) == ("watcher", 1161)
    assert "hush" not in run.out + run.notes


def test_keys_of_a_v3_user_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "auth").write_text("authentication\nsecond line\n")
    (tmp_path / "priv").write_text("privacy-key\n")
    run = Run("--v3-user", "watcher", "--auth-key-file", str(tmp_path / "auth"), "--privacy-key-file", str(tmp_path / "priv"))
    credential = run.credential
    assert (credential.auth_protocol, credential.privacy_protocol) == ("sha", "aes128")
    assert credential.auth_key is not None
    assert credential.auth_key.reveal() == "authentication"
    assert "authentication" not in run.out + run.notes


@pytest.mark.parametrize("content", [None, "", "short\n"])
def test_a_key_file_that_cannot_be_used_names_itself(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "auth"
    if content is not None:
        file.write_text(content)
    run = Run("--v3-user", "watcher", "--auth-key-file", str(file))
    assert run.code == 2
    assert str(file) in run.notes
