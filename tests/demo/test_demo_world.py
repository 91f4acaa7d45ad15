"""The world is a pure function of time: same time same answer, counters never step back, the week has its rhythm."""

from collections.abc import Mapping

import pytest
from demo.ber import COUNTER32, COUNTER64
from demo.device import SimulatedDevice
from demo.load import WEEK_NS, LoadCurve, office, server, steady
from demo.site import build_devices
from demo.world import DAY_NS, HOUR_NS, MINUTE_NS, World, share_since, steps, wobble
from hypothesis import given, settings
from hypothesis import strategies as st
from testkit.demo_site import EPOCH_NS, Answers

CURVES = {
    "office": LoadCurve(office, "test", 0.3),
    "server": LoadCurve(server, "test", 0.2),
    "steady": LoadCurve(steady, "test", 0.0),
}
NAMES = ("hq-core", "hq-rtr", "hq-fw", "hq-wlc", "hq-acc1", "hq-acc2", "hq-acc3", "hq-sb", "hq-cucm", "hq-lin", "hq-win", "br-rtr", "br-sw")
instants = st.integers(EPOCH_NS - 31 * DAY_NS, EPOCH_NS + 2 * DAY_NS)


@given(st.sampled_from(sorted(CURVES)), instants, st.integers(0, WEEK_NS))
def test_the_integral_of_a_load_curve_never_decreases(name: str, start: int, later: int) -> None:
    curve = CURVES[name]
    assert curve.busy_microseconds(start + later) >= curve.busy_microseconds(start)


@given(st.sampled_from(sorted(CURVES)), instants)
def test_a_week_of_any_curve_holds_the_mean_load(name: str, start: int) -> None:
    curve = CURVES[name]
    grown = curve.busy_microseconds(start + WEEK_NS) - curve.busy_microseconds(start)
    assert grown == pytest.approx(WEEK_NS / 1000, rel=1e-4)


def test_office_load_follows_the_working_week() -> None:
    curve = LoadCurve(office, "test", 0.0)
    wednesday_ten = EPOCH_NS // DAY_NS * DAY_NS + 9 * HOUR_NS
    night, sunday = wednesday_ten - 8 * HOUR_NS, wednesday_ten - 3 * DAY_NS
    assert curve.level(wednesday_ten) > 8 * curve.level(night)
    assert curve.level(wednesday_ten) > 8 * curve.level(sunday)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(NAMES), instants, st.integers(1, 30 * DAY_NS))
def test_counter64_never_decreases(name: str, start: int, later: int) -> None:
    earlier = dict(Answers.of(SITE[name], start).counters(COUNTER64))
    for oid, value in Answers.of(SITE[name], start + later).counters(COUNTER64):
        if oid[:9] == (1, 3, 6, 1, 2, 1, 31, 1, 1):  # pool and flash sizes are gauges with 64 bits
            assert value >= earlier[oid], oid


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(NAMES), instants, st.integers(1, MINUTE_NS))
def test_counter32_only_wraps(name: str, start: int, later: int) -> None:
    earlier = dict(Answers.of(SITE[name], start).counters(COUNTER32))
    for oid, value in Answers.of(SITE[name], start + later).counters(COUNTER32):
        assert (value - earlier[oid]) % 2**32 < 2**31, oid


def test_the_same_epoch_gives_the_same_answers(site: Mapping[str, SimulatedDevice]) -> None:
    again = build_devices(EPOCH_NS)
    moment = EPOCH_NS - 5 * DAY_NS - 1
    assert all(Answers.of(site[name], moment).elements == Answers.of(again[name], moment).elements for name in site)


def test_octets_of_a_trunk_at_64_and_32_bits_agree(site: Mapping[str, SimulatedDevice]) -> None:
    core = Answers.of(site["hq-core"])
    index = site["hq-core"].interface("Te1/1/1").index
    assert core.number(f"1.3.6.1.2.1.31.1.1.1.6.{index}") % 2**32 == core.number(f"1.3.6.1.2.1.2.2.1.10.{index}")


@given(st.integers(0, 100), instants, st.integers(0, 50))
def test_wobble_stays_in_its_spread_and_stands_for_a_minute(seed: int, instant: int, spread: int) -> None:
    minute = instant // MINUTE_NS * MINUTE_NS
    assert 0 <= wobble(seed, instant, spread) <= spread
    assert wobble(seed, instant, spread) == wobble(seed, minute, spread)


def test_a_share_counts_from_its_start_only() -> None:
    errors = share_since(lambda now_ns: now_ns, 1_000_000, 300)
    assert [errors(now) for now in (0, 1_000_000, 2_000_000, 11_000_000)] == [0, 0, 300, 3_000]


def test_steps_count_what_has_happened() -> None:
    assert [steps(10, 20)(now) for now in (9, 10, 20)] == [0, 1, 2]


def test_a_curve_remembers_nothing_but_the_last_instant() -> None:
    world = World.at(EPOCH_NS)
    curve = world.offices[0]
    first = curve.busy_microseconds(EPOCH_NS)
    curve.busy_microseconds(EPOCH_NS + 1_000_000_000)
    assert curve.busy_microseconds(EPOCH_NS) == first


SITE = build_devices(EPOCH_NS)
