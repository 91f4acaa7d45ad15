"""Frozen evidence: equal evidence gives equal bytes, and what was frozen can be judged again to the byte."""

import pytest
from natvakt_server.analysis.engine import findings, judge_all
from natvakt_server.analysis.evidence import Reason, Table, freeze, thaw
from natvakt_server.analysis.rules import RULES
from natvakt_server.domain.neighbours import host_part
from testkit.report import cases, device, evidence, whole_site


def test_frozen_evidence_thaws_to_the_same_verdicts_and_findings():
    what = whole_site()
    again = thaw(freeze(what))
    assert freeze(again) == freeze(what)
    judged, repeated = judge_all(RULES, what), judge_all(RULES, again)
    assert [j.row() for j in judged] == [j.row() for j in repeated]
    assert findings(judged, what) == findings(repeated, again)


@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c.rule}: {c.name}")
def test_each_scenario_survives_the_freezer(case):
    assert thaw(freeze(case.evidence)) == case.evidence


def test_the_order_of_columns_does_not_change_the_bytes():
    rows = [{"ifIndex": 1, "ifName": "Gi1"}, {"ifName": "Gi1", "ifIndex": 1}]
    frozen = {freeze(evidence(device(tables={"interface": Table("interface", (row,), 1)}))) for row in rows}
    assert len(frozen) == 1


def test_a_device_is_found_by_the_name_its_neighbours_tell():
    where = device("hq-core", tables={"device": Table("device", ({"sysName": "HQ-CORE.example.net"},), 1)})
    what = evidence(where)
    for told in ("hq-core", "HQ-Core.example.net", "hq-core(FNV2410X0A1)", " hq-core "):
        assert what.named(told) is where
    assert what.named("hq-cor") is None
    assert host_part("SW1.example.net") == "sw1"
    assert host_part("192.0.2.7") == "192.0.2.7"


def test_a_table_that_is_not_there_says_so():
    assert device().table("poe").missing is Reason.NOT_PROVIDED
