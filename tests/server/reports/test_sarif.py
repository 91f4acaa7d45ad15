"""A report as SARIF 2.1.0: the members that the standard requires, and what its severities and states mean there."""

import json
import re

import pytest
from natvakt_server.domain.assessment import FindingState, Severity
from natvakt_server.reports.sarif import LEVELS, sarif
from testkit.report import assessed, case, device, evidence, finding, told, whole_report, whole_site

GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def run_of(document, language="en"):
    whole = json.loads(sarif(document, language))
    assert whole["version"] == "2.1.0"
    assert whole["$schema"].endswith("sarif-2.1.0.json")
    (run,) = whole["runs"]
    return run


@pytest.fixture(scope="module")
def run():
    return run_of(whole_report())


def test_a_run_names_its_tool_and_its_rules(run):
    driver = run["tool"]["driver"]
    assert driver["name"] == "natvakt"
    assert all(rule["id"] and rule["shortDescription"]["text"] for rule in driver["rules"])
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))


def test_every_result_has_a_message_a_level_a_place_and_its_rule(run):
    rules = run["tool"]["driver"]["rules"]
    assert run["results"]
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in {"error", "warning", "note", "none"}
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
        assert result["fingerprints"]["natvakt/1"]


def test_guids_are_of_the_form_that_the_schema_takes(run):
    assert GUID.match(run["automationDetails"]["guid"])
    assert run["invocations"][0]["executionSuccessful"] is True
    assert re.match(r"^[a-z]{2}$", run["language"])


@pytest.mark.parametrize(
    ("severity", "level"), [("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note"), ("info", "note")]
)
def test_severities_map_to_levels(severity, level):
    found = finding("core.link.duplex", device(), severity=Severity(severity))
    (result,) = [r for r in run_of(told(evidence(device()), [found]))["results"] if r["ruleId"] == "core.link.duplex"]
    assert result["level"] == level
    assert 0 <= float(result["properties"]["security-severity"]) <= 10
    assert LEVELS.keys() == {s.value for s in Severity}


def test_the_first_assessment_has_no_baseline_and_says_nothing_against_one(run):
    assert "baselineGuid" not in run
    assert not [r for r in run["results"] if "baselineState" in r]


def test_the_next_one_says_how_each_result_stands_against_the_one_before():
    before = whole_report()
    after = assessed(evidence(*whole_site().devices[1:]), before, id="01a20ffe-cfae-7c8c-b8b2-6e09e2538801")
    run = run_of(after)
    assert GUID.match(run["baselineGuid"])
    assert run["baselineGuid"] != run["automationDetails"]["guid"]
    allowed = {"new", "unchanged", "updated", "absent"}
    assert {r["baselineState"] for r in run["results"]} <= allowed
    fixed = {f.id for f in after.since_last if f.state == "fixed"}
    assert {r["fingerprints"]["natvakt/1"] for r in run["results"] if r["baselineState"] == "absent"} == fixed


def test_an_accepted_finding_is_a_suppressed_result():
    found = finding("core.link.duplex", device(), state=FindingState.ACCEPTED)
    (result,) = run_of(told(evidence(device()), [found]))["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted"}]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_same_evidence_judged_again_has_the_same_bytes(language):
    before, after = case("core.capacity.poe", "700 of 740 W"), case("core.capacity.poe", "half of it")
    once, again = (sarif(assessed(after, assessed(before)), language) for _ in range(2))
    assert once == again


def test_texts_follow_the_language():
    found = finding("core.link.duplex", device())
    said = {language: run_of(told(evidence(device()), [found]), language)["results"][0]["message"]["text"] for language in ("sv", "en")}
    assert "Duplex skiljer" in said["sv"]
    assert "duplex: halv" in said["sv"]
    assert "Duplex differs" in said["en"]
