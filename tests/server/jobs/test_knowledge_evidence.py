"""What is known of the devices' versions and products is frozen with the evidence: later imports change no assessment that was made."""

import shutil
from pathlib import Path

import pytest
from natvakt_server.analysis.engine import judge_one
from natvakt_server.analysis.evidence import Answer, Contract, Evidence, freeze, thaw
from natvakt_server.analysis.rules import RULES
from natvakt_server.domain.answers import GivenAnswer
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.contracts import ContractList, ServiceContract
from natvakt_server.jobs.evidence import EvidenceMaker
from natvakt_server.knowledge.facts import Exploited, Lifecycle, ReleaseCycle, Suggestion
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.knowledge import SqlKnowledge
from natvakt_server.store.estate.papers import SqlPapers
from testkit.console import NOW_NS, ConsoleHouse
from testkit.databases import migrated_file
from testkit.knowledge import cve_record, facts, product

__all__ = ["migrated_file"]


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> ConsoleHouse:
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    made = ConsoleHouse(engine)
    made.add_switch()
    yield made
    engine.dispose()


def frozen(house: ConsoleHouse, store: SqlKnowledge) -> Evidence:
    maker = EvidenceMaker(house.estate, house.series, RULES, house.ports.configurations, house.ports.acceptances, knowledge=store)
    made = maker.freeze("acme", ["hq"], NOW_NS)
    assert thaw(freeze(made)) == made
    return made


def test_a_later_import_changes_only_later_assessments(house: ConsoleHouse) -> None:
    store = SqlKnowledge(house.engine)
    (device,) = house.estate.devices("acme", "hq")
    assert device.os
    assert device.version
    rule = next(each for each in RULES if each.id == "security.vuln.affected")
    before = frozen(house, store)
    listed = cve_record(affected=[product("Cisco IOS XE Software" if device.os == "ios-xe" else "Cisco IOS", device.version)])
    store.put("cve-program", "2026-11-01", facts(listed), NOW_NS)
    after = frozen(house, store)
    assert judge_one(rule, before.devices[0], before).verdict is Verdict.UNKNOWN
    assert judge_one(rule, after.devices[0], after).verdict is Verdict.FAIL


def test_everything_that_is_known_of_a_device_is_frozen(house: ConsoleHouse) -> None:
    store = SqlKnowledge(house.engine)
    (device,) = house.estate.devices("acme", "hq")
    model, os = device.model or "", device.os or ""
    told = [Exploited("CVE-2024-1", "2024-01-01"), Lifecycle(model, {"end_of_sale": "2024-01-01"}), Suggestion(model, os, ("17.9.5",))]
    store.put("one", "2026-11-01", [*told, ReleaseCycle(os, "17.9", "", "2027-01-01")], NOW_NS)
    known = frozen(house, store).knowledge
    assert known.products[model].milestones == {"end_of_sale": "2024-01-01"}
    assert known.suggestions[model].suggestion.releases == ("17.9.5",)
    assert known.holds("exploited")
    assert {source.kind for source in known.sources} == {"exploited", "lifecycle", "suggestion", "cycle"}


def test_what_people_handed_in_is_frozen_and_no_list_is_not_an_empty_one(house: ConsoleHouse) -> None:
    papers = SqlPapers(house.engine)
    maker = EvidenceMaker(
        house.estate, house.series, RULES, house.ports.configurations, house.ports.acceptances, contracts=papers, answers=papers
    )
    assert maker.freeze("acme", ["hq"], NOW_NS).contracts is None
    (device,) = house.estate.devices("acme", "hq")
    papers.put_contracts("acme", ContractList([ServiceContract("FNV1", "205")], 1, "cli"))
    papers.give(GivenAnswer("acme", "voice.phone.power", device.id, False, 2, "Anna Ek", "no UPS"))
    made = maker.freeze("acme", ["hq"], NOW_NS)
    assert made.contracts == (Contract("FNV1", "205"),)
    assert made.answers == (Answer("voice.phone.power", device.id, False, 2, "Anna Ek", "no UPS"),)
    rule = next(each for each in RULES if each.id == "core.contract.coverage")
    assert judge_one(rule, made.devices[0], made).verdict is Verdict.FAIL
