"""One assessment from stores to the signed report: what is compared with what, which cycle it is, and that it can be repeated."""

from dataclasses import dataclass, field

import pytest
from natvakt_server.analysis.evidence import Table, thaw
from natvakt_server.analysis.rules import RULES
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.jobs.assessment import Assessor, NothingToAssess, frame_of, judge, no_outlook, planned_cycle
from natvakt_server.reports.marks import checked
from natvakt_server.reports.model import canonical, read
from natvakt_server.reports.signing import verify
from testkit.databases import counting_ids
from testkit.images import png
from testkit.report import assessed, device, evidence, signer
from testkit.scenario import AS_OF_NS

DAY_NS = 86_400_000_000_000


@dataclass
class Shelf:
    """Keeps assessments, the newest first."""

    kept: list = field(default_factory=list)

    def save(self, assessment):
        self.kept.insert(0, assessment)

    def load(self, tenant, assessment_id):
        return next((a for a in self.kept if (a.tenant, a.id) == (tenant, assessment_id)), None)

    def history(self, tenant, limit=50):
        return [a for a in self.kept if a.tenant == tenant][:limit]


@dataclass
class Estate:
    """One customer with two sites."""

    schedule: str | None = None

    def customer(self, tenant):
        return Customer("acme", "Acme AB", "sv", "Europe/Stockholm", self.schedule) if tenant == "acme" else None

    def sites(self, tenant):
        return [Site("acme", "branch", "Branch"), Site("acme", "hq", "HQ")]


@dataclass
class Maker:
    """Evidence of one switch whose PoE use the test sets."""

    watts: int = 700

    def freeze(self, tenant, sites, as_of_ns):
        rows = ({"group": "1", "budget_watts": 740, "consumption_watts": self.watts},)
        made = [device(site=site, tables={"poe": Table("poe", rows, as_of_ns)}) for site in sites]
        return evidence(*made, as_of_ns=as_of_ns)


@dataclass
class Clock:
    now_ns: int = AS_OF_NS

    def wall_ns(self):
        return self.now_ns


@pytest.fixture
def house():
    return Estate(), Maker(), Shelf(), Clock()


def assessor(house, **more):
    estate, maker, shelf, clock = house
    return Assessor(
        estate,
        maker,
        shelf,
        RULES,
        signer(),
        clock,
        counting_ids() if "new_id" not in more else more.pop("new_id"),
        "Norrsken Nät AB",
        **more,
    )


def run(made, sites=("hq",), **how):
    return read(made.run("acme", sites, lambda share, what: None, **how).document)


def test_an_assessment_is_stored_with_a_report_that_verifies(house):
    made = assessor(house).run("acme", ["hq"], lambda share, what: None)
    assert house[2].load("acme", made.id) is made
    result = verify(made.document, signer().public_key)
    assert (result.valid, result.trusted) == (True, True)
    assert made.counts["medium"] == 1
    assert made.scores == result.document.scores


def test_what_was_frozen_gives_the_same_report_to_the_byte(house):
    made = assessor(house).run("acme", ["hq"], lambda share, what: None)
    document = read(made.document)
    again = judge(made.inputs, RULES, frame_of(document, None), signer(), no_outlook)
    assert canonical(again) == made.document
    assert thaw(made.inputs).as_of_ns == AS_OF_NS


def test_progress_grows_to_the_end(house):
    told = []
    assessor(house).run("acme", [], lambda share, what: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_next_one_is_compared_with_the_newest_of_the_same_sites(house):
    made = assessor(house)
    first, other = run(made), run(made, ("branch",))
    house[1].watts = 100
    second = run(made)
    assert (first.previous, other.previous) == (None, None), "other sites are no comparison"
    assert (second.previous.id, second.cycle) == (first.id, 2)
    assert [f.state for f in second.since_last] == ["fixed"]


def test_no_site_named_means_all_of_the_customers(house):
    assert run(assessor(house), ()).sites == ("branch", "hq")


@pytest.mark.parametrize(
    ("tenant", "sites", "says"), [("globex", [], "globex.*customer add"), ("acme", ["attic"], "no site attic.*branch, hq")]
)
def test_what_is_not_there_cannot_be_assessed(house, tenant, sites, says):
    with pytest.raises(NothingToAssess, match=says):
        assessor(house).run(tenant, sites, lambda share, what: None)


def test_planned_assessments_count_their_place_in_the_year(house):
    house[0].schedule = "quarterly"
    made, places = assessor(house), []
    for _ in range(5):
        document = run(made, planned_ns=house[3].now_ns)
        places.append((document.planned_cycle, document.cycles))
        house[3].now_ns += 91 * DAY_NS
    assert places == [(1, 4), (2, 4), (3, 4), (4, 4), (1, 4)]


def test_what_was_asked_for_in_between_is_no_cycle_of_the_plan(house):
    house[0].schedule = "monthly"
    made = assessor(house)
    run(made, planned_ns=AS_OF_NS)
    extra = run(made)
    following = run(made, planned_ns=AS_OF_NS)
    assert (extra.planned_cycle, following.planned_cycle, following.cycle) == (None, 2, 3)


def test_without_a_schedule_there_is_no_plan():
    assert planned_cycle(None, None) is None
    assert planned_cycle(assessed(evidence(device())), "weekly") == 1


def test_the_marks_of_the_customer_go_into_its_report(house):
    mark = checked(png(40, 40), "x")
    document = run(assessor(house, marks=lambda tenant: {"customer": mark} if tenant == "acme" else {}))
    assert document.marks == {"customer": mark}


def test_only_a_planned_assessment_is_delivered_by_itself(house):
    delivered = []
    made = assessor(house, deliver=lambda assessment: delivered.append(assessment.id))
    run(made)
    assert delivered == []
    planned = run(made, planned_ns=AS_OF_NS)
    assert delivered == [planned.id]
