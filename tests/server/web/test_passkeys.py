"""Passkeys: added with the password, used in place of a code, good for one session and one site."""

import html
import json
import re
from dataclasses import replace

import pytest
from testkit.authenticator import SoftwareKey, encoded
from testkit.console import ORIGIN, PASSWORD, Browser, ConsoleHouse

ADD, USE = "/account/passkeys", "/login/passkey"


def asked(browser: Browser, page: str, name: str) -> str:
    found = re.search(f'data-passkey-{name}="([^"]+)"', browser.get(page).text)
    assert found, page
    return html.unescape(found[1])


def add(browser: Browser, key: SoftwareKey, **changes: str) -> int:
    answer = key.create(asked(browser, "/account", "registration"))
    return browser.post(ADD, {"answer": answer, "name": "blue key", "current": PASSWORD, **changes}).status_code


@pytest.fixture
def key(owner: Browser) -> SoftwareKey:
    made = SoftwareKey(ORIGIN)
    assert add(owner, made) == 303
    return made


def half(house: ConsoleHouse, name: str = "olga") -> Browser:
    browser = house.browser()
    browser.log_in(name)
    return browser


def test_a_key_takes_the_place_of_a_code(house: ConsoleHouse, owner: Browser, key: SoftwareKey) -> None:
    browser = half(house)
    answer = key.get(asked(browser, "/login/code", "question"))
    assert browser.post(USE, {"answer": answer}).status_code == 303
    assert browser.get("/").status_code == 200
    assert "blue key" in owner.get("/account").text
    assert house.audited("passkey-add") == [("user:olga", "user:olga", "ok")]


def test_promise_51_an_answer_is_good_for_the_session_it_was_asked_in_and_once(house: ConsoleHouse, key: SoftwareKey) -> None:
    one, other = half(house), half(house)
    answer = key.get(asked(one, "/login/code", "question"))
    assert other.post(USE, {"answer": answer}).status_code == 401
    assert one.post(USE, {"answer": answer}).status_code == 303
    assert half(house).post(USE, {"answer": answer}).status_code == 401


def test_promise_51_another_site_cannot_use_the_key(house: ConsoleHouse, key: SoftwareKey) -> None:
    browser = half(house)
    question = asked(browser, "/login/code", "question")
    elsewhere = replace(key, origin="https://console.example.evil.test")
    assert browser.post(USE, {"answer": elsewhere.get(question)}).status_code == 401
    assert browser.post(USE, {"answer": key.get(question, rpId="evil.test")}).status_code == 401


def test_a_key_that_counts_backwards_was_copied_and_is_refused(house: ConsoleHouse, key: SoftwareKey) -> None:
    key.count = 10
    browser = half(house)
    assert browser.post(USE, {"answer": key.get(asked(browser, "/login/code", "question"))}).status_code == 303
    key.count = 4
    browser = half(house)
    assert browser.post(USE, {"answer": key.get(asked(browser, "/login/code", "question"))}).status_code == 401


def test_somebody_elses_key_is_refused(house: ConsoleHouse, key: SoftwareKey) -> None:
    engineer = house.browser(house.engineer)
    assert add(engineer, SoftwareKey(ORIGIN, b"key of erik")) == 303
    browser = half(house, "erik")
    assert browser.post(USE, {"answer": key.get(asked(browser, "/login/code", "question"))}).status_code == 401
    imposter = SoftwareKey(ORIGIN, b"key of erik")
    assert browser.post(USE, {"answer": imposter.get(asked(browser, "/login/code", "question"))}).status_code == 401


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x" * 20_000, '{"id": 1}', json.dumps({"id": "a", "rawId": "a", "response": {}})]
)
def test_what_is_no_answer_is_refused(house: ConsoleHouse, owner: Browser, key: SoftwareKey, answer: str) -> None:
    del key
    assert half(house).post(USE, {"answer": answer}).status_code == 401
    assert owner.post(ADD, {"answer": answer, "name": "x", "current": PASSWORD}).status_code == 400


def test_a_key_is_not_added_without_the_password_or_twice_or_with_another_challenge(house: ConsoleHouse, owner: Browser) -> None:
    made = SoftwareKey(ORIGIN)
    assert add(owner, made, current="wrong") == 400
    wrong = made.create(asked(owner, "/account", "registration"), challenge=encoded(b"another"))
    assert owner.post(ADD, {"answer": wrong, "name": "x", "current": PASSWORD}).status_code == 400
    assert not house.second_factors.passkeys(house.owner.id)
    assert add(owner, made) == 303
    assert add(house.browser(house.engineer), made) == 400


def test_a_removed_key_opens_nothing(house: ConsoleHouse, owner: Browser, key: SoftwareKey) -> None:
    browser = half(house)
    question = asked(browser, "/login/code", "question")
    assert house.browser(house.engineer).post(f"{ADD}/{key.credential_id.hex()}/removed").status_code == 404
    assert owner.post(f"{ADD}/{key.credential_id.hex()}/removed").status_code == 303
    assert browser.post(USE, {"answer": key.get(question)}).status_code == 401
    assert "data-passkey-question" not in browser.get("/login/code").text


def test_who_is_reset_has_no_keys_left(house: ConsoleHouse, owner: Browser) -> None:
    assert add(house.browser(house.engineer), SoftwareKey(ORIGIN)) == 303
    owner.post(f"/administration/users/{house.engineer.id}/reset")
    assert not house.second_factors.passkeys(house.engineer.id)
