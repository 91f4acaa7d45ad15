"""The page of what discovery found at a site: who is there, and why somebody is not polled."""

import pytest
from testkit.console import Browser, ConsoleHouse

PAGE = "/customers/acme/sites/hq/discovered"
ROWS = (
    {
        "address": "10.1.0.9",
        "state": "new",
        "name": "hq-acc9",
        "model": "C9200L",
        "os": "ios-xe",
        "version": "17.9.4",
        "found_by": "cdp,icmp",
    },
    {"address": "10.1.0.66", "state": "unmatched", "found_by": "icmp", "reason": "none of 2 credentials fits"},
    {"address": "192.0.2.7", "state": "outside", "reason": "outside what may be asked; told by hq-core"},
    {"address": "10.1.0.70", "state": "known", "name": "<b>=cmd</b>"},
)


@pytest.fixture
def found(house: ConsoleHouse) -> ConsoleHouse:
    house.add_switch()
    house.tell("acme-hq-agent", {"device": ({"name": "agent"},), "discovered": ROWS})
    return house


def shown(browser: Browser, path: str = PAGE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_every_address_is_shown_with_its_state_and_reason(engineer: Browser, found: ConsoleHouse) -> None:
    page = shown(engineer)
    for text in (
        "10.1.0.9",
        "hq-acc9",
        "C9200L",
        "cdp, icmp",
        "No credential fits",
        "none of 2 credentials fits",
        "Outside what may be asked",
    ):
        assert text in page
    assert page.index("none of 2 credentials fits") < page.index("hq-acc9"), "what needs somebody comes first"
    assert PAGE in shown(engineer, "/customers/acme/sites/hq")


def test_names_from_the_network_are_text(engineer: Browser, found: ConsoleHouse) -> None:
    assert "<b>=cmd" not in shown(engineer)
    assert "&lt;b&gt;=cmd" in shown(engineer)


def test_it_can_be_filtered_and_exported(engineer: Browser, found: ConsoleHouse) -> None:
    assert "hq-acc9" not in shown(engineer, f"{PAGE}?discovered-state=unmatched")
    assert "10.1.0.66" in shown(engineer, f"{PAGE}?csv=discovered")


def test_a_site_where_nothing_was_looked_for_says_what_to_do(engineer: Browser, house: ConsoleHouse) -> None:
    house.add_switch()
    page = shown(engineer)
    assert "Nothing has been discovered at this site." in page
    assert "natvakt-agent discover" in page


def test_another_customers_site_shows_nothing_of_it(engineer: Browser, found: ConsoleHouse) -> None:
    assert engineer.get("/customers/beta/sites/hq/discovered").text.count("hq-acc9") == 0
    assert engineer.get("/customers/acme/sites/nowhere/discovered").status_code == 404
