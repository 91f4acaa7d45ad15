"""Logging in: name and password, then the code."""

from dataclasses import replace

import pytest
from natvakt_server.web.access.sessions import SESSION_COOKIE
from testkit.console import PASSWORD, ConsoleHouse
from testkit.console import Browser as BrowserOf


def test_a_password_and_a_code_lead_to_the_overview(house: ConsoleHouse, stranger: BrowserOf) -> None:
    first = stranger.log_in("Olga")
    assert (first.status_code, first.location) == (303, "/login/code")
    second = stranger.give_code()
    assert (second.status_code, second.location) == (303, "/")
    assert stranger.get("/").status_code == 200
    assert house.audited("login") == [("user:olga", "user:olga", "ok")]


def test_a_password_alone_opens_nothing(stranger: BrowserOf) -> None:
    stranger.log_in("olga")
    answer = stranger.get("/customers")
    assert (answer.status_code, answer.location) == (303, "/login/code")


def test_the_page_one_came_for_is_where_one_gets(stranger: BrowserOf) -> None:
    turned = stranger.get("/customers?customers-q=x")
    assert turned.location == "/login?next=/customers?customers-q%3Dx"
    shown = stranger.get(turned.location)
    assert 'name="next" value="/customers?customers-q=x"' in shown.text
    csrf = stranger.csrf()
    stranger.open("POST", "/login", data={"csrf": csrf, "name": "olga", "password": PASSWORD, "next": "/customers?customers-q=x"})
    assert (
        stranger.post("/login/code", {"code": stranger.house.code(), "next": "/customers?customers-q=x"}).location
        == "/customers?customers-q=x"
    )


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\evil", "/a\nb"]
)
def test_nobody_is_sent_to_another_host_after_logging_in(stranger: BrowserOf, elsewhere: str) -> None:
    stranger.log_in("olga")
    assert stranger.post("/login/code", {"code": stranger.house.code(), "next": elsewhere}).location == "/"


@pytest.mark.parametrize(("name", "password"), [("olga", "wrong password here"), ("nobody", PASSWORD), ("", ""), ("olga", "")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(stranger: BrowserOf, name: str, password: str) -> None:
    answer = stranger.log_in(name, password)
    assert answer.status_code == 401
    assert "Name or password is wrong." in answer.text
    assert stranger.cookie(SESSION_COOKIE) is None


def test_every_failed_login_stands_in_the_audit_trail_without_the_password(house: ConsoleHouse, stranger: BrowserOf) -> None:
    stranger.log_in("olga", "not this one either")
    assert house.audited("login") == [("visitor:192.0.2.10", "user:olga", "refused")]
    assert all("not this one" not in str(entry) for entry in house.audit.entries())


def test_a_disabled_person_is_refused_like_a_wrong_password(house: ConsoleHouse, stranger: BrowserOf) -> None:
    house.accounts.put_user(replace(house.engineer, disabled=True))
    assert stranger.log_in("erik").status_code == 401


def test_a_person_who_has_not_used_the_link_yet_cannot_log_in(house: ConsoleHouse, stranger: BrowserOf) -> None:
    house.add_user("nina", "engineer", password_hash=None, totp_sealed=None)
    assert stranger.log_in("nina").status_code == 401


def test_logging_in_without_the_forms_token_is_refused(house: ConsoleHouse, stranger: BrowserOf) -> None:
    stranger.get("/login")
    answer = stranger.open("POST", "/login", data={"name": "olga", "password": PASSWORD})
    assert answer.status_code == 403
    assert house.audited("form-refused")[-1][2] == "refused"


def test_logging_in_from_another_sites_form_is_refused(stranger: BrowserOf) -> None:
    for origin in ("https://evil.example", "null", "https://console.example:8443.evil.example", "https://console.example"):
        assert stranger.post("/login", {"name": "olga", "password": PASSWORD}, Origin=origin).status_code == 403, origin
    assert stranger.post("/login", {"name": "olga", "password": PASSWORD}, Origin="https://console.example:8443").status_code == 303
    assert stranger.post("/login", {"name": "olga", "password": PASSWORD}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_session_token_changes_with_every_step(stranger: BrowserOf) -> None:
    stranger.log_in("olga")
    first = stranger.cookie(SESSION_COOKIE)
    stranger.give_code()
    second = stranger.cookie(SESSION_COOKIE)
    assert first
    assert second
    assert first != second
    stranger.set_cookie(SESSION_COOKIE, first)
    assert stranger.get("/").status_code == 303


def test_the_cookie_is_for_this_host_only_and_out_of_scripts_reach(stranger: BrowserOf) -> None:
    cookie = next(value for name, value in stranger.log_in("olga").headers.items() if name == "Set-Cookie" and SESSION_COOKIE in value)
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_the_wrong_method_is_told_which_ones_there_are(stranger: BrowserOf) -> None:
    answer = stranger.open("PUT", "/login")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
