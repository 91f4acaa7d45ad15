"""Recovery codes: shown once, each good once, for who has lost the phone."""

import re

import pytest
from testkit.console import PASSWORD, Browser, ConsoleHouse

MAKE, USE = "/account/recovery-codes", "/login/recovery"


def codes(browser: Browser) -> list[str]:
    found = re.findall(r"\b\d{4}-\d{4}-\d{4}-\d{4}\b", browser.post(MAKE, {"current": PASSWORD}).text)
    assert len(set(found)) == 10
    return found


def test_promise_51_each_code_logs_in_once(house: ConsoleHouse, owner: Browser) -> None:
    first = codes(owner)[0]
    for works in (True, False):
        browser = house.browser()
        browser.log_in("olga")
        answer = browser.post(USE, {"code": first})
        assert (answer.status_code == 303) is works
        assert (browser.get("/").status_code == 200) is works
    assert 'Recovery codes <span class="count">9</span>' in owner.get("/account").text


def test_codes_are_shown_once_and_not_stored(house: ConsoleHouse, owner: Browser) -> None:
    made = codes(owner)
    assert made[0] not in owner.get("/account").text
    with house.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert made[0] not in dump
    assert made[0].replace("-", "") not in dump


def test_new_codes_make_the_old_ones_worthless(house: ConsoleHouse, owner: Browser) -> None:
    old, new = codes(owner)[0], codes(owner)[0]
    browser = house.browser()
    browser.log_in("olga")
    assert browser.post(USE, {"code": old}).status_code == 401
    assert browser.post(USE, {"code": new.replace("-", " ")}).status_code == 303


def test_a_code_is_its_owners_only(house: ConsoleHouse, owner: Browser) -> None:
    made = codes(owner)[0]
    browser = house.browser()
    browser.log_in("erik")
    assert browser.post(USE, {"code": made}).status_code == 401
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("code", ["", "1234", "x" * 16, "١" * 16, "0" * 17])
def test_what_is_no_code_is_refused(owner: Browser, house: ConsoleHouse, code: str) -> None:
    codes(owner)
    browser = house.browser()
    browser.log_in("olga")
    assert browser.post(USE, {"code": code}).status_code == 401


def test_guesses_are_slowed_down(house: ConsoleHouse, owner: Browser) -> None:
    made = codes(owner)[0]
    browser = house.browser()
    browser.log_in("olga")
    answers = [browser.post(USE, {"code": "0" * 16}).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert browser.post(USE, {"code": made}).status_code == 429


def test_without_the_password_no_codes_are_made(house: ConsoleHouse, owner: Browser) -> None:
    assert owner.post(MAKE, {"current": "wrong"}).status_code == 400
    assert house.second_factors.recovery_codes_left(house.owner.id) == 0
    assert house.audited("recovery-codes-make") == [("user:olga", "user:olga", "refused")]


def test_a_code_without_a_password_or_an_app_opens_nothing(house: ConsoleHouse, stranger: Browser) -> None:
    assert stranger.post(USE, {"code": "0" * 16}).status_code == 401
    house.add_user("nina", "engineer", totp_sealed=None)
    stranger.log_in("nina")
    assert stranger.post(USE, {"code": "0" * 16}).status_code == 403


def test_who_is_reset_has_no_codes_left(house: ConsoleHouse, owner: Browser) -> None:
    codes(house.browser(house.engineer))
    owner.post(f"/administration/users/{house.engineer.id}/reset")
    assert house.second_factors.recovery_codes_left(house.engineer.id) == 0
