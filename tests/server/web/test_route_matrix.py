"""Promise 50: every route, every method, every role, from the list of screens itself: nothing is open by forgetting."""

import pytest
from natvakt_server.domain.rights import Permission
from natvakt_server.web.routing import Access, Route
from testkit.console import Browser, ConsoleHouse
from testkit.console_routes import ROUTES, path_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def ask(browser: Browser, route: Route, path: str) -> int:
    return browser.post(path).status_code if route.method == "POST" else browser.get(path).status_code


def test_promise_50_every_route_refuses_whoever_it_is_not_for(house: ConsoleHouse) -> None:
    wrong = []
    for route in ROUTES:
        path = path_of(route)
        answers = {
            "stranger": ask(house.browser(), route, path),
            "half": ask(house.browser(house.owner, second_factor=False), route, path),
            "engineer": ask(house.browser(house.engineer), route, path),
            "owner": ask(house.browser(house.owner), route, path),
        }
        turned_away = 303 if route.method == "GET" else 401
        expected = {
            Access.ANYONE: {},
            Access.FIRST_FACTOR: {"stranger": turned_away},
        }.get(route.access, {"stranger": turned_away, "half": turned_away})
        if route.access is Access.PARTNER and route.permission in (Permission.PEOPLE, Permission.AUDIT):
            expected["engineer"] = 403
        wrong += [(route.name, who, answers[who], status) for who, status in expected.items() if answers[who] != status]
        if route.access not in (Access.ANYONE, Access.FIRST_FACTOR) and answers["owner"] in (401, 403):
            wrong.append((route.name, "owner", answers["owner"], 0))
        wrong += [(route.name, who, status, 500) for who, status in answers.items() if status >= 500]
    assert not wrong


def test_promise_50_a_method_that_a_route_does_not_have_is_refused(owner: Browser) -> None:
    known = {(route.path, route.method) for route in ROUTES}
    wrong = []
    for path in sorted({route.path for route in ROUTES}):
        example = next(route for route in ROUTES if route.path == path)
        for method in METHODS:
            if (path, method) not in known:
                answer = owner.open(method, path_of(example), data={"csrf": owner.csrf()})
                wrong += [] if answer.status_code == 405 else [(path, method, answer.status_code)]
    assert not wrong


def test_promise_50_another_customers_things_are_not_found_under_this_customer(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch("beta-sw", tenant="beta")
    report = house.add_assessment(device_id, "beta-sw", tenant="beta")
    owner.post("/customers/beta/assessments", {"site": ""})
    job = house.jobs.jobs("beta")[0]
    own = [
        f"/customers/beta/devices/{device_id}",
        f"/customers/beta/devices/{device_id}/charts/cpu.json",
        f"/customers/beta/assessments/{report.id}",
        f"/customers/beta/assessments/{report.id}/report.json",
        f"/customers/beta/jobs/{job.id}",
    ]
    for path in own:
        assert owner.get(path).status_code == 200, path
        there, missing = owner.get(path.replace("/beta/", "/acme/")), owner.get(path.replace("/beta/", "/nobody/"))
        assert (there.status_code, missing.status_code) == (404, 404), path
    assert owner.get("/customers/acme/sites/kontoret").status_code == 404


def test_every_post_without_the_forms_token_changes_nothing(house: ConsoleHouse, owner: Browser) -> None:
    before = house.accounts.users()
    for route in ROUTES:
        if route.method == "POST":
            for data in ({}, {"csrf": "wrong"}, {"csrf": house.browser(house.engineer).csrf()}):
                answer = owner.open("POST", path_of(route, user_id=house.engineer.id), data=data)
                assert answer.status_code == 403, route.name
    assert house.accounts.users() == before


def test_a_token_in_the_header_counts_as_one_in_the_form(owner: Browser) -> None:
    answer = owner.open("POST", "/customers/acme/assessments", {"X-CSRF-Token": owner.csrf()}, {"site": ""})
    assert answer.status_code == 303


def test_names_and_paths_of_routes_are_written_once() -> None:
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert len({(route.path, route.method) for route in ROUTES}) == len(ROUTES)


def test_promise_55_refusals_of_strangers_are_audited_up_to_a_rate(house: ConsoleHouse) -> None:
    browser = house.browser()
    for _ in range(100):
        browser.get("/customers")
    assert len(house.audited("no-session")) == 60
    house.clock.move(60)
    browser.get("/customers")
    assert len(house.audited("no-session")) == 61


@pytest.mark.parametrize("path", ["/customers", "/search?q=x"])
def test_a_fragment_asked_for_without_a_session_sends_the_whole_page_to_the_login(stranger: Browser, path: str) -> None:
    answer = stranger.get(path, **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")
