"""The running server asks each configured source once in its interval, one at a time, and stops between two calls."""

import pytest
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.jobs.knowledge_fetch import Fetch
from natvakt_server.jobs.knowledge_rounds import LOOK_SECONDS, KnowledgeRounds, RoundParts, next_ns
from natvakt_server.knowledge.asking.ports import SourceState
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.asking.sources import MAKERS
from testkit.knowledge_sources import fault

DAY = 86_400.0
SECOND = 1_000_000_000


def rounds(centre, *names, inventory=None):
    def fetch(name):
        return Fetch(MAKERS[name](), SERVICES[name], centre.parts())

    return KnowledgeRounds(RoundParts(names, DAY, centre.asked, inventory or centre.inventory, fetch, centre.clock))


def run_for(made, centre, seconds):
    end = centre.clock.now_ns + int(seconds * SECOND)
    while centre.clock.now_ns < end:
        centre.clock.move(max(made.step(), 0.001))


def test_each_source_is_asked_once_a_day_in_the_order_given(centre):
    made = rounds(centre, "cisa-kev", "cisco-openvuln")
    centre.versions = [("ios-xe", "17.3.4a")]
    run_for(made, centre, 2 * DAY - 600)
    hosts = [request.host for request in centre.sources.requests]
    assert hosts == ["www.cisa.gov", "id.cisco.com", "apix.cisco.com"] * 2


def test_what_failed_is_tried_again_after_an_hour(centre):
    made = rounds(centre, "cisa-kev")
    centre.sources.faults = [fault(400)]
    run_for(made, centre, 3500)
    assert len(centre.sources.requests) == 1
    run_for(made, centre, 200)
    assert len(centre.sources.requests) == 2
    assert centre.facts("exploited")


def test_patience_that_a_source_asked_for_is_kept(centre):
    assert next_ns(None, DAY) == 0
    assert next_ns(SourceState("nvd", tried_ns=SECOND), DAY) == SECOND + 3_600 * SECOND
    assert (
        next_ns(SourceState("nvd", tried_ns=SECOND, succeeded_ns=SECOND, left=1, error="1 not answered"), DAY) == SECOND + 86_400 * SECOND
    )
    assert next_ns(SourceState("nvd", tried_ns=SECOND, left=3, not_before_ns=10**15), DAY) == 10**15


def test_between_two_calls_a_step_returns(centre):
    centre.versions = [("ios-xe", f"17.3.{n}") for n in range(1, 10)]
    made = rounds(centre, "cisco-openvuln")
    assert 0 < made.step() <= 1.0  # five a second
    assert len(centre.sources.requests) == 6


@pytest.mark.parametrize("error", [StoreUnavailable("away"), ValueError("a mistake")])
def test_a_run_that_breaks_holds_up_nothing(centre, error):
    def broken():
        raise error

    assert rounds(centre, "cisa-kev", inventory=broken).step() == LOOK_SECONDS


def test_a_source_that_another_process_asks_is_looked_at_now_and_then_and_the_others_are_asked(centre):
    centre.asked.take_turn("cisa-kev", "another", centre.clock.now_ns, centre.clock.now_ns + 600 * SECOND)
    centre.cves = ["CVE-2024-10001"]
    made = rounds(centre, "cisa-kev", "first-epss")
    steps = [made.step() for _ in range(4)]
    assert steps == [0.0, 0.0, LOOK_SECONDS, LOOK_SECONDS]
    assert [request.host for request in centre.sources.requests] == ["api.first.org"]
    run_for(made, centre, 700)
    assert centre.facts("exploited")


def test_a_run_that_is_broken_off_lets_others_ask(centre):
    centre.versions = [("ios-xe", f"17.3.{n}") for n in range(1, 10)]
    run = centre.start("cisco-openvuln")
    next(run)
    run.close()
    state = centre.asked.states()["cisco-openvuln"]
    assert (state.asked, state.left, state.succeeded_ns) == (5, 4, 0)
    centre.holder = "another"
    assert centre.fetch("cisco-openvuln").due == 4
