"""No child's alert escapes its parent, whatever the order of arrival; and the same data ends in the same incidents however it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.domain.observation import Observed
from testkit.monitoring import MINUTE, NIGHT_NS, SECOND, WatchedSite, cabled, polls

MINUTES = 30


@dataclass(frozen=True)
class Plan:
    """A tree of devices under a root, one device that falls with everything behind it, and when it comes back."""

    names: tuple[str, ...]
    parents: dict[str, str]
    fallen: str
    since: int
    until: int
    phases: dict[str, int]

    @property
    def cables(self) -> list[tuple[str, str]]:
        return [(parent, name) for name, parent in self.parents.items()]

    def behind(self, name: str) -> set[str]:
        below = {child for child, parent in self.parents.items() if parent == name}
        return {name}.union(*(self.behind(child) for child in below)) if below else {name}

    @property
    def down(self) -> dict[str, tuple[int, int]]:
        return dict.fromkeys(self.behind(self.fallen), (self.since, self.until))

    def observations(self) -> list[Observed]:
        return polls(self.names, NIGHT_NS, MINUTES, self.down, self.phases)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(3, 9))
    names = ("edge1", "core1", *(f"acc{number}" for number in range(1, count)))
    parents = {"core1": "edge1"}
    for place, name in enumerate(names[2:], start=2):
        parents[name] = names[draw(st.integers(1, place - 1))]
    fallen = draw(st.sampled_from(names[1:]))
    since = draw(st.integers(180, 600))
    until = draw(st.one_of(st.just(10**6), st.integers(since + 180, since + 900)))
    phases = {name: draw(st.integers(0, 55)) for name in names}
    return Plan(names, parents, fallen, since, until, phases)


def live(plan: Plan) -> WatchedSite:
    """As it comes: a look every ten seconds."""
    site, waiting = WatchedSite(cabled(plan.names, plan.cables)), plan.observations()
    for tick in range(MINUTES * 6 + 7):
        now_ns = NIGHT_NS + tick * 10 * SECOND
        site.look([each for each in waiting if now_ns - 10 * SECOND < each.times_ns[0] <= now_ns], now_ns)
    return site


def in_pieces(plan: Plan, order: Sequence[Observed], size: int) -> WatchedSite:
    """After the night, in any order and in pieces of any size, a look after each."""
    site = WatchedSite(cabled(plan.names, plan.cables))
    now_ns = NIGHT_NS + (MINUTES + 1) * MINUTE
    for place in range(0, len(order), size):
        site.look(order[place : place + size], now_ns)
    for _ in range(8):
        now_ns += 20 * SECOND
        site.look((), now_ns)
    return site


@settings(max_examples=8, deadline=None)
@given(plans())
def test_live_only_the_cause_alerts_and_everything_behind_it_is_listed_under_it(plan: Plan) -> None:
    site = live(plan)
    assert site.opened() == [("device-down", plan.fallen)]
    assert site.under(plan.fallen) == plan.behind(plan.fallen) - {plan.fallen}


@settings(max_examples=8, deadline=None)
@given(plans(), st.integers(0, 2**32), st.integers(1, 60))
def test_whatever_the_order_of_arrival_no_child_stands_beside_its_parent(plan: Plan, seed: int, size: int) -> None:
    order = plan.observations()
    Random(seed).shuffle(order)
    site = in_pieces(plan, order, size)
    assert site.causes() == {("device-down", plan.fallen)}
    assert site.under(plan.fallen) == plan.behind(plan.fallen) - {plan.fallen}


@settings(max_examples=8, deadline=None)
@given(plans(), st.integers(0, 2**32))
def test_data_that_comes_twice_changes_nothing(plan: Plan, seed: int) -> None:
    order = plan.observations()
    twice = [*order, *order]
    Random(seed).shuffle(twice)
    site = in_pieces(plan, twice, 40)
    assert site.causes() == {("device-down", plan.fallen)}


@settings(max_examples=8, deadline=None)
@given(plans(), st.integers(0, 2**32), st.integers(1, 60))
def test_late_or_not_incidents_begin_and_end_at_the_same_moments(plan: Plan, seed: int, size: int) -> None:
    order = plan.observations()
    Random(seed).shuffle(order)
    late, in_time = in_pieces(plan, order, size), live(plan)

    def times(site: WatchedSite) -> set[tuple[str, int, int]]:
        return {(each.device, each.started_ns, each.cleared_ns) for each in site.incidents.values() if not each.merged}

    assert times(late) == times(in_time)
