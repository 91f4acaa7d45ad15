"""Numbers, quantities and moments as a person of each language writes them."""

from zoneinfo import ZoneInfo

import pytest
from natvakt_server.web.speech import Catalogue, Speech
from natvakt_server.web.words import WORDS

NOW_NS = 1_795_608_000_000_000_000  # 2026-11-25 12:00:00 UTC
NB = "\u00a0"


def speech(language: str = "sv", zone: str = "Europe/Stockholm") -> Speech:
    return Speech(
        Catalogue([WORDS, {"count": ("{count} things", "{count} saker"), "count.one": ("{count} thing", "{count} sak")}]),
        language,
        ZoneInfo(zone),
        NOW_NS,
    )


@pytest.mark.parametrize(
    ("value", "decimals", "english", "swedish"),
    [(1234.5, 1, "1,234.5", f"1{NB}234,5"), (0, 0, "0", "0"), (-3.25, 2, "-3.25", "-3,25"), (None, 1, "–", "–")],
)
def test_a_number_follows_the_language(value: float | None, decimals: int, english: str, swedish: str) -> None:
    assert (speech("en").number(value, decimals), speech("sv").number(value, decimals)) == (english, swedish)


@pytest.mark.parametrize(
    ("value", "unit", "base", "text"),
    [
        (0, "bit/s", 1000, f"0{NB}bit/s"),
        (999, "bit/s", 1000, f"999{NB}bit/s"),
        (1500, "bit/s", 1000, f"1.5{NB}kbit/s"),
        (1e9, "bit/s", 1000, f"1.0{NB}Gbit/s"),
        (2e16, "bit/s", 1000, f"20,000{NB}Tbit/s"),
        (1536, "B", 1024, f"1.5{NB}KiB"),
        (-1500, "bit/s", 1000, f"-1.5{NB}kbit/s"),
        (None, "B", 1024, "–"),
    ],
)
def test_a_quantity_is_scaled_to_be_read(value: float | None, unit: str, base: int, text: str) -> None:
    assert speech("en").scaled(value, unit, base) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, f"0{NB}s"), (59.9, f"59{NB}s"), (61, f"1{NB}min 1{NB}s"), (3600, f"1{NB}h"), (90_061, f"1{NB}d 1{NB}h"), (None, "–")],
)
def test_a_duration_has_its_two_largest_units(seconds: float | None, text: str) -> None:
    assert speech().duration(seconds) == text


def test_a_moment_is_in_the_viewers_zone_with_utc_on_hover() -> None:
    shown = speech().time(NOW_NS)
    assert ">2026-11-25 13:00</time>" in shown
    assert 'title="2026-11-25 12:00:00 UTC"' in shown
    assert 'datetime="2026-11-25T12:00:00Z"' in shown
    assert ">2026-11-25 07:00</time>" in speech(zone="America/New_York").time(NOW_NS)


@pytest.mark.parametrize(
    ("seconds", "english", "swedish"),
    [(2, "just now", "nyss"), (125, f"2{NB}min ago", f"2{NB}min sedan"), (90_000, f"1{NB}d ago", f"1{NB}d sedan")],
)
def test_how_long_ago_in_one_unit(seconds: int, english: str, swedish: str) -> None:
    moment = NOW_NS - seconds * 1_000_000_000
    assert (speech("en").ago(moment), speech("sv").ago(moment)) == (english, swedish)


def test_what_never_was_is_said() -> None:
    assert (speech("en").ago(0), speech("sv").ago(None)) == ("never", "aldrig")
    assert "never" in speech("en").time(None)


def test_one_thing_and_many_things() -> None:
    assert [speech("sv").count("count", n) for n in (0, 1, 2)] == ["0 saker", "1 sak", "2 saker"]


def test_a_value_outside_the_known_ones_is_shown_as_it_came() -> None:
    assert speech("en").known("severity", "critical") == "Critical"
    assert speech("en").known("severity", "<b>new</b>") == "<b>new</b>"


def test_a_text_that_lacks_the_language_falls_back_to_english() -> None:
    assert speech("sv").pick({"en": "only"}) == "only"
    assert speech("sv").pick({}) == ""
