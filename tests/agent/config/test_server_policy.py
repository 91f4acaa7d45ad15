"""The server's policy is applied part by part inside the site's, and what is refused is told (promise 66)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.config.server_policy import judge
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.config.units import Duration

TABLES = frozenset({"interface", "cpu"})
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON_VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner), max_leaves=8)
SITE = SitePolicy(minimum_interval=Duration(30))


def judged(document):
    return judge(json.dumps(document).encode(), SITE, TABLES)


def test_intervals_inside_the_site_policy_hold():
    applied = judged({"version": 3, "intervals": {"interface": 30, "cpu": 300.5}})
    assert (applied.version, dict(applied.intervals), applied.refused) == (3, {"interface": 30.0, "cpu": 300.5}, ())


@pytest.mark.parametrize(
    ("intervals", "reason"),
    [
        ({"interface": 29}, "minimum_interval"),
        ({"interface": -1}, "minimum_interval"),
        ({"interface": "60"}, "number of seconds"),
        ({"interface": True}, "number of seconds"),
        ({"interface": 10**9}, "number of seconds"),
        ({"shell": 60}, "not a table"),
    ],
)
def test_promise_66_a_part_outside_is_refused_and_the_rest_holds(intervals, reason):
    applied = judged({"version": 3, "intervals": {"cpu": 60} | intervals})
    assert dict(applied.intervals) == {"cpu": 60.0}
    assert [reason in refusal.reason for refusal in applied.refused] == [True]


def test_promise_66_targets_code_and_sets_are_no_part_of_a_policy():
    applied = judged({"version": 3, "targets": ["10.0.0.1"], "set": {"1.3.6.1": 1}, "run": "id"})
    assert sorted(refusal.part for refusal in applied.refused) == ["run", "set", "targets"]
    assert applied.intervals == {}


@given(st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_body_makes_the_judge_fail(body):
    applied = judge(body, SITE, TABLES)
    assert applied.version >= 0
    assert applied.intervals.keys() <= TABLES


def test_a_policy_of_a_megabyte_is_refused_unread():
    applied = judge(b" " * 1_000_000, SITE, TABLES)
    assert applied.version == 0
    assert "larger" in applied.refused[0].reason
