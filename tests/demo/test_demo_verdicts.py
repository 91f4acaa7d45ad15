"""The faults planted at the simulated site are found from what its devices answer, by the agent's collector and the shipped rules."""

from collections.abc import Mapping, Sequence

import msgspec
import pytest
from demo.device import SimulatedDevice
from demo.runner import CONTRACTS
from demo.scenario import NEAR_MISSES, PLANTED, NearMiss
from natvakt_server.analysis.engine import Judged, findings, judge_all, judge_one
from natvakt_server.analysis.evidence import Contract, Evidence
from natvakt_server.analysis.rules.core.contract_coverage import chassis_serials
from natvakt_server.app.rules import rule_book
from natvakt_server.domain.assessment import Finding, Severity, Verdict
from natvakt_server.domain.contracts import read_contracts
from testkit.demo_evidence import site_evidence

RULES = {rule.id: rule for rule in rule_book().rules}
WITH_HISTORY = ("hq-wlc", "hq-rtr", "br-rtr")
# What needs more than a device's answers: histories of other devices, credentials tried, jobs reported, lists of contracts, knowledge.
ELSEWHERE = frozenset(
    {
        *("core.interface.errors", "core.server.disk", "core.server.backup", "security.aaa.default-credential"),
        *("core.contract.coverage", "core.lifecycle.hardware", "security.vuln.kev"),
    }
)
FAULTS = [(fault.device, rule) for fault in PLANTED for rule in fault.rules if rule in RULES and rule not in ELSEWHERE]


@pytest.fixture(scope="module")
def evidence(site: Mapping[str, SimulatedDevice]) -> Evidence:
    return site_evidence(site, tuple(RULES.values()), WITH_HISTORY)


@pytest.fixture(scope="module")
def judged(evidence: Evidence) -> Sequence[Judged]:
    return judge_all(tuple(RULES.values()), evidence)


@pytest.fixture(scope="module")
def found(judged: Sequence[Judged], evidence: Evidence) -> Sequence[Finding]:
    return findings(judged, evidence)


@pytest.mark.parametrize(("device", "rule"), FAULTS)
def test_a_planted_fault_is_found(judged: Sequence[Judged], device: str, rule: str) -> None:
    verdict = next(each.judgement.verdict for each in judged if (each.device.name, each.rule.id) == (device, rule))
    assert verdict is Verdict.FAIL


@pytest.mark.parametrize("miss", [miss for miss in NEAR_MISSES if miss.rule in RULES], ids=lambda miss: f"{miss.device} {miss.rule}")
def test_a_near_miss_is_not_told(found: Sequence[Finding], miss: NearMiss) -> None:
    told = [finding for finding in found if (finding.device, finding.rule) == (miss.device, miss.rule)]
    for finding in told:
        assert miss.place, finding
        assert all(miss.place not in f"{fact.what} {fact.value}" for fact in finding.evidence)


def test_nothing_critical_or_high_is_told_beyond_what_was_planted(found: Sequence[Finding]) -> None:
    planted = {(fault.device, rule) for fault in PLANTED for rule in fault.rules}
    grave = [(each.device, each.rule) for each in found if each.severity in (Severity.CRITICAL, Severity.HIGH)]
    assert set(grave) <= planted


def test_the_core_switch_in_no_contract_is_found_by_the_list_of_the_demo(evidence: Evidence) -> None:
    contracts = read_contracts(CONTRACTS.read_text())
    covered = {serial for device in evidence.devices if device.name != "hq-core" for serial in chassis_serials(device)}
    assert {each.serial for each in contracts} == covered
    listed = msgspec.structs.replace(evidence, contracts=tuple(Contract(each.serial, each.number, each.ends_on) for each in contracts))
    rule = RULES["core.contract.coverage"]
    verdicts = {device.name: judge_one(rule, device, listed).verdict for device in listed.devices}
    assert [name for name, verdict in verdicts.items() if verdict is Verdict.FAIL] == ["hq-core"]


def test_one_node_needs_no_replication_and_no_cme_has_no_limits(judged: Sequence[Judged]) -> None:
    verdicts = {(each.device.name, each.rule.id): each.judgement.verdict for each in judged}
    assert verdicts["hq-cucm", "voice.cucm.replication"] is Verdict.NOT_APPLICABLE
    assert {verdict for (_, rule), verdict in verdicts.items() if rule == "voice.cme.limits"} == {Verdict.NOT_APPLICABLE}
