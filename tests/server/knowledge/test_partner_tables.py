"""The partner's own tables: what things cost, and which release a build of the call manager is."""

import pytest
from natvakt_server.knowledge.exposure import ExposureJudge
from natvakt_server.knowledge.facts import Build, Price
from natvakt_server.knowledge.known import Asked, cut_out
from testkit.knowledge import MemoryKnowledge, cve_record, facts, opened, product

BUILDS = "os,build,release\ncucm,12.5.1.17900-64,12.5(1)SU7a\n"


def test_prices_are_read_with_and_without_a_currency() -> None:
    assert opened("pid,price\nC9200L-24P-4G,18500\n")[0] == "price-list-csv"
    assert facts("pid,price,currency\nC9200L-24P-4G,18500.50,SEK\n") == [Price("C9200L-24P-4G", 18500.5, "SEK")]


@pytest.mark.parametrize("price", ["free", "-1", "nan", "inf", "1e99", ""])
def test_what_is_no_price_is_refused(price: str) -> None:
    _, items = opened(f"pid,price\nC9200L-24P-4G,{price}\n")
    assert "is no price; write it as 12345.50" in items[0].refusal


def test_a_build_is_the_release_that_the_table_says() -> None:
    assert facts(BUILDS) == [Build("cucm", "12.5.1.17900-64", "12.5(1)SU7a")]
    store = MemoryKnowledge()
    store.put("cve-program", "2026-11-01", facts(cve_record(affected=[product("Cisco Unified Communications Manager", "12.5(1)SU7a")])), 0)
    before = ExposureJudge(store).judge("cucm", "12.5.1.17900-64")
    assert (before.normalised, list(before.statements)) == ("12.5.1.17900-64", [])
    store.put("partner", "2026-11-01", facts(BUILDS), 0)
    after = ExposureJudge(store).judge("cucm", "12.5.1.17900-64")
    assert (after.version, after.normalised, after.statements[0].basis) == ("12.5.1.17900-64", "12.5(1)SU7a", "listed")


def test_a_row_that_is_no_version_is_refused() -> None:
    _, items = opened("os,build,release\ncucm,soon,12.5(1)SU7a\njunos,1,2\n")
    assert "cucm: 'soon' is no version of it" in items[0].refusal
    assert "operating system 'junos' is not known" in items[1].refusal


def test_what_replaces_a_product_is_priced_with_it() -> None:
    store = MemoryKnowledge()
    store.put("partner", "2026-11-01", facts("pid,last_date_of_support,replacement\nWS-OLD,2026-01-31,C9-NEW\n"), 0)
    store.put("partner", "2026-11-01", facts("pid,price\nC9-NEW,100\nC9-OTHER,200\n"), 0)
    known = cut_out(store, [Asked("ios", "15.2(7)E8", "WS-OLD")])
    assert known.prices == {"C9-NEW": Price("C9-NEW", 100.0)}
