"""One entry of a version list: a release, a range in words, vers ranges, or every version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.knowledge.entries import WHOLE, Entry, parts_of, read_entry
from natvakt_server.knowledge.facts import Range
from natvakt_server.knowledge.versions.cpe import spelt
from natvakt_server.knowledge.versions.trains import is_in_train, train_of


@pytest.mark.parametrize(
    "text", ["", " ", "n/a", "N/A", "unspecified", "Unknown", "All", "all versions", "All releases", "*", "-", "0", "none"]
)
def test_words_for_no_version_mean_every_version(text: str) -> None:
    assert list(read_entry(text)) == [WHOLE]


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("before 15.2(1)T", Range(end="15.2(1)T")),
        ("prior to 7.0(3)I7(9)", Range(end="7.0(3)I7(9)")),
        ("Versions prior to 2.5.9.16", Range(end="2.5.9.16")),
        ("All releases before 9.8.4", Range(end="9.8.4")),
        ("earlier than 16.9.3", Range(end="16.9.3")),
        ("< 9.8.4.20", Range(end="9.8.4.20")),
        ("<9.8.4.20", Range(end="9.8.4.20")),
        ("<= 9.8.4.20", Range(end="9.8.4.20", end_included=True)),
        ("15.2(7)E8 and earlier", Range(end="15.2(7)E8", end_included=True)),
        ("15.2(7)E8 or earlier releases", Range(end="15.2(7)E8", end_included=True)),
        ("3.0.0 p2 and prior versions", Range(end="3.0.0 p2", end_included=True)),
        ("up to and including 14SU3", Range(end="14SU3", end_included=True)),
        ("16.6.1 through 16.9.4", Range("16.6.1", "16.9.4", end_included=True)),
        ("from 16.6.1 to 16.9.4", Range("16.6.1", "16.9.4", end_included=True)),
        ("9.8.1 - 9.8.4", Range("9.8.1", "9.8.4", end_included=True)),
        ("between 3.1.0 p1 and 3.1.0 p9", Range("3.1.0 p1", "3.1.0 p9", end_included=True)),
        (">= 9.8, < 9.8.4", Range("9.8", "9.8.4")),
        ("16.12.1 and later, prior to 16.12.10a", Range("16.12.1", "16.12.10a")),
        ("16.12.1 and later", Range("16.12.1")),
        (">= 17.3", Range("17.3")),
        ("> 17.3", Range("17.3", start_included=False)),
    ],
)
def test_ranges_are_read_from_words(text: str, between: Range) -> None:
    assert list(read_entry(text)) == [Entry(between=between)]


@pytest.mark.parametrize("text", ["15.2(7)E8", "Release 15.2(7)E8", "Version 15.2(7)E8", "  15.2(7)E8  "])
def test_what_is_no_form_is_a_release(text: str) -> None:
    assert list(read_entry(text)) == [Entry(release="15.2(7)E8")]


def test_vers_ranges_are_read_as_the_specification_pairs_them() -> None:
    assert list(read_entry("vers:cisco/>=16.12|<16.12.10a|17.3.1|!=17.3.2|>17.6|<=17.6.6|>=17.9")) == [
        Entry(between=Range("16.12", "16.12.10a")),
        Entry(release="17.3.1"),
        Entry(cleared="17.3.2"),
        Entry(between=Range("17.6", "17.6.6", start_included=False, end_included=True)),
        Entry(between=Range("17.9")),
    ]
    assert list(read_entry("vers:generic/<7.0%283%29I7%289%29")) == [Entry(between=Range(end="7.0(3)I7(9)"))]
    assert list(read_entry("vers:all/*")) == [WHOLE]
    assert list(read_entry("vers:cisco/>=1|>=2|<3")) == [Entry(between=Range("1")), Entry(between=Range("2", "3"))]


def test_a_list_in_one_entry_is_taken_apart() -> None:
    assert list(parts_of("15.2(1)T, 15.2(2)T; 15.2(3)T and 15.2(4)T")) == ["15.2(1)T", "15.2(2)T", "15.2(3)T", "15.2(4)T"]
    assert list(parts_of("3.3 Patch 2")) == ["3.3 Patch 2"]


@given(st.text(max_size=80))
def test_any_text_says_something(text: str) -> None:
    assert read_entry(text)
    assert parts_of(text)


@pytest.mark.parametrize(
    ("os", "text", "train"),
    [
        ("ios", "15.2E", "15.2E"),
        ("ios", "12.2", "12.2"),
        ("ios", "12.2SE", "12.2SE"),
        ("ios", "15.x", "15.*"),
        ("ios", "15.2(7)E8", None),
        ("ios-xe", "17.3", "17.3"),
        ("ios-xe", "17.3.x", "17.3"),
        ("ios-xe", "16.x", "16.*"),
        ("ios-xe", "3.xE", "3.*E"),
        ("ios-xe", "3.16S", "3.16S"),
        ("nx-os", "9.3", "9.3"),
        ("nx-os", "9.3(x)", "9.3"),
        ("nx-os", "7.0(3)I7", "7.0(3)I7"),
        ("nx-os", "7.0(3)I7(x)", "7.0(3)I7"),
        ("aci", "14.1(x)", "14.1"),
        ("asa", "9.16.x", "9.16"),
        ("asa", "9.x", "9.*"),
        ("ftd", "6.4.*", "6.4"),
        ("cucm", "12.5(x)", "12.5"),
        ("cucm", "14", "14"),
        ("ise", "3.1.x", "3.1"),
        ("ios", "seventeen", None),
    ],
)
def test_a_train_may_be_named_by_itself(os: str, text: str, train: str | None) -> None:
    assert train_of(os, text) == train


def test_an_open_number_stands_for_any_number_and_for_nothing_else() -> None:
    assert is_in_train("3.6E", "3.*E")
    assert not is_in_train("3.6S", "3.*E")
    assert not is_in_train("3.6SE", "3.*E")
    assert is_in_train("17.3", "17.3")
    assert not is_in_train("17.31", "17.3")


@pytest.mark.parametrize(
    ("os", "version", "update", "shown"),
    [
        ("ios", r"15.2\(7\)e0b", "*", "15.2(7)E0b"),
        ("ios", r"12.4\(12c\)", "*", "12.4(12c)"),
        ("ios", r"12.2\(18\)sxf7", "*", "12.2(18)SXF7"),
        ("ios", "12.2se", "*", "12.2SE"),
        ("ios-xe", "3.16.6bs", "*", "3.16.6bS"),
        ("ios-xe", "3.3.0se", "*", "3.3.0SE"),
        ("ios-xe", "3.2.11asg", "*", "3.2.11aSG"),
        ("ios-xe", "3.6.7e", "*", "3.6.7E"),
        ("ios-xe", "17.6.1z1", "*", "17.6.1z1"),
        ("nx-os", r"7.0\(3\)i7\(9\)", "*", "7.0(3)I7(9)"),
        ("nx-os", r"9.3\(15\)", "*", "9.3(15)"),
        ("asa", "9.16.3.3", "*", "9.16.3.3"),
        ("ise", "3.1", "patch3", "3.1 patch 3"),
        ("ise", "3.1", "-", "3.1"),
        ("cucm", r"12.5\(1\)", "su7a", "12.5(1)SU7A"),
    ],
)
def test_cpe_names_are_spelt_as_advisories_spell(os: str, version: str, update: str, shown: str) -> None:
    assert spelt(os, version, update) == shown
