"""Score and coverage: the published formula, its worked example, and what may never happen to it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.analysis.score import (
    Weighed,
    change,
    coverage,
    device_score,
    in_order,
    level_score,
    overall,
    rounded,
    scores_of,
)
from natvakt_server.domain.assessment import Level, Severity, Verdict


def verdict(rule, device, weight, outcome=Verdict.PASS, severity=None, failing=0, judged=1, highest=None):
    return Weighed(rule, device, weight, outcome, severity, highest or severity or Severity.HIGH, failing, judged)


def failed(rule, device, weight, severity, failing=1, judged=1):
    return verdict(rule, device, weight, Verdict.FAIL, severity, failing, judged)


FIREWALL = [failed("security.a", "fw", 4, Severity.CRITICAL), failed("security.b", "fw", 4, Severity.HIGH, 2, 4)]
SWITCH = [failed("security.c", "sw", 1, Severity.MEDIUM, 1, 4)]


def test_the_worked_example_of_the_formula():
    """Firewall of weight 4 with a critical and a high on 2 of 4 objects, switch of weight 1 with a medium on 1 of 4 ports."""
    assert device_score(FIREWALL) == Decimal("53.25")
    assert device_score(SWITCH) == Decimal("96.875")
    uncapped = [failed("security.a", "fw", 2, Severity.CRITICAL)]
    assert level_score(uncapped) == 60
    assert (4 * device_score(FIREWALL) + device_score(SWITCH)) / 5 == Decimal("61.975")
    assert rounded(level_score(in_order([*FIREWALL, *SWITCH]))) == 59.0


def test_an_open_known_exploited_vulnerability_caps_the_level_at_49():
    kev = failed("security.vuln.kev", "sw", 1, Severity.CRITICAL)
    healthy = [verdict(f"security.x{n}", f"d{n}", 4) for n in range(9)]
    assert level_score(in_order([kev, *healthy])) == 49


def test_a_critical_on_a_light_role_does_not_cap():
    items = [failed("security.a", "sw", 1, Severity.CRITICAL), *(verdict("security.a", f"d{n}", 4) for n in range(9))]
    assert level_score(in_order(items)) > 98


def test_overall_is_shared_among_the_levels_that_have_a_score():
    exact = {Level.CORE: Decimal(80), Level.SECURITY: Decimal(60), Level.VOICE: None}
    assert overall(exact) == 70
    assert overall({**exact, Level.VOICE: Decimal(100)}) == 76
    assert overall(dict.fromkeys(Level)) is None


def test_nothing_decided_has_no_score_and_never_100():
    only_unknown = [verdict("core.a", "d", 1, Verdict.UNKNOWN), verdict("core.b", "d", 1, Verdict.NOT_APPLICABLE)]
    assert scores_of(only_unknown) == {"core": None, "security": None, "voice": None, "overall": None}


def test_coverage_weighs_role_and_the_highest_severity_and_leaves_out_what_does_not_apply():
    items = [
        verdict("core.a", "heavy", 4, Verdict.PASS, highest=Severity.HIGH),
        verdict("core.b", "light", 1, Verdict.UNKNOWN, highest=Severity.CRITICAL),
        verdict("core.c", "light", 1, Verdict.MANUAL, highest=Severity.MEDIUM),
        verdict("core.d", "light", 1, Verdict.NOT_APPLICABLE, highest=Severity.CRITICAL),
    ]
    assert rounded(coverage(items)) == 57.1, "60 of 105"
    assert coverage([]) is None


def test_rounding_is_half_even_and_happens_once():
    assert rounded(Decimal("71.25")) == 71.2
    assert rounded(Decimal("71.35")) == 71.4
    assert rounded(None) is None


VERDICTS = st.builds(
    lambda rule, device, outcome, severity, failing, more: Weighed(
        rule, device, 1, outcome, severity if outcome is Verdict.FAIL else None, Severity.CRITICAL, failing, failing + more
    ),
    st.sampled_from(["core.a", "core.b", "security.a", "voice.a"]),
    st.sampled_from(["d1", "d2", "d3"]),
    st.sampled_from(list(Verdict)),
    st.sampled_from(list(Severity)),
    st.integers(1, 5),
    st.integers(0, 5),
)
SITES = st.lists(VERDICTS, unique_by=lambda w: w.pair)


@given(SITES)
def test_unknown_never_moves_a_score(site):
    decided = [w for w in site if w.verdict in (Verdict.PASS, Verdict.FAIL)]
    assert scores_of(in_order(site)) == scores_of(in_order(decided))


@given(SITES, st.randoms())
def test_the_order_of_verdicts_does_not_matter(site, random):
    mixed = random.sample(site, len(site))
    assert scores_of(in_order(site)) == scores_of(in_order(mixed))
    assert coverage(in_order(site)) == coverage(in_order(mixed))


@given(SITES)
def test_every_score_lies_between_nought_and_100(site):
    assert all(value is None or 0 <= value <= 100 for value in scores_of(in_order(site)).values())


@given(SITES)
def test_nothing_changes_between_two_equal_assessments(site):
    assert set(change(site, site).values()) <= {None, 0.0}


def test_a_change_counts_only_what_was_decided_both_times():
    before = [failed("core.a", "d", 1, Severity.HIGH), verdict("core.b", "d", 1)]
    now = [verdict("core.a", "d", 1, Verdict.UNKNOWN), verdict("core.b", "d", 1), failed("core.c", "d", 1, Severity.CRITICAL)]
    assert change(before, now)["core"] == 0.0, "the failure became unknown, the new critical had not been judged: neither is a trend"


def test_a_repair_is_a_change_for_the_better():
    before, now = [failed("core.a", "d", 1, Severity.HIGH)], [verdict("core.a", "d", 1)]
    assert change(before, now) == {"core": 15.0, "security": None, "voice": None, "overall": 15.0}


@pytest.mark.parametrize("weight", [1, 4])
def test_a_device_that_changed_its_role_is_compared_by_todays_role(weight):
    before = [failed("core.a", "d", 1, Severity.HIGH), verdict("core.a", "e", 1)]
    now = [failed("core.a", "d", weight, Severity.HIGH), verdict("core.a", "e", 1)]
    assert change(before, now)["core"] == 0.0
