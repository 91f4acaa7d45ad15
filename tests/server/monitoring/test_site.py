"""One site, looked at as its data comes: what becomes an incident, and what is silent under it."""

from testkit.monitoring import MINUTE, NIGHT_NS, SECOND, WatchedSite, answer, cabled, polls

TREE = ("edge1", "core1", "acc1", "acc2", "acc3")
CABLES = (("edge1", "core1"), ("core1", "acc1"), ("core1", "acc2"), ("acc2", "acc3"))


def play(site: WatchedSite, names: tuple[str, ...], minutes: int, down: dict[str, tuple[int, int]]) -> None:
    """As it comes: every ten seconds a look at what was asked since."""
    waiting = polls(names, NIGHT_NS, minutes, down)
    for tick in range(minutes * 6 + 1):
        now_ns = NIGHT_NS + tick * 10 * SECOND
        here = [each for each in waiting if each.times_ns[0] <= now_ns]
        waiting = [each for each in waiting if each.times_ns[0] > now_ns]
        site.look(here, now_ns)


def test_a_device_that_stops_answering_is_one_incident_and_clears_when_it_answers_again() -> None:
    site = WatchedSite(cabled(TREE, CABLES))
    play(site, TREE, 20, {"acc1": (300, 720)})
    assert site.causes() == {("device-down", "acc1")}
    (incident,) = site.incidents.values()
    assert not incident.is_open
    assert [each.kind.value for each in site.occasions] == ["opened", "cleared"]


def test_a_core_switch_takes_everything_behind_it_along_and_is_the_only_alert() -> None:
    site = WatchedSite(cabled(TREE, CABLES))
    play(site, TREE, 20, dict.fromkeys(("core1", "acc1", "acc2", "acc3"), (300, 720)))
    assert site.opened() == [("device-down", "core1")]
    assert site.under("core1") == {"acc1", "acc2", "acc3"}


def test_one_missed_answer_is_nothing() -> None:
    site = WatchedSite(cabled(TREE, CABLES))
    play(site, TREE, 20, {"acc1": (300, 350)})
    assert site.incidents == {}


def test_promise_detection_within_a_minute_of_the_second_missed_answer() -> None:
    site = WatchedSite(cabled(TREE, CABLES))
    down = {"acc1": (300, 3000)}
    play(site, TREE, 30, down)
    misses = [each.times_ns[0] for each in polls(TREE, NIGHT_NS, 30, down) if each.agent_device == "agent-acc1" and not each.values[0]]
    (opened,) = site.occasions
    assert misses[1] - NIGHT_NS < 10 * MINUTE
    assert answer("acc1", misses[1], False).times_ns[0] <= misses[1]
    assert opened.cause == "device-down"
