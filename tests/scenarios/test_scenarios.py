"""Every rule fires where it should and stays silent where it should, told as text in the files beside this one."""

import re
from pathlib import Path

import pytest
from natvakt_server.analysis.engine import findings, judge_all, judge_one
from natvakt_server.analysis.rules import RULES as EVIDENCE_RULES
from natvakt_server.analysis.rules import __file__ as rules_folder
from natvakt_server.app.rules import rule_book
from natvakt_server.domain.assessment import Severity, Verdict
from testkit.scenario import Case, load

RULES = rule_book().rules
CASES = load(Path(__file__).parent, RULES)
BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.rule}: {c.name}")
def test_the_rule_judges_as_the_scenario_says(case: Case) -> None:
    rule = BY_ID[case.rule]
    device = case.evidence.device(case.device)
    assert device is not None
    assert rule.applies_to(device), f"{rule.id} does not apply to role {device.role}"
    judgement = judge_one(rule, device, case.evidence)
    assert judgement.verdict == case.expect, judgement
    if case.reason is not None:
        assert judgement.reason == case.reason
    if case.severity is not None:
        assert min(f.severity for f in judgement.failures) in Severity
        assert case.severity in {f.severity.value for f in judgement.failures}
    if case.objects is not None:
        assert tuple(f.object for f in judgement.failures) == case.objects
    shown = sorted({int(fact.what.removeprefix("line ")) for f in judgement.failures for fact in f.facts if fact.what.startswith("line ")})
    if case.lines is not None:
        assert tuple(shown) == case.lines
    commands = [command for failure in judgement.failures for command in failure.remediation]
    assert set(case.fix) <= set(commands), commands
    for failure in judgement.failures:
        assert failure.severity in rule.severities
        assert failure.facts, "a finding without evidence"


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_has_a_firing_and_a_silent_scenario(rule) -> None:
    verdicts = {case.expect for case in CASES if case.rule == rule.id}
    assert Verdict.FAIL in verdicts
    assert verdicts & {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.UNKNOWN}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_says_itself_in_both_languages(rule) -> None:
    for words in (rule.title, rule.impact, rule.recommendation):
        assert words.en.strip()
        assert words.sv.strip()
        assert words.en != words.sv


def test_scenarios_belong_to_rules_that_ship() -> None:
    assert {case.rule for case in CASES} <= set(BY_ID)
    assert len(BY_ID) == len(RULES), "two rules share an id"


@pytest.mark.parametrize("case", [c for c in CASES if c.expect == "fail"], ids=lambda c: f"{c.rule}: {c.name}")
def test_a_finding_is_the_same_however_often_it_is_made(case: Case) -> None:
    rule = BY_ID[case.rule]
    once, again = (findings(judge_all((rule,), case.evidence), case.evidence) for _ in range(2))
    assert once == again
    assert len({f.id for f in once}) == len(once)


def test_a_link_has_one_finding_told_from_the_end_to_mend() -> None:
    """hq-acc1 is half, hq-sb is full: whoever is judged first, the finding stands on the half end."""
    case = next(c for c in CASES if c.rule == "core.link.duplex" and c.expect == "fail")
    both = case.evidence
    found = findings(judge_all((BY_ID["core.link.duplex"],), both), both)
    assert [(f.device, f.object) for f in found] == [("acc", "Gi1/0/48")]


def test_a_rule_is_given_every_table_it_looks_at() -> None:
    """What a rule reads beside its own tables must be named too, or it is not there when a real assessment is made."""
    folder = Path(rules_folder).parent
    for rule in EVIDENCE_RULES:
        source = (folder / rule.level / f"{rule.id.split('.', 1)[1].replace('.', '_').replace('-', '_')}.py").read_text()
        looked_at = set(re.findall(r"""table\("(\w+)"\)""", source))
        if "links(" in source or "neighbour_at(" in source or "is_uplink(" in source:
            looked_at.add("neighbour")
        assert looked_at <= {*rule.tables, *rule.beside}, rule.id
