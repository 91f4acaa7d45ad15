"""Promise 53: the same headers on every answer: pages, redirects, downloads, static files, errors."""

import pytest
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.web.access.headers import HEADERS
from testkit.console import Browser, ConsoleHouse
from testkit.console_routes import ROUTES, path_of
from werkzeug.test import TestResponse

INLINE = ("<style", " style=", "javascript:", " onclick=", " onload=", "http://", "//cdn")


def check(answer: TestResponse, what: str) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, f"{what}: {name}"
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_promise_53_every_route_carries_them_for_everybody(house: ConsoleHouse) -> None:
    for route in ROUTES:
        for who in (None, house.engineer, house.owner):
            browser = house.browser(who)
            path = path_of(route)
            answer = browser.post(path) if route.method == "POST" else browser.get(path)
            check(answer, f"{route.name} {who and who.name} {answer.status_code}")
            assert answer.headers["Cache-Control"] == "no-store", route.name


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/no/such/page", 404), ("DELETE", "/", 405), ("GET", "/static/nothing.js", 404)]
)
def test_promise_53_errors_carry_them_too(owner: Browser, method: str, path: str, status: int) -> None:
    answer = owner.open(method, path)
    assert answer.status_code == status
    check(answer, path)


def test_promise_53_a_failure_of_ours_carries_them_and_tells_nothing(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.series.away = RuntimeError("secret detail of the inside")
    answer = owner.get(f"/customers/acme/devices/{device_id}")
    assert answer.status_code == 500
    check(answer, "500")
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text


def test_promise_53_a_store_that_is_away_carries_them(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.series.away = SeriesUnavailable("gone")
    answer = owner.get(f"/customers/acme/devices/{device_id}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    check(answer, "503")


@pytest.mark.parametrize(
    "name", ["console.css", "console.js", "charts.js", "icon.svg", "vendor/htmx.min.js", "vendor/uplot.min.js", "vendor/uplot.min.css"]
)
def test_static_files_carry_them_and_may_be_kept(stranger: Browser, name: str) -> None:
    answer = stranger.get(f"/static/{name}")
    assert answer.status_code == 200
    check(answer, name)
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_static_file_is_sent_compressed_to_who_reads_that(stranger: Browser) -> None:
    plain, packed = stranger.get("/static/console.css"), stranger.get("/static/console.css", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2


@pytest.mark.parametrize(
    "path", ["/static/../ports.py", "/static/%2e%2e/ports.py", "/static/..%2fports.py", "/static//etc/passwd", "/static/vendor"]
)
def test_no_path_leads_out_of_the_static_files(stranger: Browser, path: str) -> None:
    assert stranger.get(path).status_code in (404, 308)


def test_promise_53_no_page_has_inline_style_or_script(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_assessment(device_id)
    house.add_agent()
    for route in ROUTES:
        if route.method == "GET":
            path = path_of(route, device_id=device_id, agent_id="agent-1", assessment_id=house.assessments.history("acme")[0].id)
            answer = owner.get(path)
            if answer.mimetype == "text/html" and "Content-Disposition" not in answer.headers:
                for forbidden in INLINE:
                    assert forbidden not in answer.text.replace("http://www.w3.org", ""), f"{path}: {forbidden}"
                assert answer.text.count("<script") == answer.text.count('<script src="/static/'), path


def test_promise_54_an_error_page_has_an_id_that_stands_in_the_log(owner: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    page = owner.get("/no/such/page").text
    number = page.split("Error ")[1].split(".")[0]
    assert f"id={number}" in caplog.text


def test_promise_54_debugging_is_off(house: ConsoleHouse) -> None:
    assert not house.application.debug
    assert not house.application.testing


def test_a_form_too_large_is_refused(owner: Browser) -> None:
    assert owner.open("POST", "/preferences", data={"csrf": owner.csrf(), "back": "x" * 100_000}).status_code == 413
