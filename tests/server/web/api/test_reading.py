"""Reading the API: lists, filters, pages, tags, and who is let in."""

import pytest
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.web.access.headers import HEADERS
from natvakt_server.web.api.limits import CALLS, KNOCKS
from testkit.api import Program, program
from testkit.console import ConsoleHouse


def test_devices_are_listed_with_a_token(house: ConsoleHouse, noc: Program) -> None:
    device_id = house.add_switch()
    house.add_switch("beta-sw", tenant="beta")
    answer = noc.get("/devices")
    assert (answer.status_code, answer.mimetype, answer.json["count"]) == (200, "application/json", 2)
    first = answer.json["results"][0]
    assert (first["id"], first["customer"], first["site"], first["name"], first["role"]) == (device_id, "acme", "hq", "hq-acc1", "access")
    assert noc.ask("GET", first["url"]).json == first


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=sw-1", ["sw-1"]),
        ("name=sw-1&name=sw-2", ["sw-1", "sw-2"]),
        ("name__n=sw-1", ["core", "sw-2", "sw-3"]),
        ("name__ic=W-", ["sw-1", "sw-2", "sw-3"]),
        ("name__nic=sw", ["core"]),
        ("customer=acme&name__isw=sw", ["sw-1", "sw-2"]),
        ("q=CORE", ["core"]),
        ("q=nothing-like-it", []),
        ("ordering=-name", ["sw-3", "sw-2", "sw-1", "core"]),
        ("vendor__empty=false", []),
        ("last_seen__gte=2026-11-25T00:00:00Z&limit=1", None),
        ("first_seen__lt=1999-01-01T00:00:00%2B01:00", []),
    ],
)
def test_filters_are_netboxs(house: ConsoleHouse, noc: Program, query: str, names: list[str] | None) -> None:
    for name, tenant in (("core", "acme"), ("sw-1", "acme"), ("sw-2", "acme"), ("sw-3", "beta")):
        house.add_switch(name, tenant=tenant)
    found = [device["name"] for device in noc.results(f"/devices?{query}")]
    if names is not None:
        assert found == names


def test_pages_lead_to_each_other(house: ConsoleHouse, noc: Program) -> None:
    for number in range(5):
        house.add_switch(f"sw-{number}")
    seen, path, steps = [], "/api/v1/devices?limit=2&name__ic=sw&name__ic=x%26", 0
    while path:
        answer = noc.ask("GET", path).json
        seen += [device["name"] for device in answer["results"]]
        path, steps = answer["next"], steps + 1
        assert answer["count"] == 5
    assert (seen, steps) == (["sw-0", "sw-1", "sw-2", "sw-3", "sw-4"], 3)
    assert answer["previous"].startswith("https://console.example:8443/api/v1/devices?name__ic=sw&name__ic=x%26&limit=2&offset=2")


