"""The search over customers, sites and devices, over SQLite and PostgreSQL."""

import pytest
from contracts.estate_contract import ONE, TWO
from natvakt_server.store.estate.search import SqlEstateSearch
from sqlalchemy import Engine
from testkit.sql_estate import SqlEstate


@pytest.fixture
def search(engine: Engine) -> SqlEstateSearch:
    estate = SqlEstate(engine)
    estate.apply([ONE.device(name="hq-core", poll_address="10.0.0.1", serial="FNV1", model="C9300-24T")])
    estate.apply([TWO.device(name="hq-core-2", poll_address="10.0.0.21", serial="FNV2")], tenant="beta")
    return SqlEstateSearch(engine)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HQ-CORE", [("device", "acme", "hq-core"), ("device", "beta", "hq-core-2")]),
        ("10.0.0.2", [("device", "beta", "hq-core-2")]),
        ("fnv1", [("device", "acme", "hq-core")]),
        ("c9300", [("device", "acme", "hq-core")]),
        ("Acme", [("customer", "acme", "Acme")]),
        ("branch", [("site", "acme", "BRANCH"), ("site", "beta", "BRANCH")]),
    ],
)
def test_a_part_of_any_name_finds_it_whatever_its_case(search: SqlEstateSearch, text: str, found: list[tuple[str, str, str]]) -> None:
    assert [(hit.kind, hit.tenant, hit.name) for hit in search.search(text)] == found


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "\\", "\x00", "' OR '1'='1", "\ud800"])
def test_nothing_and_wildcards_find_nothing(search: SqlEstateSearch, text: str) -> None:
    assert search.search(text) == []


def test_an_exact_match_stands_first_and_the_limit_holds(search: SqlEstateSearch) -> None:
    assert [hit.name for hit in search.search("hq-core", 1)] == ["hq-core"]
    assert search.search("hq-core", 0) == []


def test_a_hit_says_what_matched(search: SqlEstateSearch) -> None:
    assert search.search("fnv1")[0].detail == "FNV1"
    assert search.search("hq-core")[0].detail == "10.0.0.1"
