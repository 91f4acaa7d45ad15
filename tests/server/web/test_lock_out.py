"""Promise 51: guessing is slow, and nobody can keep somebody else out for long."""

from natvakt_server.web.access.delays import ACCOUNT, KEPT_COUNTERS, KNOWN_BROWSER, SOURCE, Delays, Policy
from testkit.console import PASSWORD, Browser, ConsoleHouse, MovingClock

WRONG = "not the password at all"


def guess(browser: Browser, times: int, name: str = "olga") -> None:
    for _ in range(times):
        browser.log_in(name, WRONG)


def log_in_wholly(browser: Browser) -> None:
    assert browser.log_in("olga").status_code == 303
    assert browser.give_code().status_code == 303


def test_promise_51_after_five_wrong_passwords_the_right_one_has_to_wait(house: ConsoleHouse, stranger: Browser) -> None:
    guess(stranger, 5)
    waiting = stranger.log_in("olga")
    assert waiting.status_code == 429
    assert "Try again in 1 seconds" in waiting.text
    house.clock.move(1)
    assert stranger.log_in("olga").status_code == 303


def test_promise_51_the_wait_doubles_and_never_grows_beyond_a_minute() -> None:
    waits = [ACCOUNT.wait_ns(failures) // 1_000_000_000 for failures in (4, 5, 6, 7, 10, 11, 1000, 10**9)]
    assert waits == [0, 1, 2, 4, 32, 60, 60, 60]


def test_promise_51_a_guess_while_waiting_is_not_even_looked_at_and_does_not_prolong_the_wait(
    house: ConsoleHouse, stranger: Browser
) -> None:
    guess(stranger, 5)
    guess(stranger, 50)
    house.clock.move(1)
    assert stranger.log_in("olga").status_code == 303


def test_promise_51_guesses_from_many_addresses_count_against_the_account(house: ConsoleHouse) -> None:
    for number in range(5):
        guess(house.browser(address=f"198.51.100.{number}"), 1)
    assert house.browser(address="198.51.100.99").log_in("olga").status_code == 429


def test_promise_51_the_owners_own_browser_gets_in_whatever_strangers_do(house: ConsoleHouse) -> None:
    own = house.browser()
    log_in_wholly(own)
    own.post("/logout")
    for number in range(40):
        house.clock.move(61)
        guess(house.browser(address=f"198.51.100.{number}"), 1)
    house.clock.move(3)
    assert house.browser(address="203.0.113.1").log_in("olga").status_code == 429
    log_in_wholly(own)


def test_promise_51_a_known_browser_cannot_guess_without_end_either(house: ConsoleHouse) -> None:
    own = house.browser()
    log_in_wholly(own)
    own.post("/logout")
    guess(own, 5)
    assert own.log_in("olga").status_code == 429


def test_promise_51_a_known_browser_of_one_person_is_a_stranger_to_another_account(house: ConsoleHouse) -> None:
    own = house.browser()
    log_in_wholly(own)
    own.post("/logout")
    guess(house.browser(address="198.51.100.1"), 5, "erik")
    assert own.log_in("erik").status_code == 429


def test_promise_51_one_address_that_tries_many_names_is_slowed_down(house: ConsoleHouse, stranger: Browser) -> None:
    for number in range(10):
        stranger.log_in(f"name-{number}", WRONG)
    assert stranger.log_in("olga").status_code == 429
    assert house.browser(address="203.0.113.9").log_in("olga").status_code == 303


def test_promise_51_wrong_codes_count_like_wrong_passwords(house: ConsoleHouse, stranger: Browser) -> None:
    stranger.log_in("olga")
    for _ in range(5):
        assert stranger.give_code("000000").status_code in (401, 429)
    waiting = stranger.give_code(house.code())
    assert waiting.status_code == 429
    assert "Too many wrong codes" in waiting.text


def test_promise_51_a_whole_login_forgets_what_was_counted(house: ConsoleHouse, stranger: Browser) -> None:
    guess(stranger, 4)
    log_in_wholly(stranger)
    user = house.accounts.user(house.owner.id)
    assert user is not None
    assert (user.failed_logins, user.locked_until_ns) == (0, 0)


def test_a_right_password_alone_does_not_forget_what_was_counted(house: ConsoleHouse, stranger: Browser) -> None:
    guess(stranger, 4)
    stranger.log_in("olga", PASSWORD)
    user = house.accounts.user(house.owner.id)
    assert user is not None
    assert user.failed_logins == 4


def test_counters_are_forgotten_oldest_first_when_there_are_too_many() -> None:
    delays = Delays(Policy(1, 60), MovingClock())
    for number in range(KEPT_COUNTERS + 1):
        delays.failed(str(number))
    assert delays.wait_ns("0") == 0
    assert delays.wait_ns("1") > 0


def test_a_source_waits_at_most_a_quarter_of_an_hour_and_a_known_browser_five_minutes() -> None:
    assert SOURCE.wait_ns(10**6) == 900 * 1_000_000_000
    assert KNOWN_BROWSER.wait_ns(10**6) == 300 * 1_000_000_000
