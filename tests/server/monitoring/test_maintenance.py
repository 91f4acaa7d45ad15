"""Maintenance: once, every week by the wall clock, through changes to and from summer time, and what cannot be planned."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from natvakt_server.domain.incidents import DAY_NS, Maintenance, NotPlannable
from natvakt_server.monitoring.maintenance import checked, covering, covers
from testkit.monitoring import HOUR, MINUTE, NIGHT_NS, WatchedSite, cabled, polls

ZONE = "Europe/Stockholm"
ONCE = Maintenance("m1", "acme", "hq", "", NIGHT_NS, NIGHT_NS + 2 * HOUR, "byte", "olga", NIGHT_NS)
YEAR = replace(ONCE, start_ns=0, end_ns=2**62, weekdays=(6,), start_minute=150, minutes=60, time_zone=ZONE)


def at(text: str, zone: str = ZONE, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("site", "device", "minutes", "is_covered"),
    [
        ("hq", "d1", 0, True),
        ("hq", "", 119, True),
        ("hq", "d1", 120, False),  # the end is not in it
        ("hq", "d1", -1, False),
        ("branch", "d1", 10, False),
    ],
)
def test_once(site: str, device: str, minutes: int, is_covered: bool) -> None:
    assert covers(ONCE, site, device, NIGHT_NS + minutes * MINUTE) is is_covered


def test_of_one_device_it_covers_neither_its_site_nor_others() -> None:
    planned = replace(ONCE, device="d1")
    assert covers(planned, "hq", "d1", NIGHT_NS)
    assert not covers(planned, "hq", "d2", NIGHT_NS)
    assert not covers(planned, "hq", "", NIGHT_NS)


def test_what_somebody_ended_covers_nothing_from_then_on() -> None:
    planned = replace(ONCE, ended_ns=NIGHT_NS + HOUR)
    assert covers(planned, "hq", "", NIGHT_NS + HOUR - 1)
    assert covering([planned], "hq", "", NIGHT_NS + HOUR) is None


@pytest.mark.parametrize(
    ("moment", "is_covered"),
    [
        ("2026-11-22T02:29", False),
        ("2026-11-22T02:30", True),
        ("2026-11-22T03:29", True),
        ("2026-11-22T03:30", False),
        ("2026-11-23T02:45", False),  # a Monday
        ("2026-03-29T01:59", False),  # the night that leaves out 02:00 to 03:00: it begins with the hour after
        ("2026-03-29T03:30", True),
        ("2026-03-29T04:29", True),
        ("2026-03-29T04:30", False),
    ],
)
def test_every_sunday_by_the_wall_clock(moment: str, is_covered: bool) -> None:
    assert covers(YEAR, "hq", "d1", at(moment)) is is_covered


def test_the_night_with_an_hour_twice_has_one_window_of_its_length() -> None:
    start_ns = at("2026-10-25T02:30")
    covered = [minute for minute in range(-120, 240) if covers(YEAR, "hq", "d1", start_ns + minute * MINUTE)]
    assert covered == list(range(60))


def test_a_window_over_midnight_belongs_to_the_day_it_begins() -> None:
    planned = replace(YEAR, start_minute=23 * 60, minutes=180)
    assert covers(planned, "hq", "d1", at("2026-11-23T01:59"))
    assert not covers(planned, "hq", "d1", at("2026-11-22T01:00"))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"reason": " "}, "no-reason"),
        ({"reason": "x" * 501}, "no-reason"),
        ({"owner": ""}, "no-owner"),
        ({"end_ns": NIGHT_NS}, "ends-early"),
        ({"start_ns": NIGHT_NS - 9 * HOUR, "end_ns": NIGHT_NS - HOUR}, "over"),
        ({"end_ns": NIGHT_NS + 32 * DAY_NS}, "too-long"),
        ({"weekdays": (1,), "minutes": 60, "time_zone": "Mars/Olympus"}, "zone-unknown"),
        ({"weekdays": (7,), "minutes": 60}, "weekdays"),
        ({"weekdays": (1,), "minutes": 0}, "hours"),
        ({"weekdays": (1,), "minutes": 60, "start_minute": 1440}, "hours"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_word(changes: dict, word: str) -> None:
    with pytest.raises(NotPlannable) as refused:
        checked(replace(ONCE, **changes), NIGHT_NS)
    assert refused.value.word == word


def test_what_goes_wrong_in_it_wakes_nobody_and_what_is_still_wrong_at_its_end_does() -> None:
    names = ("core1", "acc1", "acc2")
    site = WatchedSite(cabled(names, (("core1", "acc1"), ("core1", "acc2"))))
    site.maintenances = [replace(ONCE, start_ns=NIGHT_NS, end_ns=NIGHT_NS + 20 * MINUTE)]
    waiting = polls(names, NIGHT_NS, 40, {"acc1": (300, 600), "acc2": (300, 10**6)})
    for minute in range(1, 41):
        now_ns = NIGHT_NS + minute * MINUTE
        site.look([each for each in waiting if now_ns - MINUTE < each.times_ns[0] <= now_ns], now_ns)
        if minute == 19:
            assert site.occasions == []
            assert {each.maintenance for each in site.incidents.values()} == {"m1"}
    assert site.opened() == [("device-down", "acc2")]
    assert site.open[0].maintenance == ""
