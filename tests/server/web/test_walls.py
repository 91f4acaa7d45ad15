"""Promise 50: every route x method x role x own and other customer, from the list of screens itself.

The other customer's every text is a canary. Whatever somebody limited to one customer asks for, and however, no answer holds the canary in
its body or headers, and what is the other's is answered as what does not exist.
"""

import re
from dataclasses import fields

import pytest
from natvakt_server.domain.estate import Customer
from natvakt_server.domain.rights import NOWHERE, Grant, Grants, Permission, Role, Scope
from natvakt_server.web.access.gate import reaches
from natvakt_server.web.ports import ConsolePorts
from natvakt_server.web.routing import Access, Route
from natvakt_server.web.walls.ports import OPEN, walled
from testkit.console import Browser, ConsoleHouse
from testkit.console_routes import ROUTES, path_of
from testkit.flaky_database import recorded_statements
from testkit.two_customers import EVERYBODYS, LIMITED, OTHER, OWN, Placed, add_granted, furnish
from werkzeug.test import TestResponse

ACROSS = (("customers", "customers"), ("assessments", "newest"), ("agents", "agents"), ("backups", "backups"), ("alerts", "incidents"))
TABS = (("", "sites"), ("/devices", "devices"), ("/assessments", "assessments"), ("/events", "events"), (f"/sites/{EVERYBODYS}", "devices"))
WIDEST = ("engineer-of-one", "customer-administrator", "reader-of-a-site", "nobody")  # the others may less of the same
WALLED_ROUTES = [route for route in ROUTES if route.access in (Access.SIGNED_IN, Access.PARTNER)]


def ask(browser: Browser, route: Route, path: str) -> TestResponse:
    return browser.post(path) if route.method == "POST" else browser.get(path)


def told(answer: TestResponse) -> str:
    return f"{answer.headers}\n{answer.text if answer.mimetype != 'application/pdf' else ''}"


@pytest.fixture
def own(house: ConsoleHouse) -> Placed:
    return furnish(house, OWN)


@pytest.fixture
def other(house: ConsoleHouse, own: Placed) -> Placed:
    del own  # first, so that the other's things are the newer ones
    return furnish(house, OTHER)


@pytest.mark.parametrize("who", WIDEST)
def test_promise_50_no_route_tells_anything_of_another_customer(house: ConsoleHouse, own: Placed, other: Placed, who: str) -> None:
    """Own ids, the other's ids, and the other's ids under the own customer; pages, tables as CSV, fragments."""
    browser = house.browser(add_granted(house, who, *LIMITED[who]))
    leaks = []
    for route in WALLED_ROUTES:
        mixed = {**other.values(), "tenant": OWN}
        for values in (own.values(), other.values(), mixed):
            path = path_of(route, **values, format="json")
            answer = ask(browser, route, path)
            asked = {path, *(value for value in values.values() if OTHER in value)}
            text = told(answer)
            for part in sorted(asked, key=len, reverse=True):
                text = text.replace(part, "")  # what was asked for may be said again, as for what does not exist
            leaks += [(route.name, path)] if OTHER in text else []
            assert answer.status_code < 500, path
    assert not leaks


@pytest.mark.parametrize("who", ["engineer-of-one", "customer-reader", "reader-of-a-site"])
def test_promise_50_lists_searches_and_exports_hold_only_what_is_ones_own(
    house: ConsoleHouse, own: Placed, other: Placed, who: str
) -> None:
    del other
    browser = house.browser(add_granted(house, who, *LIMITED[who]))
    pages = ["/", "/?wall=1", "/search?q=holm", "/search?q=10.0.0", "/search?q=SN"]
    pages += [f"/{name}?csv={table}" for name, table in ACROSS] + [f"/customers/{own.tenant}{tab}?csv={table}" for tab, table in TABS]
    for path in pages:
        for headers in ({}, {"HX-Request": "true"}):
            assert OTHER not in told(browser.get(path, **headers)), path


@pytest.mark.parametrize("who", WIDEST)
def test_promise_50_what_is_anothers_is_answered_as_what_does_not_exist(house: ConsoleHouse, own: Placed, other: Placed, who: str) -> None:
    """Same status, same body, same headers: byte for byte but for the number of the error and the address that was asked for."""
    del own
    browser = house.browser(add_granted(house, who, *LIMITED[who]))
    missing = {**dict.fromkeys(other.values(), "nothing"), "tenant": "nobody", "version": "9"}
    differing = []
    for route in WALLED_ROUTES:
        if re.search(r"<(tenant|agent_id)>", route.path):
            theirs = ask(browser, route, path_of(route, **other.values()))
            none = ask(browser, route, path_of(route, **missing))
            assert theirs.status_code in (403, 404), route.name
            assert theirs.status_code == 404 or "<tenant>" not in route.path, route.name
            differing += [route.name] if shape(theirs) != shape(none) else []
    assert not differing


