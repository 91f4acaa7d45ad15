"""Tables: sorted, filtered, paged and exported, all from the address."""

import csv
import io
import re

import pytest
from natvakt_server.web.tables import safe
from testkit.console import Browser, ConsoleHouse

LIST = "/customers/acme/devices"


@pytest.fixture
def many(house: ConsoleHouse) -> ConsoleHouse:
    for number in range(1, 61):
        house.tell(
            f"dev-{number}",
            {
                "device": [
                    {
                        "name": f"sw-{number:02}",
                        "poll_address": f"10.0.0.{number}",
                        "serial": f"S{number}",
                        "model": "C9200L-24P-4G",
                        "os": "ios-xe",
                    }
                ]
            },
        )
    return house


def names(browser: Browser, query: str = "") -> list[str]:
    return re.findall(r">(sw-\d\d)</a>", browser.get(f"{LIST}{query}").text)


def test_fifty_rows_a_page_and_the_rest_on_the_next(many: ConsoleHouse, owner: Browser) -> None:
    first, second = names(owner), names(owner, "?devices-page=2")
    assert (len(first), len(second)) == (50, 10)
    assert first[0] == "sw-01"
    assert second[-1] == "sw-60"
    assert "Page 2 of 2" in owner.get(f"{LIST}?devices-page=2").text


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "٣", "999999999999999999"])
def test_a_page_that_does_not_exist_is_the_nearest_one(many: ConsoleHouse, owner: Browser, page: str) -> None:
    assert len(names(owner, f"?devices-page={page}")) in (50, 10)


def test_sorting_goes_both_ways_and_addresses_sort_as_numbers(many: ConsoleHouse, owner: Browser) -> None:
    assert names(owner, "?devices-sort=address")[:3] == ["sw-01", "sw-02", "sw-03"]
    assert names(owner, "?devices-sort=-address")[:2] == ["sw-60", "sw-59"]
    assert 'aria-sort="descending"' in owner.get(f"{LIST}?devices-sort=-address").text


@pytest.mark.parametrize("column", ["nonsense", "-nonsense", "__class__", ""])
def test_an_unknown_column_sorts_as_usual(many: ConsoleHouse, owner: Browser, column: str) -> None:
    assert names(owner, f"?devices-sort={column}")[0] == "sw-01"


def test_what_is_missing_stands_last_in_both_directions(house: ConsoleHouse, owner: Browser) -> None:
    house.tell("a", {"device": [{"name": "sw-01", "poll_address": "10.0.0.1", "model": "C9300"}]})
    house.tell("b", {"device": [{"name": "sw-02", "poll_address": "10.0.0.2"}]})
    assert names(owner, "?devices-sort=model") == ["sw-01", "sw-02"]
    assert names(owner, "?devices-sort=-model") == ["sw-01", "sw-02"]


def test_a_filter_narrows_and_says_so(many: ConsoleHouse, owner: Browser) -> None:
    assert names(owner, "?devices-q=SW-1") == [f"sw-1{n}" for n in range(10)]
    page = owner.get(f"{LIST}?devices-q=sw-1").text
    assert "10 of 60" in page
    assert 'value="sw-1"' in page
    assert "Nothing matches." in owner.get(f"{LIST}?devices-q=zzz").text


def test_a_choice_that_does_not_exist_filters_nothing(many: ConsoleHouse, owner: Browser) -> None:
    assert len(names(owner, "?devices-state=pink")) == 50
    assert len(names(owner, "?devices-state=ok")) == 50
    assert names(owner, "?devices-state=not-observed") == []


def test_links_keep_the_rest_of_the_state(many: ConsoleHouse, owner: Browser) -> None:
    page = owner.get(f"{LIST}?devices-q=sw&devices-state=ok").text
    assert "devices-q=sw&amp;devices-state=ok&amp;devices-sort=-name" in page
    assert "devices-q=sw&amp;devices-state=ok&amp;devices-page=2" in page


def test_the_export_holds_every_matching_row_whatever_the_page(many: ConsoleHouse, owner: Browser) -> None:
    answer = owner.get(f"{LIST}?devices-q=sw&csv=devices&devices-page=2")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["State", "Device", "Address"]
    assert len(rows) == 61
    assert answer.headers["Content-Disposition"] == 'attachment; filename="acme-devices.csv"'


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_promise_39_a_spreadsheet_never_sees_a_formula(text: str) -> None:
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "hq-core", "10.0.0.1", "1 234", "Åsa"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert safe(text) == text
