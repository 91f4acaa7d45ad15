"""Search: customers, sites, and devices by name, address, serial or model."""

import pytest
from testkit.console import Browser, ConsoleHouse
from testkit.flaky_database import recorded_statements


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", "/customers/acme"),
        ("söner", "/customers/beta"),
        ("filial", "/customers/acme/sites/branch"),
        ("HQ-ACC", "/devices/"),
        ("10.0.0.1", "/devices/"),
        ("sn-acme", "/devices/"),
        ("c9200l", "/devices/"),
    ],
)
def test_a_part_of_a_name_address_serial_or_model_is_enough(house: ConsoleHouse, owner: Browser, text: str, found: str) -> None:
    house.add_switch()
    page = owner.get(f"/search?q={text}").text.split("<h1>")[1]
    assert found in page


def test_what_was_typed_is_answered_with_a_fragment(house: ConsoleHouse, owner: Browser) -> None:
    house.add_switch()
    fragment = owner.get("/search?q=hq-acc", **{"HX-Request": "true"}).text
    assert "hq-acc1" in fragment
    assert "<!doctype" not in fragment


def test_nothing_found_is_said(owner: Browser) -> None:
    assert "Nothing matches “zzz”." in owner.get("/search?q=zzz").text


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20"])
def test_nothing_asked_finds_nothing(house: ConsoleHouse, owner: Browser, query: str) -> None:
    house.add_switch()
    assert "hq-acc1" not in owner.get(f"/search{query}").text


def test_an_exact_match_stands_before_the_others(house: ConsoleHouse, owner: Browser) -> None:
    for number, name in enumerate(("sw-10", "a-sw-1", "sw-1")):
        house.tell(name, {"device": [{"name": name, "poll_address": f"10.9.9.{number}", "serial": name.upper() + "X"}]})
    page = owner.get("/search?q=sw-1").text.split("<h1>")[1]
    assert page.index("<b>sw-1</b>") < page.index("<b>a-sw-1</b>")


def test_a_search_costs_three_statements_whatever_it_finds(house: ConsoleHouse) -> None:
    for number in range(30):
        house.tell(f"d{number}", {"device": [{"name": f"sw-{number}", "serial": f"N{number}"}]})
    with recorded_statements(house.engine) as recorded:
        assert len(house.ports.search.search("sw-", 50)) == 30
    assert len([text for text in recorded.texts if text.startswith("SELECT")]) == 3
