"""Kindness: a device that polling costs too much is asked less often, and again as planned when it is well."""

from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.scheduler.budget import CALM_POLLS, MOST_SLOWDOWN, Budget, Budgets, Spent

MINUTE = 60_000_000_000
CHEAP = {"requests": 20, "octets": 20_000, "seconds": 0.2}


class Device:
    """One device that is polled once a minute."""

    def __init__(self) -> None:
        self.budgets = Budgets(Budget(requests_per_minute=100, octets_per_minute=100_000, time_share=0.1, busy_cpu_ratio=0.9))
        self.now = 0
        self.poll()

    def poll(self, cpu_ratio: float | None = None, **cost: float):
        self.now += MINUTE
        figures = CHEAP | cost
        return self.budgets.charge("d1", Spent(self.now, int(figures["requests"]), int(figures["octets"]), figures["seconds"], cpu_ratio))


def test_a_device_within_its_budget_is_asked_as_planned() -> None:
    assert {Device().poll().slowdown for _ in range(10)} == {1}


def test_each_respect_of_the_budget_slows_the_polling_and_says_so() -> None:
    for cost, word in (
        ({"requests": 101}, "101 requests"),
        ({"octets": 100_001}, "100001 octets"),
        ({"seconds": 6.1}, "10% of its time"),
        ({"cpu_ratio": 0.93}, "CPU at 93%"),
    ):
        verdict = Device().poll(**cost)
        assert verdict.slowdown == 2, cost
        assert word in (verdict.reason or "")


def test_it_is_slowed_to_an_eighth_at_most_and_hurried_again_step_by_step_when_calm() -> None:
    device = Device()
    assert [device.poll(requests=500).slowdown for _ in range(5)] == [2, 4, 8, MOST_SLOWDOWN, MOST_SLOWDOWN]
    calm = [device.poll().slowdown for _ in range(3 * CALM_POLLS)]
    assert calm == [8, 8, 4, 4, 4, 2, 2, 2, 1]
    assert device.poll().reason is None


def test_just_below_the_budget_nothing_is_hurried() -> None:
    device = Device()
    device.poll(requests=150)
    assert {device.poll(requests=90).slowdown for _ in range(20)} == {2}


def test_the_first_poll_that_learns_a_device_is_free() -> None:
    assert Budgets(Budget(requests_per_minute=1)).charge("new", Spent(0, 500, 0, 20.0)).slowdown == 1


def test_the_share_of_its_time_is_told() -> None:
    assert Device().poll(seconds=3.0).share == 0.05


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**9), st.floats(0, 60), st.one_of(st.none(), st.floats(0, 1))), max_size=40)
)
def test_whatever_it_costs_the_slowdown_is_a_step_between_one_and_eight(costs) -> None:
    device = Device()
    for requests, octets, seconds, ratio in costs:
        assert device.poll(ratio, requests=requests, octets=octets, seconds=seconds).slowdown in (1, 2, 4, 8)
