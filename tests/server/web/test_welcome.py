"""The one-time link: a password and a second factor, once."""

from dataclasses import replace

import pytest
from testkit.console import PASSWORD, Browser, ConsoleHouse

NEW = "fyra gröna elefanter"


def test_the_link_sets_a_password_and_leads_to_the_second_factor(house: ConsoleHouse, stranger: Browser) -> None:
    nina = house.add_user("nina", "engineer", password_hash=None, totp_sealed=None)
    link = house.link(nina)
    assert "Welcome, Nina" in stranger.get(link).text
    answer = stranger.post(link, {"password": NEW, "again": NEW}, form_on=link)
    assert (answer.status_code, answer.location) == (303, "/login/second-factor")
    assert stranger.get("/").location == "/login/code"
    assert house.audited("password-set") == [("visitor:192.0.2.10", "user:nina", "ok")]


def test_promise_54_the_link_works_once(house: ConsoleHouse) -> None:
    nina = house.add_user("nina", "engineer", password_hash=None, totp_sealed=None)
    link = house.link(nina)
    one, other = house.browser(), house.browser()
    assert one.post(link, {"password": NEW, "again": NEW}, form_on=link).status_code == 303
    assert "does not work" in other.get(link).text
    assert other.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    assert house.browser().log_in("nina", NEW).status_code == 303


def test_looking_at_the_link_does_not_use_it(house: ConsoleHouse, stranger: Browser) -> None:
    link = house.link(house.add_user("nina", "engineer", password_hash=None, totp_sealed=None))
    assert [stranger.get(link).status_code for _ in range(3)] == [200, 200, 200]


def test_a_link_is_over_after_its_time(house: ConsoleHouse, stranger: Browser) -> None:
    link = house.link(house.add_user("nina", "engineer", password_hash=None, totp_sealed=None))
    house.clock.move(86_401)
    assert stranger.get(link).status_code == 404
    assert "natvakt-server user link" in stranger.get(link).text


@pytest.mark.parametrize("token", ["x", "../../etc/passwd", "%00", "a" * 3000])
def test_a_made_up_link_opens_nothing(stranger: Browser, token: str) -> None:
    assert stranger.get(f"/welcome/{token}").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "at least 12 characters"),
        (NEW, NEW + "x", "not the same"),
        ("password1234", "password1234", "tried first"),
        ("nina-nina-nina", "nina-nina-nina", "few different characters"),
    ],
)
def test_a_password_that_will_not_do_is_explained_and_the_link_stays_good(
    house: ConsoleHouse, stranger: Browser, password: str, again: str, said: str
) -> None:
    link = house.link(house.add_user("nina", "engineer", password_hash=None, totp_sealed=None))
    answer = stranger.post(link, {"password": password, "again": again}, form_on=link)
    assert answer.status_code == 400
    assert said in answer.text
    assert stranger.get(link).status_code == 200


def test_a_new_link_takes_the_old_second_factor_and_the_sessions_away(house: ConsoleHouse, engineer: Browser, stranger: Browser) -> None:
    link = house.link(house.engineer)
    stranger.post(link, {"password": NEW, "again": NEW}, form_on=link)
    assert engineer.get("/").location == "/login?next=/"
    user = house.accounts.user(house.engineer.id)
    assert user is not None
    assert user.totp_sealed is None


def test_a_disabled_persons_link_opens_nothing(house: ConsoleHouse, stranger: Browser) -> None:
    link = house.link(house.engineer)
    house.accounts.put_user(replace(house.engineer, disabled=True))
    assert stranger.get(link).status_code == 404


def test_setting_a_password_without_the_forms_token_is_refused(house: ConsoleHouse, stranger: Browser) -> None:
    link = house.link(house.add_user("nina", "engineer", password_hash=None, totp_sealed=None))
    stranger.get(link)
    assert stranger.open("POST", link, data={"password": NEW, "again": NEW}).status_code == 403
