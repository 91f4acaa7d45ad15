"""Hysteresis, dwell and flapping as truth tables: a letter is a minute, and the answer is from which minute to which it was wrong.

+ good    - bad    ~ between the limits    . nobody looked
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.monitoring.episodes import Steadiness, episodes
from natvakt_server.monitoring.policy import TWO_MISSES, Limit
from natvakt_server.monitoring.runs import Level, Run, best_of, kept, merged
from testkit.monitoring import MINUTE, SECOND

LEVELS = {"+": Level.GOOD, "-": Level.BAD, "~": Level.BETWEEN}
TEN_MINUTES = Steadiness(dwell_ns=10 * MINUTE, clear_ns=5 * MINUTE, flaps=99)


def samples(text: str) -> list[tuple[int, Level]]:
    return [((minute + 1) * MINUTE, LEVELS[letter]) for minute, letter in enumerate(text) if letter != "."]


def found(text: str, steadiness: Steadiness) -> list[tuple[int, int]]:
    """First bad minute and first good one after, 0 while it lasts."""
    return [(each.start_ns // MINUTE, each.end_ns // MINUTE) for each in episodes(merged([], samples(text)), steadiness)]


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        ("++++", []),
        ("+-++", []),  # one miss is nothing
        ("+--+", [(2, 0)]),  # two count; one answer is not enough to clear
        ("+--++", [(2, 4)]),
        ("+--+-++", [(2, 6)]),  # a single answer between is no recovery
        ("--", [(1, 0)]),  # wrong when first seen
        ("+-.-+", [(2, 0)]),  # nobody looked between two misses: it lasted
        ("+--...++", [(2, 7)]),  # over when it is seen to be over
        ("+--....", [(2, 0)]),  # nobody looks: it is not over
        ("+....++", []),  # a gap is no miss
        ("+-.....+", []),
        ("+--++--++", [(2, 4), (6, 8)]),
        ("", []),
    ],
)
def test_two_misses_count_and_two_answers_clear(seen: str, wrong: list[tuple[int, int]]) -> None:
    assert found(seen, TWO_MISSES) == wrong


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        ("+" + "-" * 10 + "+" * 6, []),  # nine minutes from the first to the last
        ("+" + "-" * 11 + "+" * 6, [(2, 13)]),
        ("+" + "-" * 11 + "~" * 9, [(2, 0)]),  # under the limit that raises, above the one that clears
        ("+" + "-" * 11 + "~" * 9 + "+" * 6, [(2, 22)]),
        ("+" + "~" * 30, []),  # never above the limit
        ("+" + "-" * 6 + "~" * 3 + "-" * 3 + "+" * 6, [(2, 14)]),  # dips that do not clear do not begin anew
        ("+" + "-" * 6 + "+" + "-" * 6 + "+" * 6, [(2, 15)]),  # nor does one good minute
        ("+" + "-" * 6 + "+" * 6 + "-" * 6, []),  # six good ones do
        ("+" + "-" * 11 + "+" * 5, [(2, 0)]),  # good, but not for long enough
    ],
)
def test_a_limit_is_passed_for_ten_minutes_and_cleared_for_five(seen: str, wrong: list[tuple[int, int]]) -> None:
    assert found(seen, TEN_MINUTES) == wrong


@pytest.mark.parametrize(
    ("value", "level"), [(0.95, Level.BAD), (0.90, Level.BAD), (0.89, Level.BETWEEN), (0.80, Level.BETWEEN), (0.79, Level.GOOD)]
)
def test_between_the_limits_nothing_is_said(value: float, level: Level) -> None:
    assert Limit("cpu-high", 0.90, 0.80, TEN_MINUTES).level(value) is level  # type: ignore[arg-type]


FLAP = "-+++"


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        ("+" + FLAP * 3 + "+" * 20, []),
        ("+" + FLAP * 4 + "+" * 8, [(2, 0)]),  # four falls within half an hour
        ("+" + FLAP * 4 + "+" * 13, [(2, 15)]),  # over once it was quiet for a quarter of an hour
        ("+" + FLAP * 9 + "+" * 20, [(2, 35)]),  # one, however often it falls
        ("+" + ("-" + "+" * 11) * 4 + "+" * 20, []),  # too far apart
        ("+" + FLAP * 4 + "+" * 20 + FLAP * 4 + "+" * 20, [(2, 15), (38, 51)]),  # twice, with quiet between
    ],
)
def test_four_falls_in_half_an_hour_are_one_until_it_was_quiet(seen: str, wrong: list[tuple[int, int]]) -> None:
    assert found(seen, TWO_MISSES) == wrong
    assert all(each.flapping for each in episodes(merged([], samples(seen)), TWO_MISSES))


def test_an_outage_within_the_flapping_is_part_of_it() -> None:
    seen = "+" + FLAP * 4 + "----" + "+" * 20
    (episode,) = episodes(merged([], samples(seen)), TWO_MISSES)
    assert episode.flapping
    assert (episode.start_ns // MINUTE, episode.end_ns // MINUTE) == (2, 22)


@given(st.text("+-~.", max_size=60), st.randoms(use_true_random=False))
def test_the_order_samples_come_in_changes_nothing(text: str, random: object) -> None:
    in_order = samples(text)
    shuffled = list(in_order)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merged([], shuffled) == merged([], in_order)


@given(st.text("+-~", max_size=40))
def test_a_sample_that_comes_again_changes_nothing(text: str) -> None:
    once = merged([], samples(text))
    assert merged(once, samples(text)) == once


@given(st.text("+-~.", max_size=80))
def test_episodes_never_overlap_and_only_the_last_may_still_last(text: str) -> None:
    result = episodes(merged([], samples(text)), TWO_MISSES)
    assert all(one.end_ns and one.end_ns <= other.start_ns for one, other in pairwise(result))
    assert all(each.start_ns <= each.raised_ns and each.start_ns <= each.last_ns for each in result)


def test_of_two_words_for_one_moment_the_kinder_counts() -> None:
    bad, good = (MINUTE, Level.BAD), (MINUTE, Level.GOOD)
    assert merged([], [bad, good]) == merged([], [good, bad]) == [Run(MINUTE, MINUTE, Level.GOOD)]


def test_a_device_is_down_where_no_method_answers() -> None:
    icmp = merged([], samples("++----++"))
    snmp = merged([], [(time_ns + 30 * SECOND, level) for time_ns, level in samples("++++--++")])
    (episode,) = episodes(best_of([icmp, snmp], 3 * MINUTE), TWO_MISSES)
    assert episode.start_ns == 5 * MINUTE + 30 * SECOND, "until then SNMP answered"
    assert episodes(best_of([icmp, merged([], samples("++++++++"))], 3 * MINUTE), TWO_MISSES) == []


def test_a_method_that_is_not_asked_any_more_holds_nothing_up_for_long() -> None:
    icmp, snmp = merged([], samples("-" * 20)), merged([], samples("+++"))
    (episode,) = episodes(best_of([icmp, snmp], 3 * MINUTE), TWO_MISSES)
    assert 6 * MINUTE <= episode.start_ns <= 7 * MINUTE


def test_a_good_answer_of_before_does_not_outlast_the_fall_of_another_way() -> None:
    icmp, snmp = merged([], samples("+++----")), merged([], [(2 * MINUTE + 30 * SECOND, Level.GOOD)])
    (episode,) = episodes(best_of([icmp, snmp], 12 * MINUTE), TWO_MISSES)
    assert episode.start_ns == 4 * MINUTE


def test_pings_that_are_dropped_say_nothing_against_an_snmp_that_is_asked_seldom() -> None:
    icmp = merged([], samples("-" * 60))
    snmp = merged([], [(minute * MINUTE + 1, Level.GOOD) for minute in range(1, 60, 5)])
    assert [run.level for run in best_of([icmp, snmp], 12 * MINUTE)] == [Level.BAD, Level.GOOD]
    assert episodes(best_of([icmp, snmp], 12 * MINUTE), TWO_MISSES) == []


def test_many_short_runs_become_few_long_ones_and_say_the_same() -> None:
    slow = [(minute * MINUTE, Level.BAD if 600 <= minute < 630 else Level.GOOD) for minute in range(5, 2000, 5)]
    runs = merged([], slow)
    few = kept(runs, 0)
    assert len(runs) > 300
    assert len(few) < 30
    assert episodes(few, TWO_MISSES) == episodes(runs, TWO_MISSES)


def test_what_was_seen_within_a_long_run_cuts_it_no_wider_than_a_sample() -> None:
    long = [Run(0, 100 * MINUTE, Level.GOOD)]
    cut = merged(long, [(50 * MINUTE, Level.BAD), (51 * MINUTE, Level.BAD)])
    assert [run.level for run in cut] == [Level.GOOD, Level.BAD, Level.GOOD]
    (episode,) = episodes(cut, TWO_MISSES)
    assert (episode.start_ns, episode.end_ns // MINUTE) == (50 * MINUTE, 51)
