"""Lists over many customers: nothing outside the scope, and the same answers as the same wish has in memory."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.listing import Comparison, Condition, Order, Wish
from natvakt_server.domain.rights import EVERYWHERE, NOWHERE, Scope
from natvakt_server.domain.sifting import fits, sift
from natvakt_server.store.estate.listing import SqlEstateListing
from sqlalchemy import Engine
from testkit.sql_estate import SqlEstate

NAMES = ("core-1", "CORE-2", "acc_1", "acc%1", "", "å")
FIELDS = {
    "customer": lambda device: device.tenant,
    "site": lambda device: device.site,
    "name": lambda device: device.name,
    "address": lambda device: device.address,
    "model": lambda device: device.model,
    "serial": lambda device: device.serial,
    "last_seen": lambda device: device.last_seen_ns,
}
TEXTS_SEARCHED = ("name", "address", "serial", "model")


@pytest.fixture
def listing(engine: Engine) -> SqlEstateListing:
    estate = SqlEstate(engine)
    for tenant in ("acme", "beta"):
        for site in ("hq", "branch"):
            rows = [
                DocumentEffect(f"{site}-{n}", "device", 1000 + n, f"d{n}", [{"name": name, "serial": f"{tenant}{site}{n}", **_model(n)}])
                for n, name in enumerate(NAMES)
            ]
            estate.apply(rows, tenant, site)
    return SqlEstateListing(engine)


def _model(n: int) -> dict[str, str]:
    return {} if n % 2 else {"model": f"C9{n}00_x"}


@pytest.mark.parametrize(
    ("scope", "places"),
    [
        (NOWHERE, set()),
        (EVERYWHERE, {("acme", "hq"), ("acme", "branch"), ("beta", "hq"), ("beta", "branch")}),
        (Scope(tenants=frozenset({"acme"})), {("acme", "hq"), ("acme", "branch")}),
        (Scope(tenants=frozenset({"acme"}), sites=frozenset({("beta", "hq")})), {("acme", "hq"), ("acme", "branch"), ("beta", "hq")}),
        (Scope(sites=frozenset({("acme", "hq"), ("beta", "branch")})), {("acme", "hq"), ("beta", "branch")}),
        (Scope(tenants=frozenset({"nobody"})), set()),
    ],
)
def test_promise_50_a_list_holds_what_its_scope_holds_and_nothing_else(
    listing: SqlEstateListing, scope: Scope, places: set[tuple[str, str]]
) -> None:
    devices = listing.list_devices(scope, Wish(limit=1000))
    assert {(each.tenant, each.site) for each in devices.items} == places
    assert devices.count == len(devices.items)
    assert {(each.tenant, each.site) for each in listing.list_sites(scope, Wish()).items} == places
    assert {each.tenant for each in listing.list_customers(scope, Wish()).items} == {tenant for tenant, _ in places}
    for found in (listing.list_agents(scope, Wish()), listing.list_assessments(scope, Wish()), listing.list_events(scope, Wish())):
        assert (found.count, found.items) == (0, [])


def test_pages_join_to_the_whole_without_a_hole_or_a_double(listing: SqlEstateListing) -> None:
    whole = listing.list_devices(EVERYWHERE, Wish(order=(Order("name", descending=True),), limit=1000))
    pages = [listing.list_devices(EVERYWHERE, Wish(order=(Order("name", descending=True),), limit=5, offset=n)) for n in range(0, 30, 5)]
    assert [device for page in pages for device in page.items] == whole.items
    assert {page.count for page in pages} == {whole.count} == {24}


TEXTS = st.sampled_from(["core", "CORE-2", "acc_1", "acc%1", "_", "%", "", "C9", "-1", "acme", "hq", "\\"])
CONDITIONS = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(["customer", "site", "name", "model"]),
        st.sampled_from([each for each in Comparison if each not in ("lt", "lte", "gt", "gte", "empty")]),
        st.lists(TEXTS, min_size=1, max_size=2).map(tuple),
    ),
    st.builds(Condition, st.sampled_from(["model", "name"]), st.just(Comparison.EMPTY), st.tuples(st.booleans())),
    st.builds(
        Condition,
        st.just("last_seen"),
        st.sampled_from([Comparison.BELOW, Comparison.AT_MOST, Comparison.ABOVE, Comparison.AT_LEAST, Comparison.IS, Comparison.IS_NOT]),
        st.tuples(st.integers(998, 1008)),
    ),
)
WISHES = st.builds(Wish, st.lists(CONDITIONS, max_size=3).map(tuple), st.sampled_from(["", "core", "1", "_"]), st.just(()), st.just(1000))


def test_a_database_answers_what_the_same_wish_gets_in_memory(listing: SqlEstateListing) -> None:
    everything = listing.list_devices(EVERYWHERE, Wish(limit=1000)).items

    @settings(max_examples=60, deadline=None)
    @given(WISHES)
    def agree(wish: Wish) -> None:
        found, alike = listing.list_devices(EVERYWHERE, wish), sift(everything, wish, FIELDS, TEXTS_SEARCHED)
        assert found.count == alike.count
        assert {each.id for each in found.items} == {each.id for each in alike.items}

    agree()


def test_a_denial_holds_where_there_is_no_value() -> None:
    assert fits(None, Condition("x", Comparison.IS_NOT, ("a",)))
    assert not fits(None, Condition("x", Comparison.IS, ("a",)))
    assert not fits("a", Condition("x", Comparison.IS_NOT, ("b", "a")))


def test_a_field_that_the_list_does_not_have_is_a_mistake(listing: SqlEstateListing) -> None:
    with pytest.raises(KeyError):
        listing.list_devices(EVERYWHERE, Wish((Condition("password_hash", Comparison.IS, ("x",)),)))
