"""Findings the customer lives with: out of the score until their date, beside the raw score, and in no trend."""

from datetime import date

import msgspec
import pytest
from natvakt_server.analysis.engine import findings, judge_all, standing
from natvakt_server.analysis.evidence import Acceptance, Table, accepted_now, freeze, thaw
from natvakt_server.analysis.rules import RULES
from natvakt_server.analysis.score import scores_of, weighed
from natvakt_server.reports.model import AcceptedRisk, iso
from testkit.report import assessed, case, device, evidence
from testkit.scenario import AS_OF_NS

TODAY = date(2026, 11, 18)
POE = "core.capacity.poe"


def poe_switch(used, name="hq-acc1", **changes):
    rows = ({"group": "1", "budget_watts": 740, "consumption_watts": used},)
    return device(name, tables={"poe": Table("poe", rows, AS_OF_NS)}, **changes)


def accepted(what, finding, until=TODAY):
    return msgspec.structs.replace(what, acceptances=(Acceptance(finding, until, "new switch in spring", "Anna Ek", AS_OF_NS),))


def poe_of(document):
    return next(f for f in document.findings if f.rule == POE)


FULL = evidence(poe_switch(700))
OPEN = assessed(FULL)
LIVED_WITH = assessed(accepted(FULL, poe_of(OPEN).id))


def test_an_accepted_finding_says_by_whom_why_and_until_when():
    found = poe_of(LIVED_WITH)
    assert found.state == "accepted"
    assert found.acceptance == AcceptedRisk("new switch in spring", "Anna Ek", "2026-11-18", iso(AS_OF_NS))
    assert LIVED_WITH.counts["state"]["accepted"] == 1


def test_it_leaves_the_score_and_the_raw_score_stands_beside():
    assert LIVED_WITH.scores["core"] == 100.0
    assert LIVED_WITH.raw_scores == OPEN.scores
    assert OPEN.raw_scores == OPEN.scores
    assert LIVED_WITH.coverage == OPEN.coverage


def test_it_leaves_plan_cost_and_the_count_of_severities():
    assert poe_of(LIVED_WITH).id not in {i for a in LIVED_WITH.actions for i in a.findings}
    assert LIVED_WITH.cost.minutes == OPEN.cost.minutes - poe_of(OPEN).effort_minutes
    assert LIVED_WITH.counts["severity"]["medium"] == OPEN.counts["severity"]["medium"] - 1


@pytest.mark.parametrize(
    ("until", "state"), [(date(2026, 11, 17), "new"), (date(2026, 11, 18), "accepted"), (date(2027, 1, 1), "accepted")]
)
def test_it_counts_through_its_last_day_in_the_customers_zone(until, state):
    assert poe_of(assessed(accepted(FULL, poe_of(OPEN).id, until))).state == state


def test_when_its_day_has_passed_it_is_open_again_and_says_that_it_ended():
    after = poe_of(assessed(accepted(FULL, poe_of(OPEN).id, date(2026, 11, 17)), LIVED_WITH))
    assert (after.state, after.acceptance.ended) == ("open", True)


def test_accepting_moves_no_trend():
    beside = evidence(poe_switch(700), poe_switch(100, "hq-acc2"))
    before = assessed(beside)
    after = assessed(accepted(beside, poe_of(before).id), before)
    assert after.scores["core"] > before.scores["core"]
    assert after.previous.change["core"] == 0.0


def test_of_several_bad_links_of_a_device_only_the_accepted_one_leaves():
    what = case("core.link.duplex", "half here, full there, late collisions")
    judged = judge_all(RULES, what)
    link = next(f for f in findings(judged, what) if f.rule == "core.link.duplex")
    lived_with = accepted(what, link.id)
    left = [i for i in standing(judged, lived_with) if i.rule.id == "core.link.duplex"]
    assert all(not i.judgement.failures for i in left if i.judgement.verdict == "fail")
    raw = scores_of([weighed(i) for i in judged])["core"]
    assert scores_of([weighed(i) for i in standing(judged, lived_with)])["core"] > raw


def test_acceptances_are_frozen_with_the_evidence():
    what = accepted(FULL, "0123456789abcdef")
    assert thaw(freeze(what)) == what
    assert set(accepted_now(what)) == {"0123456789abcdef"}


def test_a_finding_keeps_its_id_when_its_device_is_renamed_moved_or_replaced():
    before = poe_of(OPEN)
    renamed = evidence(poe_switch(700, "hq-floor1", id="id-hq-acc1", address="198.51.100.7"))
    replaced = evidence(poe_switch(700, "hq-acc1", id="id-new", serial="FNV9", model="C9300-48P", origin="id-hq-acc1"))
    for what in (renamed, replaced):
        after = assessed(what, OPEN)
        assert (poe_of(after).id, poe_of(after).state) == (before.id, "open")
    again = assessed(evidence(poe_switch(700, id="id-newer", origin="id-hq-acc1")), assessed(replaced, OPEN))
    assert poe_of(again).id == before.id


def test_what_the_new_hardware_mends_is_fixed_and_no_device_is_gone():
    replaced = evidence(poe_switch(100, id="id-new", serial="FNV9", origin="id-hq-acc1"))
    (gone,) = [f for f in assessed(replaced, OPEN).since_last if f.rule == POE]
    assert (gone.state, gone.proof) == ("fixed", "pass")
    assert assessed(replaced, OPEN).previous.change["core"] > 0
