"""What leaves the house: product ids and versions, merged over customers; no name of anybody, whatever a device says of itself."""

import pytest
from natvakt_server.jobs.knowledge_inventory import KEEP_NS, KeptInventory, whole_inventory
from natvakt_server.knowledge.asking.inventory import inventory, is_product_id
from natvakt_server.store.estate.knowledge import SqlKnowledge
from testkit.console import ConsoleHouse


@pytest.fixture
def engine_of(centre):
    return centre.knowledge._engine


@pytest.mark.parametrize("pid", ["C9300-24T", "WS-C2960X-24TS-L", "CISCO2911/K9", "GLC-SX-MMD=", "N9K-C93180YC-EX", "ASR1001-X"])
def test_a_product_id_is_asked_for(pid):
    assert is_product_id(pid)


@pytest.mark.parametrize(
    "text",
    ["", "acme-core-1", "Acme AB", "C9300*", "C9300,C9200", "SWITCH", "C9300-24T?x=1", "../../C9", "C9300 24T", "C" * 39 + "12", "Ö9300"],
)
def test_what_has_not_the_form_of_one_is_not(text):
    assert not is_product_id(text)


def test_two_spellings_of_a_release_are_one_and_builds_and_nonsense_are_not_asked_for():
    found = inventory([], [], [("ios-xe", "17.03.04a"), ("ios-xe", "17.3.4a"), ("ios-xe", "acme special"), ("nx-os", "14.2(1i)")], list)
    assert found.versions == [("aci", "14.2(1i)"), ("ios-xe", "17.3.4a")]


def test_customers_are_merged_and_not_named(engine_of):
    house = ConsoleHouse(engine_of)
    house.add_switch()
    house.add_switch("acme-secret-core", model="acme-secret-model-1")
    house.add_switch("beta-core", tenant="beta", version="17.09.05")
    found = whole_inventory(house.estate, SqlKnowledge(engine_of))
    assert found.versions == [("ios-xe", "17.9.5")]
    assert list(found.models) == ["C9200L-48P-4X"]
    assert "acme" not in repr(found).lower()


def test_a_round_of_sources_looks_at_the_devices_once(centre, engine_of):
    house = ConsoleHouse(engine_of)
    house.add_switch()
    kept = KeptInventory(house.estate, centre.knowledge, centre.clock)
    first = kept()
    house.add_switch("new", version="17.12.1")
    assert kept() is first
    centre.clock.move(KEEP_NS / 1e9)
    assert kept().versions == [("ios-xe", "17.12.1"), ("ios-xe", "17.9.5")]
