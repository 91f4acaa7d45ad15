"""A report's SARIF is held against the schema that OASIS publishes; what is not SARIF is refused by it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from natvakt_server.reports.sarif import sarif
from testkit.report import assessed, case, whole_report

SCHEMA = Path(__file__).parent / "oasis" / "sarif-schema-2.1.0.json"


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


@pytest.fixture(scope="module")
def first():
    return whole_report()


def complaints(validator: Draft7Validator, log: object) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(log)]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_report_is_valid_sarif(validator: Draft7Validator, first, language: str) -> None:
    log = json.loads(sarif(first, language))
    assert log["runs"][0]["results"]
    assert complaints(validator, log) == []


def test_so_is_the_next_one_with_what_was_fixed_since(validator: Draft7Validator) -> None:
    before, after = case("core.capacity.poe", "700 of 740 W"), case("core.capacity.poe", "half of it")
    log = json.loads(sarif(assessed(after, assessed(before), id="01a20ffe-cfae-7c8c-b8b2-6e09e2538801"), "en"))
    assert "absent" in {result["baselineState"] for result in log["runs"][0]["results"]}
    assert complaints(validator, log) == []


def put(*path: str | int, value: object) -> Callable[[Any], None]:
    def change(log: Any) -> None:
        for step in path[:-1]:
            log = log[step]
        log[path[-1]] = value

    return change


def without(*path: str | int) -> Callable[[Any], None]:
    def change(log: Any) -> None:
        for step in path[:-1]:
            log = log[step]
        del log[path[-1]]

    return change


RUN = ("runs", 0)
BROKEN = {
    "another version": put("version", value="2.0.0"),
    "no runs": without("runs"),
    "a run without its tool": without(*RUN, "tool"),
    "a result without a message": without(*RUN, "results", 0, "message"),
    "a level of our own": put(*RUN, "results", 0, "level", value="critical"),
    "a rule before the first": put(*RUN, "results", 0, "ruleIndex", value=-2),
    "a property that the standard does not know": put(*RUN, "results", 0, "severity", value="high"),
    "a report's own id, of a version that SARIF does not know": put(
        *RUN, "automationDetails", "guid", value="01a20ffe-cfae-7c8c-b8b2-6e09e25388cf"
    ),
    "a moment as a number": put(*RUN, "invocations", 0, "endTimeUtc", value=1795000000),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_broken_is_refused(validator: Draft7Validator, first, how: str) -> None:
    log = json.loads(sarif(first, "en"))
    log["runs"][0]["results"] = log["runs"][0]["results"][:1]
    BROKEN[how](log)
    assert complaints(validator, log) != []
