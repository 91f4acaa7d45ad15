"""What the demo's knowledge files say of the simulated site: the two planted faults, and nothing grave beyond them."""

from collections.abc import Mapping
from pathlib import Path

import demo.knowledge
import msgspec
import pytest
from demo.device import SimulatedDevice
from natvakt_server.analysis.engine import findings, judge_all
from natvakt_server.analysis.evidence import Evidence, Reason
from natvakt_server.analysis.hardware import pieces
from natvakt_server.analysis.rules import RULES
from natvakt_server.domain.assessment import Severity, Verdict
from natvakt_server.knowledge.known import Asked, cut_out
from testkit.demo_evidence import site_evidence
from testkit.knowledge import MemoryKnowledge, facts

FOLDER = Path(demo.knowledge.__path__[0])
ON_KNOWLEDGE = ("security.vuln.", "core.software.recommended", "core.software.unsupported", "core.lifecycle.hardware", "core.storage.flash")
KNOWING = tuple(rule for rule in RULES if rule.id.startswith(ON_KNOWLEDGE))


@pytest.fixture(scope="module")
def evidence(site: Mapping[str, SimulatedDevice]) -> Evidence:
    store = MemoryKnowledge()
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in (".json", ".csv"):
            store.put(path.stem, "2026-11-01", facts(path.read_bytes()), 0)
    seen = site_evidence(site, KNOWING, ())
    asked = [Asked(each.os, each.version, each.model, tuple(piece.pid for piece in pieces(each))) for each in seen.devices]
    return msgspec.structs.replace(seen, knowledge=cut_out(store, asked))


def test_the_core_switch_runs_what_is_exploited_and_the_router_does_not(evidence: Evidence) -> None:
    judged = {(each.device.name, each.rule.id): each for each in judge_all(KNOWING, evidence)}
    core = judged["hq-core", "security.vuln.kev"].judgement
    assert (core.verdict, [failure.object for failure in core.failures]) == (Verdict.FAIL, ["CVE-2023-20198"])
    assert core.failures[0].line is not None
    assert core.failures[0].remediation[0] == "! upgrade to 17.9.4a"
    router = judged["hq-rtr", "security.vuln.kev"].judgement
    assert (router.verdict, router.reason) == (Verdict.UNKNOWN, Reason.NOT_LISTED)


def test_what_is_grave_is_what_was_planted(evidence: Evidence) -> None:
    found = findings(judge_all(KNOWING, evidence), evidence)
    assert {(each.device, each.rule) for each in found if each.severity in (Severity.CRITICAL, Severity.HIGH)} == {
        ("hq-core", "security.vuln.kev"),
        ("hq-acc3", "core.lifecycle.hardware"),
    }


def test_without_knowledge_nothing_passes(evidence: Evidence) -> None:
    bare = msgspec.structs.replace(evidence, knowledge=cut_out(MemoryKnowledge(), ()))
    verdicts = {each.judgement.verdict for each in judge_all(KNOWING, bare)}
    assert verdicts == {Verdict.UNKNOWN}