@pytest.mark.parametrize(
    ("query", "names_the"),
    [
        ("nmae=x", "nmae"),
        ("name__gt=x", "name__gt"),
        ("role=switch", "role"),
        ("limit=-1", "limit"),
        ("limit=1001", "limit"),
        ("offset=x", "offset"),
        ("ordering=password", "ordering"),
        ("last_seen__lt=yesterday", "last_seen__lt"),
        ("last_seen__lt=2026-11-25T00:00:00", "last_seen__lt"),
        ("name=%00", "name"),
        ("vendor__empty=perhaps", "vendor__empty"),
        ("name=" + "x" * 300, "name"),
        ("&".join(f"name={n}" for n in range(40)), "too-many-filters"),
    ],
)
def test_what_is_not_understood_is_refused_and_named(noc: Program, query: str, names_the: str) -> None:
    answer = noc.get(f"/devices?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert names_the in answer.json["detail"] + answer.json["code"]
    assert set(answer.json) == {"type", "title", "status", "code", "detail", "id"}


def test_who_has_the_answer_already_is_told_so(house: ConsoleHouse, noc: Program) -> None:
    house.add_switch()
    tag = noc.get("/devices").headers["ETag"]
    again = noc.get("/devices", If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    house.add_switch("another")
    assert noc.get("/devices", If_None_Match=tag).status_code == 200


def test_nobody_gets_in_without_a_good_token(house: ConsoleHouse) -> None:
    for secret in ("", "made-up", "ö", "x" * 1000):
        answer = Program(house, secret.encode().decode("latin-1")).get("/devices")
        assert (answer.status_code, answer.json["code"]) == (401, "no-good-token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert Program(house).get("/openapi.json").status_code == 401
    assert Program(house).get("/no/such/thing").status_code == 401


def test_a_session_of_the_console_is_no_token(house: ConsoleHouse) -> None:
    assert house.browser(house.owner).get("/api/v1/devices").status_code == 401


def test_promise_55_strangers_are_audited_and_slowed_down(house: ConsoleHouse) -> None:
    stranger = Program(house, "made-up")
    answers = [stranger.get("/devices").status_code for _ in range(KNOCKS.burst + 3)]
    assert answers == [401] * KNOCKS.burst + [429] * 3
    assert len(house.audited("token-refused")) == KNOCKS.burst
    house.clock.move(1 / KNOCKS.per_second)
    assert stranger.get("/devices").status_code == 401


def test_a_token_that_calls_too_often_is_told_when_to_come_again(house: ConsoleHouse, noc: Program) -> None:
    answers = [noc.get("/customers") for _ in range(CALLS.burst + 1)]
    assert [answer.status_code for answer in answers] == [200] * CALLS.burst + [429]
    house.clock.move(int(answers[-1].headers["Retry-After"]))
    assert noc.get("/customers").status_code == 200
    assert program(house, secret="another").get("/customers").status_code == 200


def test_promise_50_a_customers_token_sees_nothing_of_another(house: ConsoleHouse, acme: Program) -> None:
    own, other = house.add_switch(), house.add_switch("beta-sw", tenant="beta")
    assert [each["customer"] for each in acme.results("/customers")] == ["acme"]
    assert {each["customer"] for each in acme.results("/sites")} == {"acme"}
    assert [each["id"] for each in acme.results("/devices")] == [own]
    assert acme.results("/devices?customer=beta") == []
    assert acme.results("/devices?q=beta") == []
    for hidden, missing in (
        (f"/devices/{other}", "/devices/nothing"),
        ("/customers/beta", "/customers/nobody"),
        ("/customers/beta/sites/hq", "/customers/nobody/sites/hq"),
    ):
        there, nowhere = acme.get(hidden), acme.get(missing)
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert set(there.json) == set(nowhere.json)


def test_promise_50_a_token_for_one_site_sees_that_site(house: ConsoleHouse) -> None:
    here, there = house.add_switch(), house.add_switch("branch-sw", site="branch")
    token = program(house, Grant(Role.CUSTOMER_READER, "acme", "hq"))
    assert [each["site"] for each in token.results("/sites")] == ["hq"]
    assert [each["id"] for each in token.results("/devices")] == [here]
    assert (token.get(f"/devices/{here}").status_code, token.get(f"/devices/{there}").status_code) == (200, 404)
    assert (token.get("/customers/acme").status_code, token.get("/customers/acme/sites/branch").status_code) == (200, 404)


def test_an_address_that_is_no_operation_is_a_problem_too(noc: Program) -> None:
    assert (noc.get("/nothing/here").status_code, noc.get("/nothing/here").mimetype) == (404, "application/problem+json")
    wrong = noc.ask("DELETE", "/api/v1/devices/x")
    assert (wrong.status_code, wrong.headers["Allow"], wrong.json["code"]) == (405, "GET", "method-not-allowed")


def test_promise_53_every_answer_carries_the_headers(house: ConsoleHouse, noc: Program) -> None:
    for answer in (noc.get("/devices"), noc.get("/devices?x=1"), noc.get("/x"), Program(house).get("/devices"), noc.get("/openapi.json")):
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


def test_promise_54_a_fault_tells_an_id_and_nothing_of_the_inside(
    house: ConsoleHouse, noc: Program, caplog: pytest.LogCaptureFixture
) -> None:
    house.engine.dispose()
    house.tokens.bearer = None  # type: ignore[assignment,method-assign]
    answer = noc.get("/devices")
    assert (answer.status_code, answer.json["code"]) == (500, "failed")
    assert f"id={answer.json['id']}" in caplog.text
    assert "NoneType" not in answer.text


def test_promise_39_a_hostile_name_comes_back_as_it_is(house: ConsoleHouse, noc: Program) -> None:
    name = "<script>alert(1)</script>' OR 1=1 --"
    house.add_switch(name)
    assert [device["name"] for device in noc.results("/devices?q=%3Cscript")] == [name]
    assert noc.results("/devices?name='%20OR%201=1%20--") == []
    assert noc.results("/devices?name__ic=%25") == []
