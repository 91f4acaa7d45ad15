"""Who explains whom beyond trees: rings, two uplinks, cables, signs on a device, and what happens when the cause is gone."""

from collections.abc import Iterable, Mapping, Sequence

from natvakt_server.domain.notification import Severity
from natvakt_server.domain.observation import Aspect, Observed
from testkit.monitoring import MINUTE, NIGHT_NS, SECOND, WatchedSite, answer, cabled, polls, ports

DOUBLE = ("core1", "core2", "acc1", "acc2")
DOUBLE_CABLES = (("core1", "core2"), ("core1", "acc1"), ("core2", "acc1"), ("core1", "acc2"), ("core2", "acc2"))
Down = Mapping[str, tuple[int, int]]


def play(names: Sequence[str], cables: Iterable[tuple[str, str]], minutes: int, down: Down, more: Iterable[Observed] = ()) -> WatchedSite:
    """As it comes, a look every ten seconds."""
    site, waiting = WatchedSite(cabled(names, cables)), [*polls(names, NIGHT_NS, minutes, down), *more]
    for tick in range(minutes * 6 + 1):
        now_ns = NIGHT_NS + tick * 10 * SECOND
        site.look([each for each in waiting if now_ns - 10 * SECOND < each.times_ns[0] <= now_ns], now_ns)
    return site


def watched_ports(device: str, minutes: int, down: Mapping[int, tuple[int, int]]) -> list[Observed]:
    """By port: minutes from and to which it is down."""
    return [
        ports(device, NIGHT_NS + minute * MINUTE + 30 * SECOND, [port for port, (since, until) in down.items() if since <= minute < until])
        for minute in range(minutes)
    ]


def load(device: str, minutes: range, share: float) -> list[Observed]:
    return [Observed(f"agent-{device}", Aspect.CPU, "1", [NIGHT_NS + minute * MINUTE + 20 * SECOND], [share]) for minute in minutes]


def test_with_two_uplinks_one_core_takes_nothing_along() -> None:
    site = play(DOUBLE, DOUBLE_CABLES, 15, {"core1": (300, 10**6)})
    assert site.opened() == [("device-down", "core1")]
    assert site.under("core1") == set()


def test_with_both_cores_gone_nobody_answers_and_the_most_central_is_named() -> None:
    site = play(DOUBLE, DOUBLE_CABLES, 15, dict.fromkeys(DOUBLE, (300, 10**6)))
    assert site.opened() == [("device-down", "core1")]
    assert site.under("core1") == {"core2", "acc1", "acc2"}


def test_two_falls_that_have_nothing_to_do_with_each_other_are_two() -> None:
    names, cables = ("core1", "acc1", "acc2", "acc3"), (("core1", "acc1"), ("core1", "acc2"), ("core1", "acc3"))
    site = play(names, cables, 15, {"acc1": (300, 10**6), "acc3": (330, 10**6)})
    assert sorted(site.opened()) == [("device-down", "acc1"), ("device-down", "acc3")]


def test_what_does_not_come_back_after_its_cause_is_an_incident_of_its_own() -> None:
    names, cables = ("core1", "dist1", "acc1", "acc2"), (("core1", "dist1"), ("dist1", "acc1"), ("dist1", "acc2"))
    site = play(names, cables, 25, {"dist1": (300, 600), "acc1": (300, 600), "acc2": (300, 10**6)})
    assert site.opened() == [("device-down", "dist1"), ("device-down", "acc2")]
    assert site.under("dist1") == {"acc1"}
    assert [each.device for each in site.open] == ["acc2"]


def test_a_cause_that_is_heard_of_late_joins_the_incidents_it_explains() -> None:
    names, cables = ("edge1", "core1", "acc1"), (("edge1", "core1"), ("core1", "acc1"))
    seen = polls(names, NIGHT_NS, 10, {"core1": (120, 10**6), "acc1": (120, 10**6)})
    site = WatchedSite(cabled(names, cables))
    early = [each for each in seen if each.agent_device != "agent-core1"]
    for minute in range(1, 11):
        now_ns = NIGHT_NS + minute * MINUTE
        site.look([each for each in early if now_ns - MINUTE < each.times_ns[0] <= now_ns], now_ns)
    assert site.opened() == [("device-down", "acc1")]
    site.look([each for each in seen if each.agent_device == "agent-core1"], NIGHT_NS + 10 * MINUTE + SECOND)
    joined = next(each for each in site.incidents.values() if each.device == "acc1")
    assert joined.merged
    assert [each.device for each in site.open] == ["core1"]
    assert site.under("core1") == {"acc1"}


def test_a_cable_that_is_cut_is_one_incident_though_both_ends_tell_it() -> None:
    cut = [*watched_ports("core1", 15, {1: (5, 99)}), *watched_ports("core2", 15, {1: (5, 99)})]
    site = play(DOUBLE, DOUBLE_CABLES, 15, {}, cut)
    assert site.opened() == [("interface-down", "core1")]
    assert site.open[0].severity is Severity.CRITICAL
    assert site.under("core1") == {"core2"}


def test_a_port_that_leads_to_a_device_that_fell_is_a_sign_of_that() -> None:
    site = play(DOUBLE, DOUBLE_CABLES, 15, {"acc1": (300, 10**6)}, watched_ports("core1", 15, {2: (5, 99)}))
    assert site.opened() == [("device-down", "acc1")]
    assert site.under("acc1") == {"core1"}


def test_a_port_that_leads_to_nobody_that_is_watched_may_be_down_all_day() -> None:
    site = play(DOUBLE, DOUBLE_CABLES, 15, {}, watched_ports("acc1", 15, {40: (3, 99), 41: (0, 99)}))
    assert site.incidents == {}


def test_load_is_an_incident_and_belongs_to_the_fall_of_its_device_that_follows() -> None:
    site = play(DOUBLE, DOUBLE_CABLES, 20, {}, load("acc1", range(1, 20), 0.97))
    assert site.opened() == [("cpu-high", "acc1")]
    site = play(DOUBLE, DOUBLE_CABLES, 20, {"acc1": (300, 10**6)}, load("acc1", range(1, 20), 0.97))
    assert site.opened() == [("device-down", "acc1")]


def test_a_device_that_answers_pings_but_not_snmp_is_a_warning() -> None:
    silent = [answer("acc1", NIGHT_NS + minute * MINUTE + 40 * SECOND, minute < 3, "snmp") for minute in range(15)]
    site = play(DOUBLE, DOUBLE_CABLES, 15, {}, silent)
    assert site.opened() == [("snmp-silent", "acc1")]
    assert site.open[0].severity is Severity.WARNING


def test_half_a_site_that_falls_at_once_is_one_incident_and_one_message() -> None:
    """Also where nobody knows their cables."""
    names = ("core1", *(f"acc{number}" for number in range(300)))
    site = WatchedSite(cabled(names, ()))
    for minute in range(5):
        at_ns = NIGHT_NS + minute * MINUTE
        site.look(
            [answer(name, at_ns + place * 10**6, minute < 1 or name == "core1") for place, name in enumerate(names)], at_ns + 50 * SECOND
        )
    assert len(site.occasions) == 1
    assert len(site.open) == 1
    assert len(site.members[site.open[0].id]) == 299


def test_a_device_that_is_gone_from_the_estate_leaves_no_incident_behind() -> None:
    names = ("core1", "acc1")
    site = play(names, (("core1", "acc1"),), 10, {"acc1": (120, 10**6)})
    assert len(site.open) == 1
    site.network = cabled(("core1",), ())
    site.look((), site.now_ns + MINUTE)
    assert site.open == []
