"""One's own account: password, language, light or dark."""

import pytest
from testkit.console import PASSWORD, Browser, ConsoleHouse

NEW = "fyra gröna elefanter"


def test_the_password_is_changed_with_the_current_one(house: ConsoleHouse, engineer: Browser, stranger: Browser) -> None:
    assert engineer.post("/account/password", {"current": PASSWORD, "password": NEW, "again": NEW}).location == "/account"
    assert stranger.log_in("erik").status_code == 401
    assert stranger.log_in("erik", NEW).status_code == 303
    assert house.audited("password-change") == [("user:erik", "user:erik", "ok")]


def test_without_the_current_password_nothing_is_changed(house: ConsoleHouse, engineer: Browser) -> None:
    answer = engineer.post("/account/password", {"current": "guess", "password": NEW, "again": NEW})
    assert answer.status_code == 400
    assert house.audited("password-change") == [("user:erik", "user:erik", "refused")]
    assert engineer.get("/account").status_code == 200


def test_a_password_that_will_not_do_is_explained(engineer: Browser) -> None:
    answer = engineer.post("/account/password", {"current": PASSWORD, "password": "erik", "again": "erik"})
    assert answer.status_code == 400
    assert "at least 12 characters" in answer.text


def test_language_is_kept_with_the_person(house: ConsoleHouse, engineer: Browser) -> None:
    assert engineer.post("/preferences", {"language": "sv", "back": "/customers"}).location == "/customers"
    assert '<html lang="sv"' in engineer.get("/customers").text
    assert '<html lang="sv"' in house.browser(house.engineer).get("/customers").text


def test_a_stranger_may_choose_a_language_too(stranger: Browser) -> None:
    stranger.post("/preferences", {"language": "sv", "back": "/login"})
    assert "Logga in" in stranger.get("/login").text


def test_light_or_dark_is_kept_in_the_browser(engineer: Browser) -> None:
    engineer.post("/preferences", {"theme": "dark", "back": "/"})
    assert 'data-theme="dark"' in engineer.get("/").text
    engineer.post("/preferences", {"theme": "auto", "back": "/"})
    assert 'data-theme="auto"' in engineer.get("/").text


@pytest.mark.parametrize(("field", "value"), [("theme", "pink"), ("language", "tlh"), ("theme", ""), ("language", "<script>")])
def test_an_unknown_choice_changes_nothing(engineer: Browser, field: str, value: str) -> None:
    assert engineer.post("/preferences", {field: value}).location == "/"
    page = engineer.get("/").text
    assert 'data-theme="auto"' in page
    assert 'lang="en"' in page


def test_nobody_is_sent_to_another_host_by_the_preferences(engineer: Browser) -> None:
    assert engineer.post("/preferences", {"theme": "dark", "back": "//evil.example/x"}).location == "/"


def test_the_browsers_own_language_counts_before_one_is_chosen(stranger: Browser) -> None:
    assert "Logga in" in stranger.get("/login", **{"Accept-Language": "sv-SE,sv;q=0.9"}).text
    assert "Log in" in stranger.get("/login", **{"Accept-Language": "fi"}).text
