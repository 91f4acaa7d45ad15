"""Promise 52: a session ends at the server, at once, for good."""

from dataclasses import replace

import pytest
from natvakt_server.web.access.sessions import SESSION_COOKIE, token_hash
from testkit.console import PASSWORD, Browser, ConsoleHouse

TURNED_AWAY = "/login?next=/"


def test_promise_52_logging_out_ends_the_session_for_whoever_kept_the_cookie(house: ConsoleHouse, owner: Browser) -> None:
    kept = owner.cookie(SESSION_COOKIE) or ""
    answer = owner.post("/logout")
    assert answer.location == "/login"
    assert owner.cookie(SESSION_COOKIE) is None
    owner.set_cookie(SESSION_COOKIE, kept)
    assert owner.get("/").location == TURNED_AWAY
    assert house.audited("logout") == [("user:olga", "user:olga", "ok")]


def test_logging_out_is_a_post_with_the_forms_token(owner: Browser) -> None:
    assert owner.get("/logout").status_code == 405
    assert owner.open("POST", "/logout").status_code == 403
    assert owner.get("/").status_code == 200


def test_promise_52_disabling_a_person_ends_every_session_at_once(house: ConsoleHouse, owner: Browser, engineer: Browser) -> None:
    assert engineer.get("/").status_code == 200
    owner.post(f"/administration/users/{house.engineer.id}/disable")
    assert engineer.get("/").location == TURNED_AWAY
    owner.post(f"/administration/users/{house.engineer.id}/enable")
    assert engineer.get("/").location == TURNED_AWAY


def test_promise_52_taking_the_second_factor_away_ends_every_session_at_once(
    house: ConsoleHouse, owner: Browser, engineer: Browser
) -> None:
    owner.post(f"/administration/users/{house.engineer.id}/reset")
    assert engineer.get("/").location == TURNED_AWAY


def test_promise_52_changing_the_password_ends_the_other_sessions(house: ConsoleHouse) -> None:
    one, other = house.browser(house.owner), house.browser(house.owner)
    new = "fyra gröna elefanter"
    assert one.post("/account/password", {"current": PASSWORD, "password": new, "again": new}).status_code == 303
    assert one.get("/account").status_code == 200
    assert other.get("/").location == TURNED_AWAY


def test_promise_52_changing_the_role_ends_the_sessions(house: ConsoleHouse, owner: Browser, engineer: Browser) -> None:
    owner.post(f"/administration/users/{house.engineer.id}/role", {"role": "owner"})
    assert engineer.get("/").location == TURNED_AWAY


def test_a_session_is_over_after_an_hour_without_use(house: ConsoleHouse, owner: Browser) -> None:
    house.clock.move(3599)
    assert owner.get("/").status_code == 200
    house.clock.move(3599)
    assert owner.get("/").status_code == 200
    house.clock.move(3600)
    assert owner.get("/").location == TURNED_AWAY


def test_a_session_is_over_after_its_lifetime_however_busy(house: ConsoleHouse, owner: Browser) -> None:
    for _ in range(23):
        house.clock.move(1800)
        assert owner.get("/").status_code == 200
    house.clock.move(1800)
    assert owner.get("/").location == TURNED_AWAY


def test_a_session_without_the_code_lives_ten_minutes(house: ConsoleHouse, stranger: Browser) -> None:
    stranger.log_in("olga")
    house.clock.move(601)
    assert stranger.get("/login/code").location == "/login?next=/login/code"


def test_only_the_hash_of_the_token_is_stored(house: ConsoleHouse, owner: Browser) -> None:
    token = owner.cookie(SESSION_COOKIE) or ""
    session = house.accounts.session(token_hash(token))
    assert session is not None
    assert token not in repr(session)


def test_a_use_that_arrives_after_the_end_does_not_bring_a_session_back(house: ConsoleHouse, owner: Browser) -> None:
    hashed = token_hash(owner.cookie(SESSION_COOKIE) or "")
    house.accounts.end_session(hashed)
    house.accounts.touch_session(hashed, house.clock.now_ns + 1)
    assert house.accounts.session(hashed) is None


def test_a_session_of_somebody_who_is_disabled_behind_its_back_is_worth_nothing(house: ConsoleHouse, engineer: Browser) -> None:
    assert engineer.get("/").status_code == 200
    house.accounts.put_user(replace(house.engineer, disabled=True))
    assert engineer.get("/").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "'; DROP TABLE session; --", "å" * 50])
def test_a_made_up_token_is_nobody(stranger: Browser, token: str) -> None:
    stranger.set_cookie(SESSION_COOKIE, token)
    assert stranger.get("/").status_code == 303
