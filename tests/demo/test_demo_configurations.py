"""The configurations of the simulated customer: the planted faults of the catalogue and no serious one beyond, judged alone."""

import pytest
from demo.configurations.catalogue import WRITERS, command_lines
from demo.device import SimulatedDevice
from natvakt_server.analysis.configuration.check import Subject, judge_rule
from natvakt_server.analysis.rules import CHECKS
from natvakt_server.app.rules import rule_book
from natvakt_server.domain.assessment import Severity, Verdict
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.registry import Role

KINDS = {
    "hq-core": ("ios-xe", Role.CORE),
    "hq-acc1": ("ios-xe", Role.ACCESS),
    "hq-acc2": ("ios-xe", Role.ACCESS),
    "hq-acc3": ("ios", Role.ACCESS),
    "br-sw": ("ios-xe", Role.ACCESS),
    "hq-rtr": ("ios-xe", Role.WAN_EDGE),
    "br-rtr": ("ios-xe", Role.WAN_EDGE),
    "hq-fw": ("asa", Role.FIREWALL),
    "hq-wlc": ("ios-xe", Role.WLC),
    "hq-sb": ("small-business", Role.ACCESS),
}
PLANTED = {
    "hq-acc3": {"security.mgmt.telnet", "security.vuln.smart-install"},
    "hq-rtr": {"security.aaa.hash-type", "security.snmp.write", "security.snmp.default", "voice.secure.toll-fraud", "voice.qos.priority"},
    "hq-fw": {"security.fw.any-any", "security.vpn.ike", "security.mgmt.outside"},
    "hq-sb": {"security.mgmt.http-server"},
}
SERIOUS = (Severity.CRITICAL, Severity.HIGH)


def serious(device: SimulatedDevice) -> set[str]:
    name = device.identity.name
    system, role = KINDS[name]
    subject = Subject(system, parse(WRITERS[name](device), system), role)
    found = {check.id: judge_rule(check, subject) for check in rule_book().checks if not check.roles or role in check.roles}
    return {
        rule
        for rule, outcome in found.items()
        if outcome is not None and outcome.verdict is Verdict.FAIL and any(breach.severity in SERIOUS for breach in outcome.breaches)
    }


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_planted_fires_and_nothing_serious_beside_it(name: str, site: dict[str, SimulatedDevice]) -> None:
    assert CHECKS
    assert serious(site[name]) == PLANTED.get(name, set())


def test_a_device_answers_with_its_own_name_and_both_configurations(site: dict[str, SimulatedDevice]) -> None:
    spoken = {line.name: line for line in command_lines(site.values())}
    assert set(spoken) == set(WRITERS)
    for name, line in spoken.items():
        assert name in line.answers["show running-config"]
        assert line.answers["show running-config"] == line.answers["show startup-config"]
    assert spoken["hq-sb"].login.password == "cisco"
