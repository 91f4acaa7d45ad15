"""No source is ever asked faster than it allows, whatever is asked, by however many, and however often the server is started."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.knowledge.asking.services import NVD_WITH_KEY, SERVICES
from natvakt_server.knowledge.asking.throttle import SECOND_NS, Limit, longest, wait_ns
from testkit.knowledge import cpe, nvd_record
from testkit.knowledge_sources import NVD_KEY

limits = st.lists(st.builds(Limit, st.integers(1, 8), st.integers(1, 90)), min_size=1, max_size=3)


def over(moments, limit):
    """Whether some window of that length holds more calls than are allowed."""
    pairs = zip(moments, moments[limit.calls :], strict=False)
    return any(later - earlier < limit.seconds * SECOND_NS for earlier, later in pairs)


@given(limits, st.lists(st.integers(0, 20 * SECOND_NS), max_size=60))
def test_no_window_ever_holds_more_calls_than_are_allowed(allowed, pauses):
    now, moments = 0, []
    for pause in pauses:
        now += pause
        wait = wait_ns(allowed, moments[::-1][: longest(allowed)[0]], now)
        assert 0 <= wait <= longest(allowed)[1]
        now += wait
        assert wait_ns(allowed, moments[::-1], now) == 0
        moments.append(now)
    assert not any(over(moments, limit) for limit in allowed)


def test_a_clock_that_was_set_back_waits_no_longer_than_the_window():
    assert wait_ns([Limit(1, 60)], [10**18], 0) == 60 * SECOND_NS


def test_openvuln_refuses_nothing_of_a_hundred_versions(centre):
    centre.versions = [("ios-xe", f"17.{minor}.{patch}") for minor in range(1, 11) for patch in range(1, 11)]
    report = centre.fetch("cisco-openvuln")
    assert (report.complete, report.asked, report.calls) == (True, 100, 101)
    assert centre.sources.refusals == 0
    assert 170 <= centre.waited < 200  # thirty a minute, the first thirty at once but for five a second


def test_a_day_s_worth_is_counted_over_restarts_and_the_rest_is_asked_the_next_day(centre):
    centre.versions = [("ios-xe", f"17.{minor}.{patch}") for minor in range(1, 4) for patch in range(1, 11)]
    few = replace(SERVICES["cisco-openvuln"], limits=(Limit(5, 1), Limit(20, 86_400)))
    first = centre.fetch("cisco-openvuln", few)
    assert (first.deferred, first.asked, first.left) == (True, 20, 10)
    centre.clock.move(3_600)
    assert centre.fetch("cisco-openvuln", few).asked == 0
    centre.days_later(1)
    assert centre.fetch("cisco-openvuln", replace(few, fresh_seconds=10**9)).asked == 10


def test_nvd_is_asked_five_times_in_thirty_seconds_and_fifty_times_with_a_key(centre):
    centre.versions = [("ios-xe", "17.3.4a")]
    centre.sources.nvd = {
        "cpe:2.3:o:cisco:ios_xe": [("1", nvd_record(f"CVE-2024-{n}", cpe("ios_xe", "17.3.4a"))) for n in range(10_000, 11_050)]
    }
    assert centre.fetch("nvd").complete
    assert centre.waited == 60.0  # eleven pages
    centre.clock.move(200 * 86_400)
    centre.secrets, centre.waited = type(centre.secrets)(nvd_key=NVD_KEY), 0.0
    assert centre.fetch("nvd", replace(SERVICES["nvd"], limits=NVD_WITH_KEY)).complete
    assert (centre.waited, centre.sources.refusals) == (0.0, 0)


def test_who_asked_faster_would_be_refused_and_is_patient_then(centre):
    centre.versions = [("ios-xe", f"17.3.{patch}") for patch in range(1, 11)]
    hasty = replace(SERVICES["cisco-openvuln"], limits=(Limit(1_000, 1),))
    report = centre.fetch("cisco-openvuln", hasty)
    assert centre.sources.refusals > 0
    assert (report.complete, report.asked) == (True, 10)
    assert centre.waited >= 60