def shape(answer: TestResponse) -> tuple[int, list[str], str]:
    numberless = re.sub(r"[0-9a-f]{12}|/(customers|agents)/[^\"<]*", "", answer.text)
    return answer.status_code, sorted(answer.headers.keys()), numberless


@pytest.mark.parametrize("who", LIMITED)
def test_promise_50_a_route_is_open_exactly_where_a_grant_gives_its_permission(house: ConsoleHouse, own: Placed, who: str) -> None:
    browser = house.browser(add_granted(house, who, *LIMITED[who]))
    wrong = []
    for route in WALLED_ROUTES:
        scope = Grants(LIMITED[who]).scope(route.permission)
        place = {"tenant": own.tenant, "site": EVERYBODYS}
        inside = reaches(scope, route, *(place[name] if f"<{name}>" in route.path else "" for name in ("tenant", "site")))
        answer = ask(browser, route, path_of(route, **own.values(), format="json"))
        wrong += [(route.name, answer.status_code)] if inside == (answer.status_code == 403) and answer.status_code != 404 else []
        wrong += [(route.name, answer.status_code)] if not inside and answer.status_code not in (403, 404) else []
    assert not wrong


def test_a_customers_reader_sees_everything_of_ones_own(house: ConsoleHouse, own: Placed, other: Placed) -> None:
    del other
    reader = house.browser(add_granted(house, "rut", *LIMITED["customer-reader"]))
    for route in WALLED_ROUTES:
        if route.method == "GET" and route.permission in (Permission.SEE, Permission.REPORTS) and route.access is Access.SIGNED_IN:
            answer = reader.get(path_of(route, **own.values(), format="json"))
            assert answer.status_code == 200, route.name
    assert f"{OWN} AB" in reader.get("/").text
    assert f"{OWN}-sw1" in reader.get("/search?q=sw1").text


def test_the_reader_of_one_site_sees_nothing_of_the_customers_other_site(house: ConsoleHouse, own: Placed) -> None:
    reader = house.browser(add_granted(house, "rut", *LIMITED["reader-of-a-site"]))
    elsewhere = next(device for device in house.estate.devices(OWN) if device.site != EVERYBODYS)
    for path in (
        "/",
        "/customers",
        "/search?q=holm",
        f"/customers/{OWN}",
        f"/customers/{OWN}/devices",
        f"/customers/{OWN}/devices?csv=devices",
        f"/customers/{OWN}/events",
        f"/customers/{OWN}/assessments",
        f"/customers/{OWN}/sites/{EVERYBODYS}",
    ):
        shown = reader.get(path)
        assert shown.status_code == 200, path
        assert not re.search(f"{OWN}[- ]lager|{elsewhere.name}|{elsewhere.id}", shown.text), path
    for path in (f"/customers/{OWN}/sites/{OWN}-lager", f"/customers/{OWN}/devices/{elsewhere.id}"):
        assert reader.get(path).status_code == 404, path
    assert "1 site" in reader.get("/").text


def test_a_grant_holds_from_the_next_request_on_and_not_longer(house: ConsoleHouse, own: Placed) -> None:
    user = add_granted(house, "rut")
    browser = house.browser(user)
    grant = LIMITED["customer-reader"][0]
    assert browser.get(f"/customers/{own.tenant}").status_code == 404
    house.accounts.give(user.id, grant)
    assert browser.get(f"/customers/{own.tenant}").status_code == 200
    assert house.accounts.take(user.id, grant)
    assert browser.get(f"/customers/{own.tenant}").status_code == 404


def test_somebody_with_many_customers_costs_no_more_questions(house: ConsoleHouse) -> None:
    def questions(tenants: int) -> int:
        grants = [Grant(Role.CONSULTANT, f"kund-{number}") for number in range(tenants)]
        browser = house.browser(add_granted(house, f"siv-{tenants}", *grants))
        with recorded_statements(house.engine) as statements:
            page = browser.get("/customers").text
        assert page.count("/customers/kund-") == tenants
        assert OTHER not in page
        return len(statements.texts)

    for number in range(12):
        house.administration.add_customer(Customer(f"kund-{number}", f"Kund {number}"))
    house.administration.add_customer(Customer(OTHER, OTHER))
    assert questions(12) <= questions(1) + 1


def test_every_port_of_the_console_is_walled_or_says_why_not(house: ConsoleHouse) -> None:
    """A new port without a wall fails here: it would show everything to everybody who may see anything."""
    behind = walled(house.ports, Scope(tenants=frozenset({OWN})))
    same = {each.name for each in fields(ConsolePorts) if getattr(behind, each.name) is getattr(house.ports, each.name)}
    assert same == set(OPEN)


def test_a_page_asked_for_without_a_right_has_empty_ports(house: ConsoleHouse, other: Placed) -> None:
    behind = walled(house.ports, NOWHERE)
    assert not behind.estate.customers()
    assert behind.estate.customer(OTHER) is None
    assert behind.agents.agent(other.agent_id) is None
    assert not behind.jobs.jobs()
    assert behind.delivery.backlog().pending == 0
