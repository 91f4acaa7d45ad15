"""The action plan as text and CSV."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.reports.plan_export import CSV_COLUMNS, plan_csv, plan_text, safe
from testkit.report import assessed, device, evidence, finding, told, whole_report


@pytest.fixture(scope="module")
def whole():
    return whole_report()


def rows(document):
    return list(csv.DictReader(io.StringIO(plan_csv(document, "sv").decode("utf-8-sig"), newline="")))


def test_the_csv_has_a_line_for_each_device_of_each_action(whole):
    made = rows(whole)
    assert len(made) == sum(len(a.table) for a in whole.actions)
    assert tuple(made[0]) == CSV_COLUMNS
    assert sum(int(row["minutes"]) for row in made) == whole.cost.minutes


@pytest.mark.parametrize(("language", "says"), [("sv", "Väg tillbaka"), ("en", "Way back")])
def test_the_text_names_every_action_in_order_with_its_way_back(whole, language, says):
    text = plan_text(whole, language).decode()
    places = [text.index(f"\n{n}. {a.title[language]}") for n, a in enumerate(whole.actions, 1)]
    assert places == sorted(places)
    assert text.count(says) == len(whole.actions)


def test_commands_and_rollback_stand_line_by_line():
    document = told(evidence(device()), [finding("security.snmp.default", device(), remediation=("no snmp-server community public",))])
    text = plan_text(document, "en").decode()
    assert "     no snmp-server community public\n" in text
    assert "     snmp-server community public\n" in text


def test_nothing_to_do_says_so():
    assert "There is nothing to do" in plan_text(assessed(evidence(device())), "en").decode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_begins_as_a_formula(text):
    assert safe(text) == f"'{text}"
    assert safe("a=1") == "a=1"
    assert safe(7) == 7


@given(name=st.text(max_size=40))
@settings(max_examples=20, deadline=None)
def test_names_of_devices_break_neither(name):
    where = device(name, site=name)
    document = told(evidence(where), [finding("core.link.duplex", where)])
    (row,) = rows(document)
    assert row["device"].lstrip("'") == name.lstrip("'")
    assert all(line.isprintable() for line in plan_text(document, "sv").decode().split("\n"))
