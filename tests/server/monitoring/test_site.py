"""One site, looked at as its data comes: what becomes an incident, and what is silent under it."""

from testkit.monitoring import MINUTE, NIGHT_NS, SECOND, WatchedSite, cabled, polls

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


def test_a_dead_device_is_known_within_a_minute_of_its_second_missed_answer() -> None:
    """Also where another device, that might explain it, is asked at the worst moment of the minute."""
    for second in range(0, 60, 6):
        site = WatchedSite(cabled(TREE, CABLES))
        phases = {**dict.fromkeys(TREE, 3), "core1": second, "acc1": 20}
        waiting = polls(TREE, NIGHT_NS, 12, {"acc1": (300, 10**6)}, phases)
        misses = [each.times_ns[0] for each in waiting if each.agent_device == "agent-acc1" and not each.values[0]]
        now_ns = NIGHT_NS
        while not site.occasions and now_ns < NIGHT_NS + 12 * MINUTE:
            now_ns += 10 * SECOND
            site.look([each for each in waiting if now_ns - 10 * SECOND < each.times_ns[0] <= now_ns], now_ns)
        assert site.opened() == [("device-down", "acc1")]
        assert now_ns - misses[1] <= MINUTE
