"""A night made by hand: 40 sites lose their WAN, one core switch falls, access ports flap, and the data of the lost hour comes late.

Everybody who is woken is woken for a cause: exactly these incidents, exactly these messages, and none for what stands behind a cause.
"""

from collections import Counter
from random import Random

from natvakt_server.domain.incidents import Cause, Why
from natvakt_server.domain.notification import Kind
from natvakt_server.domain.observation import Observed
from testkit.monitoring import MINUTE, NIGHT_NS, WatchedSite, answer, cabled, ports

MINUTES, LOST_FROM, LOST_UNTIL, LATE_MINUTES = 50, 8, 22, 4
NAMES = ("edge1", "core1", "acc1", "acc2")
CABLES = (("edge1", "core1"), ("core1", "acc1"), ("core1", "acc2"))
Down = dict[str, tuple[int, int]]


def minute_of(minute: int, down: Down) -> list[Observed]:
    """What the agent asks in one minute of the night, each device at its own second."""
    return [
        answer(name, NIGHT_NS + minute * MINUTE + 7 * place * 10**9, not down.get(name, (0, 0))[0] <= minute < down.get(name, (0, 0))[1])
        for place, name in enumerate(NAMES)
    ]


def after(minute: int) -> int:
    return NIGHT_NS + minute * MINUTE + 50 * 10**9


def lost(number: int, down: Down) -> WatchedSite:
    """A site whose WAN is away; afterwards what was saved up comes in disorder beside what is live."""
    site = WatchedSite(cabled(NAMES, CABLES), f"s{number:02d}")
    saved = [each for minute in range(LOST_FROM, LOST_UNTIL) for each in minute_of(minute, down)]
    Random(number).shuffle(saved)
    share = -(-len(saved) // LATE_MINUTES)
    for minute in range(MINUTES):
        if LOST_FROM <= minute < LOST_UNTIL:
            site.look((), after(minute), is_heard=False)
            continue
        late = saved[(minute - LOST_UNTIL) * share : (minute - LOST_UNTIL + 1) * share] if minute >= LOST_UNTIL else []
        site.look([*minute_of(minute, down), *late], after(minute))
    return site


def live(name: str, down: Down, flapping: bool = False) -> WatchedSite:
    site = WatchedSite(cabled(NAMES, CABLES), name)
    for minute in range(MINUTES):
        seen = minute_of(minute, down)
        if flapping:
            bad = [7] if 10 <= minute < 30 and minute % 4 == 0 else []
            once = [9] if 20 <= minute < 26 else []
            seen.append(ports("acc1", NIGHT_NS + minute * MINUTE, [*bad, *once, 11]))
        site.look(seen, after(minute))
    return site


def messages(site: WatchedSite) -> list[tuple[str, str, str]]:
    return [(each.kind.value, each.cause, each.devices[0]) for each in site.occasions]


def test_the_night_wakes_people_for_causes_only() -> None:
    dead_since_the_loss: Down = {"acc2": (15, 10**6)}
    back_before_the_end: Down = {"acc1": (10, 18)}
    sites = [lost(number, {}) for number in range(1, 39)]
    sites += [lost(39, back_before_the_end), lost(40, dead_since_the_loss)]
    core = live("core", dict.fromkeys(("core1", "acc1", "acc2"), (12, 25)))
    flapping = live("flap", {}, flapping=True)
    night = [*sites, core, flapping]

    assert Counter(cause for site in night for cause, _ in site.causes()) == {"site-down": 40, "device-down": 2, "interface-flapping": 1}
    for site in sites[:39]:
        assert messages(site) == [("opened", "site-down", site.site), ("cleared", "site-down", site.site)]
    assert messages(sites[39]) == [*messages_of_loss("s40"), ("opened", "device-down", "acc2")]
    assert messages(core) == [("opened", "device-down", "core1"), ("cleared", "device-down", "core1")]
    assert messages(flapping) == [("opened", "interface-flapping", "acc1"), ("cleared", "interface-flapping", "acc1")]
    assert core.under("core1") == {"acc1", "acc2"}
    assert not any(each.late for site in night for each in site.incidents.values())


def messages_of_loss(name: str) -> list[tuple[str, str, str]]:
    return [("opened", "site-down", name), ("cleared", "site-down", name)]


def test_what_the_late_data_tells_of_the_lost_time_is_listed_under_the_loss() -> None:
    site = lost(1, {"acc1": (10, 18)})
    (incident,) = site.incidents.values()
    assert incident.cause is Cause.SITE_DOWN
    found = [each for each in site.members["s01-1"] if each.cause]
    assert [(each.name, each.cause, each.why) for each in found] == [("acc1", "device-down", Why.DURING)]
    assert found[0].since_ns - NIGHT_NS == 10 * MINUTE + 14 * 10**9
    assert found[0].until_ns - NIGHT_NS == 18 * MINUTE + 14 * 10**9


def test_every_device_of_a_lost_site_is_listed_as_not_observed_until_it_was_seen_again() -> None:
    site = lost(1, {})
    unseen = [each for each in site.members["s01-1"] if each.why is Why.NOT_OBSERVED]
    assert {each.name for each in unseen} == set(NAMES)
    assert all(each.until_ns >= NIGHT_NS + LOST_UNTIL * MINUTE for each in unseen)


def test_an_incident_of_before_stays_one_when_its_site_falls_silent() -> None:
    site = lost(1, {"acc2": (3, 10**6)})
    assert [each for each in messages(site) if each[0] == Kind.OPENED.value] == [
        ("opened", "device-down", "acc2"),
        ("opened", "site-down", "s01"),
    ]
    assert [(each.cause, each.device) for each in site.open] == [(Cause.DEVICE_DOWN, "acc2")]
