"""Configuration rules as a whole: texts that are not what they should be, identifiers, scrubbed against raw."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.analysis.configuration.check import Answer, Subject, answers, evidence_lines
from natvakt_server.analysis.configuration.indentation import reindented
from natvakt_server.app.rules import rule_book
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.configuration.model import split_lines
from natvakt_server.domain.configuration.parser import parse
from natvakt_wire.scrubbing.redaction import redact

CHECKS = [check for check in rule_book().checks if check.level.value == "security"]
SWITCH = """version 15.2
service password-encryption
hostname sw1
enable secret 5 $1$abcd$0123456789abcdefghijkl
username bo password 7 0822455D0A16
snmp-server community public RO
interface GigabitEthernet1/0/1
 switchport access vlan 30
 switchport mode access
ntp server 10.0.0.1
line vty 0 4
 transport input telnet ssh
end
"""
FIREWALL = """ASA Version 9.16(2)
interface GigabitEthernet1/1
 nameif outside
 security-level 0
access-list out extended permit ip any any
access-group out in interface outside
ssh 0.0.0.0 0.0.0.0 outside
: end
"""


def judged(text: str, system: str) -> list[Answer]:
    subject = Subject(system, parse(reindented(text), system))
    return [answer for check in CHECKS for answer in answers(check, subject)]


def verdicts(text: str, system: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [(answer.rule.id, answer.references, answer.outcome.verdict.value) for answer in judged(text, system)]


@pytest.mark.parametrize(("text", "system"), [(SWITCH, "asa"), (SWITCH, "nx-os"), (FIREWALL, "ios"), (FIREWALL, "ios-xe")])
def test_a_configuration_of_another_system_is_unknown_throughout(text: str, system: str) -> None:
    found = judged(text, system)
    assert found
    assert {(each.outcome.verdict, each.outcome.reason) for each in found} <= {
        (Verdict.UNKNOWN, "other-system"),
        (Verdict.NOT_APPLICABLE, "not-a-switch"),
    }


@pytest.mark.parametrize("text", ["", "\n\n", "!\n! nothing\n"])
def test_an_empty_text_passes_nothing(text: str) -> None:
    for each in judged(text, "ios-xe"):
        assert each.outcome.verdict is not Verdict.PASS, each.rule.id


def test_a_banner_that_never_ends_leaves_what_is_absent_unknown() -> None:
    half = "hostname sw1\nip http server\nbanner login ^C\nAuthorised"
    found = judged(half, "ios-xe")
    assert not [each.rule.id for each in found if each.outcome.verdict is Verdict.PASS and not evidence_lines(each.outcome)]
    assert ("security.mgmt.http-server", "fail") in {(each.rule.id, each.outcome.verdict.value) for each in found}


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("\n ", "\n\t"), lambda t: t.rstrip("\n")])
def test_line_ends_tabs_and_a_missing_last_line_end_change_no_verdict(change) -> None:
    assert verdicts(change(SWITCH), "ios") == verdicts(SWITCH, "ios")
    assert verdicts(change(FIREWALL), "asa") == verdicts(FIREWALL, "asa")


@pytest.mark.parametrize(("text", "system"), [(SWITCH, "ios"), (FIREWALL, "asa")])
def test_a_scrubbed_text_is_judged_as_the_raw_one(text: str, system: str) -> None:
    assert verdicts(redact(text), system) == verdicts(text, system)


def test_evidence_names_lines_of_the_text() -> None:
    for text, system in ((SWITCH, "ios"), (FIREWALL, "asa")):
        lines = split_lines(text)
        for each in judged(text, system):
            for line in evidence_lines(each.outcome):
                assert lines[line.number - 1].strip() == line.text


def test_a_text_that_lost_its_indentation_is_judged_as_before() -> None:
    bare = "\n".join(line.strip() for line in SWITCH.split("\n"))
    assert verdicts(bare, "ios") == verdicts(SWITCH, "ios")


@given(st.text(alphabet=st.sampled_from(list("abc!^ \n\t/.0123456789-,*([{\\é")), max_size=300))
def test_no_text_breaks_a_rule(noise: str) -> None:
    for text, system in ((f"{SWITCH}{noise}", "ios"), (f"{FIREWALL}{noise}", "asa"), (noise, "nx-os")):
        judged(text, system)


HOSTILE = ["(", "[", "*", "\\", "x" * 5000, "a|b", "$(reboot)", "<script>", "{section}", "名前"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name: str) -> None:
    """Of lists, policies, key chains, neighbours, users, interfaces."""
    text = SWITCH + (
        f"interface {name}\n ip address 198.51.100.1 255.255.255.0\n ip nat outside\n ip access-group {name} in\n"
        f" ip ospf authentication key-chain {name}\n"
        f"router ospf 1\n network 198.51.100.0 0.0.0.255 area 0\nip access-list extended {name}\n permit ip any any\ncontrol-plane\n"
        f" service-policy input {name}\nrouter bgp 1\n neighbor {name} remote-as 2\n neighbor {name} prefix-list {name} in\n"
        f"line con 0\n login authentication {name}\naaa new-model\ncrypto pki trustpoint {name}\n"
        f"ip http secure-server\nip http secure-trustpoint {name}\n"
    )
    judged(text, "ios")
    judged(f"tunnel-group {name} type remote-access\naccess-group {name} in interface {name}\nlogging trap {name}\n{FIREWALL}", "asa")
    judged(f"wlan {name} 1 guest\nwireless tag policy T\n wlan {name} policy {name}\n", "ios-xe")


def test_each_identifier_has_a_verdict_of_its_own() -> None:
    found = [reference for each in judged(SWITCH, "ios") for reference in each.references if re.match(r"CISC-(ND|L2|RT)-\d{6}$", reference)]
    assert {"CISC-ND-000550", "CISC-ND-000570", "CISC-L2-000260", "CISC-RT-000391"} <= set(found)
    by_rule = [(each.rule.id, each.references[:1]) for each in judged(SWITCH, "ios")]
    assert len(by_rule) == len(set(by_rule))


def test_commands_carry_no_name_that_was_not_filled_in() -> None:
    """What only the customer knows stands in angle brackets; braces are ours and must be gone."""
    for each in judged(SWITCH, "ios"):
        for breach in each.outcome.breaches:
            assert not [command for command in breach.remediation if re.search(r"\{\w*\}", command)], each.rule.id


def test_rule_files_that_ship_are_named_in_no_code() -> None:
    folder = Path(__file__).parents[3] / "server/natvakt_server/analysis/rules/files"
    assert {path.suffix for path in folder.iterdir() if path.is_file()} == {".toml"}
