"""Version strings of devices and advisories: one reading, one spelling, an order within a train and none across."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.knowledge.versions.systems import PARSERS, parse_version
from natvakt_server.knowledge.versions.version import VersionUnknown

READINGS = [
    ("ios", "15.2(7)E8", "15.2(7)E8", "15.2E"),
    ("ios", "12.3(8)XY2", "12.3(8)XY2", "12.3XY"),
    ("ios", "15.6(2)SP4", "15.6(2)SP4", "15.6SP"),
    ("ios", "12.4(12c)", "12.4(12c)", "12.4"),
    ("ios", "15.2(7a)E0b", "15.2(7a)E0b", "15.2E"),
    ("ios", "15.2(4.0.55)E", "15.2(4.0.55)E", "15.2E"),
    ("ios", "12.2(18)SXF7", "12.2(18)SXF7", "12.2SXF"),
    ("ios", "Cisco IOS Software, Version 15.0(2)SE11, RELEASE SOFTWARE (fc3)", "15.0(2)SE11", "15.0SE"),
    ("ios-xe", "17.03.04a", "17.3.4a", "17.3"),
    ("ios-xe", "16.06.05", "16.6.5", "16.6"),
    ("ios-xe", "16.10.1s", "16.10.1s", "16.10"),
    ("ios-xe", "17.6.1z1", "17.6.1z1", "17.6"),
    ("ios-xe", "Amsterdam 17.3.4", "17.3.4", "17.3"),
    ("ios-xe", "03.06.07E", "3.6.7E", "3.6E"),
    ("ios-xe", "03.06.06.E", "3.6.6E", "3.6E"),
    ("ios-xe", "3.16.6bS", "3.16.6bS", "3.16S"),
    ("ios-xe", "03.02.11a.SG", "3.2.11aSG", "3.2SG"),
    ("ios-xe", "15.3(2)S1", "3.9.1S", "3.9S"),
    ("ios-xe", "15.5(3)S6b", "3.16.6bS", "3.16S"),
    ("ios-xe", "15.2(2)E7", "3.6.7E", "3.6E"),
    ("nx-os", "9.3(15)", "9.3(15)", "9.3"),
    ("nx-os", "10.2(3v)", "10.2(3v)", "10.2"),
    ("nx-os", "10.3(6) [Maintenance Release]", "10.3(6)", "10.3"),
    ("nx-os", "10.2(3)F", "10.2(3)", "10.2"),
    ("nx-os", "7.0(3)I4(8a)", "7.0(3)I4(8a)", "7.0(3)I4"),
    ("nx-os", "7.3(0)DY(1)", "7.3(0)DY(1)", "7.3(0)DY"),
    ("nx-os", "7.3(2)D1(1d)", "7.3(2)D1(1d)", "7.3(2)D1"),
    ("nx-os", "8.3(0)SK(0.39)", "8.3(0)SK(0.39)", "8.3(0)SK"),
    ("aci", "14.0(1h) [build 14.0(1h)]", "14.0(1h)", "14.0"),
    ("aci", "14.1(1l)", "14.1(1l)", "14.1"),
    ("asa", "9.8(4)20", "9.8.4.20", "9.8"),
    ("asa", "9.16.3.3", "9.16.3.3", "9.16"),
    ("asa", "9.12(4)", "9.12.4", "9.12"),
    ("ftd", "7.2.5 (Build 208)", "7.2.5", "7.2"),
    ("ftd", "6.4.0.4", "6.4.0.4", "6.4"),
    ("ftd", "7.0.1-84", "7.0.1", "7.0"),
    ("fxos", "2.3(1.179)", "2.3.1.179", "2.3"),
    ("ios-xr", "7.9.2 LNT", "7.9.2", "7.9"),
    ("ios-xr", "6.4.2[Default]", "6.4.2", "6.4"),
    ("aireos", "8.10.130.0", "8.10.130.0", "8.10"),
    ("cucm", "12.5(1)SU7a", "12.5(1)SU7a", "12.5"),
    ("cucm", "14SU4a", "14SU4a", "14"),
    ("cucm", "12.0", "12.0", "12.0"),
    ("cucm", "11.5.1.12900-21", "11.5.1.12900-21", "11.5 builds"),
    ("ise", "3.0.0 p2", "3.0.0 p2", "3.0"),
    ("ise", "3.3 Patch 2", "3.3 Patch 2", "3.3"),
    ("ise", "3.1.0.518", "3.1.0", "3.1"),
    ("ise", "3.2.0.542 patch 4", "3.2.0 p4", "3.2"),
    ("ise", "3.3.0 p1", "3.3 Patch 1", "3.3"),
    ("small-business", "2.5.9.54", "2.5.9.54", "2.5"),
    ("small-business", "4.0.2.08-tm", "4.0.2.8-tm", "4.0"),
]

RISING = [
    ("ios", ["15.2(4)E", "15.2(4)E1", "15.2(4.0.55)E", "15.2(7)E8", "15.2(7)E10", "15.2(7a)E0b", "15.2(8)E"]),
    ("ios", ["12.4(12)", "12.4(12c)", "12.4(13)"]),
    ("ios-xe", ["17.3.4", "17.3.4a", "17.3.4b", "17.3.5"]),
    ("ios-xe", ["17.6.1", "17.6.1a", "17.6.1w", "17.6.1z", "17.6.1z1", "17.6.2"]),
    ("ios-xe", ["3.16.6S", "3.16.6bS", "3.16.7S", "3.16.10S"]),
    ("nx-os", ["7.0(3)I7(9)", "7.0(3)I7(10)"]),
    ("nx-os", ["10.2(3)", "10.2(3v)", "10.2(4)"]),
    ("asa", ["9.14.2", "9.14.2.4", "9.14(2)14", "9.14.2.15", "9.14.3"]),
    ("ftd", ["7.2.4", "7.2.4.1", "7.2.5"]),
    ("ise", ["3.0.0", "3.0.0 p2", "3.0.0 p10"]),
    ("cucm", ["12.5(1)", "12.5(1)SU7", "12.5(1)SU7a", "12.5(1)SU8"]),
    ("aci", ["14.1(1i)", "14.1(1l)", "14.1(2g)"]),
]


@pytest.mark.parametrize(("os", "text", "normalised", "train"), READINGS)
def test_a_version_has_one_spelling_and_a_train(os: str, text: str, normalised: str, train: str) -> None:
    version = parse_version(os, text)
    assert (version.normalised, version.train, version.text) == (normalised, train, text)


@pytest.mark.parametrize(("os", "text", "normalised", "train"), READINGS)
def test_what_the_device_prints_and_what_the_advisory_writes_are_one_release(os: str, text: str, normalised: str, train: str) -> None:
    assert parse_version(os, text).is_same(parse_version(os, normalised))


@pytest.mark.parametrize(("os", "rising"), RISING)
def test_releases_of_a_train_are_in_order(os: str, rising: list[str]) -> None:
    versions = [parse_version(os, text) for text in rising]
    for place, version in enumerate(versions):
        assert [version.precedes(other) for other in versions] == [place < other for other in range(len(versions))]


@pytest.mark.parametrize(
    ("os", "one", "other"),
    [
        ("ios", "15.2(7)E8", "15.2(4)M12"),
        ("ios-xe", "17.3.4", "17.6.1"),
        ("ios-xe", "3.6.7E", "3.6.7S"),
        ("nx-os", "7.0(3)I4(9)", "7.0(3)I7(3)"),
        ("cucm", "11.5(1)SU3", "11.5.1.12900-21"),
    ],
)
def test_trains_are_not_comparable(os: str, one: str, other: str) -> None:
    assert parse_version(os, one).precedes(parse_version(os, other)) is None


def test_an_aci_version_given_as_nx_os_is_one_of_aci() -> None:
    assert parse_version("nx-os", "14.0(1h) [build 14.0(1h)]").os == "aci"
    assert parse_version("nx-os", "10.2(3)").os == "nx-os"


def test_padding_does_not_make_another_release() -> None:
    assert parse_version("ftd", "7.2.5.0").is_same(parse_version("ftd", "7.2.5"))
    assert parse_version("ftd", "7.2.5.0").normalised == "7.2.5"
    assert parse_version("ise", "3.0").is_same(parse_version("ise", "3.0.0"))


@pytest.mark.parametrize("os", PARSERS)
@pytest.mark.parametrize(
    "text", ["", "   ", "n/a", "unspecified", "BLD_POLARIS_DEV_LATEST_20230101_010101", "latest", "seventeen", "x" * 500, "１７.3.4"]
)
def test_what_is_no_version_is_refused_with_the_form_that_is_expected(os: str, text: str) -> None:
    with pytest.raises(VersionUnknown, match=f"^{os}:"):
        parse_version(os, text)


def test_a_system_that_is_not_known_is_named() -> None:
    with pytest.raises(VersionUnknown, match="'junos' is not known; use one of ios, ios-xe"):
        parse_version("junos", "21.4R3")


letters = st.sampled_from(["", "a", "b", "c", "z"])
numbers = st.integers(0, 40)
SPELLINGS = {
    "ios": st.builds(lambda m, r, a: f"15.2({m})E{r or ''}{a if r else ''}", numbers, numbers, letters),
    "ios-xe": st.builds(lambda m, a: f"17.3.{m}{a}", numbers, letters),
    "nx-os": st.builds(lambda m, a: f"7.0(3)I7({m}{a})", numbers, letters),
    "asa": st.builds(lambda m, n: f"9.8({m}){n or ''}", numbers, numbers),
    "cucm": st.builds(lambda m, n, a: f"12.5({m})SU{n}{a}", numbers, numbers, letters),
}


@given(st.sampled_from(sorted(SPELLINGS)).flatmap(lambda os: st.tuples(st.just(os), SPELLINGS[os], SPELLINGS[os], SPELLINGS[os])))
def test_the_order_within_a_train_is_total(drawn: tuple[str, str, str, str]) -> None:
    os, *texts = drawn
    one, two, three = (parse_version(os, text) for text in texts)
    assert [one.precedes(two), two.precedes(one), one.is_same(two)].count(True) == 1
    if one.precedes(two) and two.precedes(three):
        assert one.precedes(three)


@given(st.sampled_from(sorted(SPELLINGS)).flatmap(lambda os: st.tuples(st.just(os), SPELLINGS[os])))
def test_a_normalised_version_reads_as_itself(drawn: tuple[str, str]) -> None:
    version = parse_version(*drawn)
    again = parse_version(version.os, version.normalised)
    assert again.is_same(version)
    assert again.normalised == version.normalised


@given(st.sampled_from(sorted(PARSERS)), st.text(max_size=40))
def test_any_text_is_a_version_or_refused(os: str, text: str) -> None:
    try:
        version = parse_version(os, text)
    except VersionUnknown:
        return
    assert parse_version(version.os, version.normalised).is_same(version)
