"""From rules and evidence to verdicts and findings."""

import msgspec
import pytest
from natvakt_server.analysis.engine import finding_id, findings, judge_all, judge_one, name_objects, state_of
from natvakt_server.analysis.evidence import Reason, Table
from natvakt_server.analysis.rule import Failure, Rule, Scope, Text, decide, passed
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import FindingState, Severity, Verdict
from testkit.report import device, evidence
from testkit.scenario import AS_OF_NS

WORDS = Text("a", "b")


def rule(rule_id="core.test", judge=lambda device, evidence: passed(), tables=(), scope=Scope.DEVICE, applies_to=lambda device: True):
    return Rule(rule_id, WORDS, WORDS, WORDS, (Severity.HIGH, Severity.LOW), applies_to, tables, judge, 10, scope=scope)


def failing(*objects, severity=Severity.HIGH, commands=()):
    failures = [Failure(name, severity, (Fact("used", 1, None, AS_OF_NS),), commands) for name in objects]
    return lambda device, evidence: decide(failures, len(failures))


@pytest.mark.parametrize("reason", list(Reason))
def test_a_missing_table_is_unknown_with_its_reason_before_the_rule_is_asked(reason):
    def never(device, evidence):
        raise AssertionError("asked without evidence")

    where = device(tables={"poe": Table("poe", missing=reason)})
    verdict = judge_one(rule(judge=never, tables=("poe",)), where, evidence(where))
    assert (verdict.verdict, verdict.reason) == (Verdict.UNKNOWN, reason.value)


def test_a_table_nobody_ever_asked_for_is_not_provided():
    verdict = judge_one(rule(tables=("poe",)), device(), evidence(device()))
    assert (verdict.verdict, verdict.reason) == (Verdict.UNKNOWN, "not-provided")


def test_rules_judge_only_the_devices_they_are_about():
    here, there = device("hq-rtr"), device("hq-acc1")
    judged = judge_all([rule(applies_to=lambda d: d.name == "hq-rtr")], evidence(here, there))
    assert [j.device.name for j in judged] == ["hq-rtr"]


def test_verdicts_come_by_rule_and_device_whatever_order_they_were_given_in():
    one, two = device("a"), device("b")
    rules = [rule("core.b"), rule("core.a")]
    for what in (evidence(one, two), evidence(two, one)):
        assert [(j.rule.id, j.device.id) for j in judge_all(rules, what)] == [
            ("core.a", "id-a"), ("core.a", "id-b"), ("core.b", "id-a"), ("core.b", "id-b"),
        ]  # fmt: skip


def test_a_device_has_one_finding_of_a_rule_with_the_highest_severity_and_all_facts():
    def judge(device, evidence):
        return decide([*failing("Gi1", severity=Severity.LOW)(device, evidence).failures, *failing("Gi2")(device, evidence).failures], 9)

    (found,) = findings(judge_all([rule(judge=judge)], evidence(device())), evidence(device()))
    assert (found.severity, found.object, len(found.evidence)) == (Severity.HIGH, "Gi1, Gi2", 2)


def test_a_link_has_one_finding_however_many_ends_see_it():
    a, b = device("a"), device("b")

    def judge(here, evidence):
        far = b if here.id == a.id else a
        return decide([Failure("Gi1", Severity.HIGH, (Fact("x", 1),), peer=far.id, peer_object="Gi1", mends_here=here.id == b.id)], 1)

    for what in (evidence(a, b), evidence(b, a)):
        (found,) = findings(judge_all([rule(judge=judge, scope=Scope.LINK)], what), what)
        assert found.device == "b", "told from the end where it is mended"


def test_the_id_of_a_finding_stays_when_device_and_address_change_their_names():
    before, after = device("old", address="192.0.2.1"), device("new", address="192.0.2.9", id="id-old")
    ids = [findings(judge_all([rule(judge=failing("Gi1"))], evidence(d)), evidence(d))[0].id for d in (before, after)]
    assert ids[0] == ids[1]


def test_customers_never_share_the_id_of_a_finding():
    here = evidence(device())
    other = msgspec.structs.replace(here, tenant="globex")
    assert finding_id(here, rule(), ("id",)) != finding_id(other, rule(), ("id",))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (None, FindingState.NEW),
        ("new", FindingState.OPEN),
        ("open", FindingState.OPEN),
        ("regressed", FindingState.OPEN),
        ("not-verified", FindingState.OPEN),
        ("fixed", FindingState.REGRESSED),
    ],
)
def test_the_state_follows_from_the_state_before(before, now):
    assert state_of("f", {} if before is None else {"f": before}) is now


def test_only_three_objects_are_named_the_rest_is_counted():
    failures = [Failure(f"Gi{n}", Severity.LOW, ()) for n in range(5)]
    assert name_objects(failures) == "Gi0, Gi1, Gi2 (+2)"
    assert name_objects([Failure(None, Severity.LOW, ())]) is None


def test_the_same_command_stands_once_but_the_lines_below_each_interface_stay():
    def judge(device, evidence):
        commands = [("interface Gi1", " duplex auto", "end"), ("interface Gi2", " duplex auto", "end")]
        return decide([Failure(f"Gi{n}", Severity.LOW, (Fact("x", 1),), c) for n, c in enumerate(commands)], 2)

    (found,) = findings(judge_all([rule(judge=judge)], evidence(device())), evidence(device()))
    assert found.remediation == ("interface Gi1", " duplex auto", "end", "interface Gi2", " duplex auto")


def test_findings_come_by_severity_then_rule_then_device():
    made = [rule("core.a", failing("x", severity=Severity.LOW)), rule("core.b", failing("x"))]
    what = evidence(device("b"), device("a"))
    assert [(f.rule, f.device) for f in findings(judge_all(made, what), what)] == [
        ("core.b", "a"), ("core.b", "b"), ("core.a", "a"), ("core.a", "b"),
    ]  # fmt: skip
