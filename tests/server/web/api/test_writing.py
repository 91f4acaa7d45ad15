"""The few operations that change something: once, by one, and audited."""

from datetime import UTC, datetime
from typing import Any

import pytest
from natvakt_server.domain.jobs import ASSESSMENT
from natvakt_server.domain.rights import Grant, Role
from testkit.api import Program, program
from testkit.api_values import examples
from testkit.console import ConsoleHouse
from testkit.two_customers import OWN
from werkzeug.test import TestResponse

HOUR = 3600


def assess(caller: Program, tenant: str = "acme", key: str = "", **body: Any) -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return caller.ask("POST", f"/api/v1/customers/{tenant}/assessments", headers, json=body)


def test_an_assessment_is_asked_for_and_can_be_followed(house: ConsoleHouse, noc: Program) -> None:
    asked = assess(noc, sites=["hq"])
    assert (asked.status_code, asked.json["state"], asked.json["customer"]) == (202, "waiting", "acme")
    assert [(job.kind, job.arguments) for job in house.jobs.jobs("acme")] == [(ASSESSMENT, {"sites": ["hq"]})]
    assert noc.ask("GET", asked.json["url"]).json == asked.json
    assert house.audited("assessment-asked") == [("token:a-token", "acme/hq", "ok")]


def test_the_same_key_leads_to_the_same_work_also_after_it_is_done(house: ConsoleHouse, noc: Program) -> None:
    first = assess(noc, key="monday-1").json
    assert assess(noc, key="monday-1").json == first
    (job,) = house.jobs.jobs("acme")
    house.jobs.update_job(type(job)(**{name: getattr(job, name) for name in job.__slots__} | {"state": "done", "result": "r1"}))
    assert assess(noc, key="monday-1").json == {**first, "state": "done", "result": "r1"}
    assert len(house.jobs.jobs("acme")) == 1
    assert assess(noc, key="monday-1", sites=["hq"]).json["code"] == "key-used-otherwise"
    assert assess(noc, "beta", key="monday-1").json["code"] == "key-used-otherwise"
    assert assess(program(house, secret="other"), key="monday-1").json["id"] != first["id"]


def test_work_that_waits_is_named_and_not_doubled(house: ConsoleHouse, noc: Program) -> None:
    first = assess(noc).json
    again = assess(noc)
    assert (again.status_code, again.json["code"], again.headers["Location"]) == (409, "being-done", first["url"])
    assert len(house.jobs.jobs("acme")) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"sites": ["nowhere"]}, 422, "unknown-site"),
        ({"sites": "hq"}, 422, "bad-body"),
        ({"sites": [], "tenant": "beta"}, 422, "bad-body"),
        ({"sites": [{}]}, 422, "bad-body"),
    ],
)
def test_promise_53_what_is_not_asked_for_is_refused(house: ConsoleHouse, noc: Program, body: Any, status: int, code: str) -> None:
    answer = noc.ask("POST", "/api/v1/customers/acme/assessments", json=body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert house.jobs.jobs("acme") == []


def test_a_body_that_is_no_json_or_too_large_is_refused(noc: Program) -> None:
    path = "/api/v1/customers/acme/assessments"
    for data, kind, status in (
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"sites=hq", "application/x-www-form-urlencoded", 415),
        (b" " * 100_000, "application/json", 413),
    ):
        answer = noc.ask("POST", path, data=data, content_type=kind)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert assess(noc, key="no spaces").json["code"] == "bad-argument"


def test_promise_50_a_customers_reader_asks_for_nothing(house: ConsoleHouse) -> None:
    assert assess(program(house, Grant(Role.CUSTOMER_READER, "acme"))).status_code == 403
    assert assess(program(house, Grant(Role.CONSULTANT, "acme", "hq"))).status_code == 404
    assert house.jobs.jobs("acme") == []


def take(caller: Program, told: dict[str, str], **body: Any) -> TestResponse:
    return caller.ask("POST", f"/api/v1/customers/{OWN}/incidents/{told['incident']}/acknowledgement", json=body)


def at(house: ConsoleHouse, seconds: float) -> str:
    return datetime.fromtimestamp(house.clock.now_ns / 1e9 + seconds, UTC).isoformat().replace("+00:00", "Z")


def test_of_two_who_take_an_incident_at_once_one_gets_it(house: ConsoleHouse, noc: Program) -> None:
    told = examples(house)
    other = program(house, secret="other-noc")
    claims = noc.get(f"/customers/{OWN}/incidents/{told['incident']}").json["incident"]["claims"]
    until = at(house, HOUR)
    first = take(noc, told, claims=claims, until=until, note="on it")
    assert (first.status_code, first.json["owner"], first.json["claims"]) == (200, "a-token", claims + 1)
    second = take(other, told, claims=claims, until=until)
    assert (second.status_code, second.json["code"]) == (409, "taken-meanwhile")
    assert take(noc, told, claims=claims, until=until, note="on it").json == first.json
    assert [each[2] for each in house.audited("incident-take")] == ["ok", "refused"]
    given = take(noc, told, claims=claims + 1)
    assert (given.status_code, given.json["owner"], given.json["owner_until"]) == (200, "", None)
    assert take(noc, told, claims=claims + 1).json == given.json


def test_an_incident_is_held_for_a_time_to_come_and_with_a_note_that_is_one(house: ConsoleHouse, noc: Program) -> None:
    told = examples(house)
    for until in (at(house, -1), at(house, 40 * 24 * HOUR), "2027-01-01T00:00:00"):
        assert take(noc, told, claims=1, until=until).status_code == 422
    for wrong in ({"note": "x" * 501}, {"note": "a\x00b"}, {"note": "a\nb"}, {"claims": -1}, {"claims": 10**30}, {"claims": "1"}):
        assert take(noc, told, **{"claims": 1, "until": at(house, HOUR), **wrong}).status_code == 422, wrong
    over = take(noc, {"incident": f"{OWN}-over"}, claims=0, until=at(house, HOUR))
    assert (over.status_code, over.json["code"]) == (409, "over")


def test_incidents_that_are_over_are_listed_apart(house: ConsoleHouse, noc: Program) -> None:
    examples(house)
    assert [each["id"] for each in noc.results("/incidents")] == [f"{OWN}-incident"]
    assert [each["id"] for each in noc.results("/incidents?state=over")] == [f"{OWN}-over"]
    assert noc.results("/incidents?severity=warning") == []
