"""The smallest set of upgrades: what takes away the most risk, one release for a platform where one will do."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.knowledge.exposure import AFFECTED, PROBABLY_AFFECTED, Exposure, Statement
from natvakt_server.knowledge.planner import Option, Upgradable, fits, is_up, plan, risk_of
from natvakt_server.knowledge.versions.systems import parse_version

TODAY = "2026-11-18"


def flaw(cve: str, cvss: float | None = 7.0, kev: bool = False, verdict: str = AFFECTED) -> Statement:
    return Statement(None, cve, "", verdict, "listed", None, cvss, kev, None, (), "test", TODAY)


def exposure(version: str, flaws: Sequence[Statement] = (), os: str = "ios-xe") -> Exposure:
    return Exposure(os, version, version, version, tuple(flaws))


def option(
    version: str, flaws: Sequence[Statement] = (), os: str = "ios-xe", suggested: bool = False, until: str = "", size: int | None = None
) -> Option:
    return Option(parse_version(os, version), exposure(version, flaws, os), suggested, until, size)


def device(
    name: str, version: str, flaws: Sequence[Statement], *options: Option, os: str = "ios-xe", free: float | None = None
) -> Upgradable:
    return Upgradable(name, parse_version(os, version), exposure(version, flaws, os), options, free)


A, B, C = flaw("CVE-2024-1", 9.8), flaw("CVE-2024-2", 5.0), flaw("CVE-2024-3", 5.0, kev=True)


def test_what_takes_away_most_is_chosen() -> None:
    (step,) = plan([device("one", "17.3.1", [A, B], option("17.3.4", [A]), option("17.9.5"))], TODAY)
    assert (step.release, step.devices, step.clears, step.leaves) == ("17.9.5", ("one",), 2, 0)
    assert step.names == ("CVE-2024-1", "CVE-2024-2")


def test_one_release_serves_a_platform_where_it_is_as_good_for_all() -> None:
    shared = option("17.12.4", suggested=True)
    first = device("one", "17.3.1", [A], option("17.3.8"), shared)
    second = device("two", "17.9.1", [A, B], option("17.9.5"), shared)
    (step,) = plan([first, second], TODAY)
    assert (step.release, step.devices, step.clears) == ("17.12.4", ("one", "two"), 3)


def test_two_releases_where_one_leaves_more_for_a_device() -> None:
    first = device("one", "17.3.1", [A, B], option("17.9.5"), option("17.12.4", [A]))
    second = device("two", "17.9.5", [B], option("17.12.4"))
    assert [(step.release, step.devices) for step in plan([first, second], TODAY)] == [("17.9.5", ("one",)), ("17.12.4", ("two",))]


def test_what_is_exploited_weighs_more_than_many_that_are_not() -> None:
    many = [flaw(f"CVE-2024-{number}", 7.0) for number in range(10, 16)]
    (step,) = plan([device("one", "17.3.1", [C, *many], option("17.3.4", [C]), option("17.3.8", many))], TODAY)
    assert step.release == "17.3.8"


def test_what_is_probable_weighs_half_and_what_has_no_score_a_little() -> None:
    assert risk_of([flaw("CVE-2024-1", 8.0, verdict=PROBABLY_AFFECTED)]) == 4.0
    assert risk_of([flaw("CVE-2024-1", None)]) == 5.0


@pytest.mark.parametrize(
    ("choice", "free"),
    [
        (option("17.3.1"), None),  # where it is already
        (option("17.3.0"), None),  # back
        (option("16.12.4"), None),  # a lower train
        (option("3.16.6S"), None),  # another numbering
        (option("17.9.5", until="2026-01-01"), None),  # no longer maintained
        (option("17.9.5", size=1000), 1100.0),  # no room with a fifth to spare
    ],
)
def test_what_does_not_fit_is_no_step(choice: Option, free: float | None) -> None:
    upgradable = device("one", "17.3.1", [A], choice, free=free)
    assert not fits(upgradable, choice, TODAY)
    assert list(plan([upgradable], TODAY)) == []


def test_what_is_not_known_does_not_stand_in_the_way() -> None:
    assert fits(device("one", "17.3.1", [A]), option("17.9.5", size=1000), TODAY)
    assert fits(device("one", "17.3.1", [A], free=1.0), option("17.9.5"), TODAY)
    assert fits(device("one", "17.3.1", [A]), option("17.9.5", until=TODAY), TODAY)


def test_a_device_that_no_release_helps_is_in_no_step() -> None:
    assert list(plan([device("one", "17.3.1", [A], option("17.9.5", [A])), device("two", "17.3.1", [])], TODAY)) == []


def test_trains_of_other_letters_are_no_steps() -> None:
    assert not is_up(parse_version("ios", "15.2(7)E8"), parse_version("ios", "15.7(3)M4"))
    assert is_up(parse_version("ios", "15.0(2)E1"), parse_version("ios", "15.2(7)E8"))
    assert not is_up(parse_version("ios", "15.2(7)E8"), parse_version("ios-xe", "17.9.5"))


flaws = st.lists(st.integers(1, 6), max_size=6).map(lambda found: [flaw(f"CVE-2024-{number}") for number in sorted(set(found))])
options = st.lists(st.tuples(st.sampled_from(["17.3.4", "17.6.2", "17.9.5", "17.12.4"]), flaws), max_size=4, unique_by=lambda each: each[0])


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["17.3.1", "17.6.1", "17.9.1"]), flaws, options), max_size=6))
def test_every_device_that_can_be_helped_is_in_one_step_that_is_as_good_as_its_best(
    drawn: list[tuple[str, list[Statement], list[tuple[str, list[Statement]]]]],
) -> None:
    devices = [
        device(str(place), version, found, *(option(release, left) for release, left in choices))
        for place, (version, found, choices) in enumerate(drawn)
    ]
    steps = plan(devices, TODAY)
    named = [name for step in steps for name in step.devices]
    assert len(named) == len(set(named))
    for each in devices:
        before = risk_of(each.exposure.statements)
        best = max((before - risk_of(choice.exposure.statements) for choice in each.options if fits(each, choice, TODAY)), default=0.0)
        assert (each.device in named) == (best > 0)
        for step in steps:
            if each.device in step.devices:
                taken = next(choice for choice in each.options if choice.version.normalised == step.release)
                assert before - risk_of(taken.exposure.statements) >= 0.98 * best
