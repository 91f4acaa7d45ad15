"""What the frozen knowledge says of the devices: milestones, recommended releases, budget; and nothing made up where it is silent."""

from datetime import UTC, datetime

import msgspec
import pytest
from natvakt_server.knowledge.facts import Suggestion
from natvakt_server.knowledge.known import Known, ToldSuggestion
from natvakt_server.knowledge.lifecycle import Product
from natvakt_server.knowledge.ports import SourceSummary
from natvakt_server.reports.outlook import budget, outlook
from natvakt_server.reports.outlook_model import ModelLife
from testkit.report import assessed, device, evidence

MODEL = "C9200L-48P-4X"
SOURCES = (SourceSummary("eox", "lifecycle", 812, "2026-11-01"),)
PRODUCT = Product(MODEL, True, {"last_date_of_support": "2027-10-31"}, "C9300L-48P-4X", source="eox", as_of="2026-11-01")
TODAY = datetime(2026, 11, 18, tzinfo=UTC)


def knowing(**known):
    switches = evidence(device(), device("hq-acc2"), device("hq-old", model="WS-C2960X"))
    return msgspec.structs.replace(switches, knowledge=Known(**{"sources": SOURCES, **known}))


def test_without_knowledge_there_is_no_outlook():
    assert outlook(evidence(device())) is None


def test_models_are_counted_with_their_milestones_and_the_unlisted_ones_named():
    told = outlook(knowing(products={MODEL: PRODUCT, "WS-C2960X": Product("WS-C2960X", False)}))
    assert told.models == (ModelLife(MODEL, 2, {"last_date_of_support": "2027-10-31"}, "C9300L-48P-4X", "eox", "2026-11-01"),)
    assert told.unlisted == ("WS-C2960X",)


def test_what_loses_its_support_within_24_months_is_in_the_budget_without_a_made_up_price():
    (line,) = outlook(knowing(products={MODEL: PRODUCT})).budget
    assert (line.due, line.count, line.minutes, line.price) == ("2027-10-31", 2, 360, None)


@pytest.mark.parametrize(("last", "there"), [("2028-11-18", True), ("2028-11-19", False), ("2020-01-01", True)])
def test_the_budget_looks_24_months_ahead_and_forgets_nothing_that_has_passed(last, there):
    assert bool(budget((ModelLife("x", 1, {"last_date_of_support": last}),), TODAY)) is there


def test_recommended_releases_stand_beside_what_runs_for_the_same_system_alone():
    told = ToldSuggestion(Suggestion(MODEL, "ios-xe", ("17.12.4",)), "suggestion", "2026-11-01")
    stands = {s.model: s.recommended for s in outlook(knowing(suggestions={MODEL: told})).software}
    assert stands == {MODEL: ("17.12.4",), "WS-C2960X": ()}
    other = msgspec.structs.replace(told, suggestion=Suggestion(MODEL, "nx-os", ("10.3",)))
    assert all(not s.recommended for s in outlook(knowing(suggestions={MODEL: other})).software)


def test_the_report_counts_what_must_be_replaced():
    what = knowing(products={MODEL: PRODUCT})
    document = assessed(what, outlook=outlook(what))
    assert (document.cost.units, document.cost.hardware) == (2, None)
    assert document.knowledge == {"sources": 1, "facts": 812, "as_of": "2026-11-01", "oldest": "2026-11-01"}
    assert [d.last_support for d in document.inventory] == ["2027-10-31", "2027-10-31", None]
