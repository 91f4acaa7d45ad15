"""One-time codes: right, near now, used once; seeds that lie sealed."""

import re
from dataclasses import replace

import pyotp
import pytest
from natvakt_server.web.access.second_factor import SecondFactor, base32
from testkit.console import SECRET, SEED, Browser, ConsoleHouse, Randomness


@pytest.fixture
def factor(house: ConsoleHouse) -> SecondFactor:
    return SecondFactor(SECRET, house.accounts, Randomness(), "natvakt test")


def test_promise_51_a_code_works_once_even_in_another_browser(house: ConsoleHouse) -> None:
    one, other = house.browser(), house.browser()
    for browser in (one, other):
        browser.log_in("olga")
    code = house.code()
    assert one.give_code(code).status_code == 303
    refused = other.give_code(code)
    assert refused.status_code == 401
    assert "used already" in refused.text


def test_promise_51_an_older_code_does_not_work_after_a_newer_one(house: ConsoleHouse) -> None:
    one, other = house.browser(), house.browser()
    for browser in (one, other):
        browser.log_in("olga")
    assert one.give_code(house.code(1)).status_code == 303
    assert other.give_code(house.code(0)).status_code == 401


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_for_one_step_to_either_side(house: ConsoleHouse, stranger: Browser, steps: int, works: bool) -> None:
    stranger.log_in("olga")
    assert (stranger.give_code(house.code(steps)).status_code == 303) is works


@pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_is_refused(stranger: Browser, code: str) -> None:
    stranger.log_in("olga")
    assert stranger.give_code(code).status_code == 401


def test_spaces_in_a_code_do_not_matter(house: ConsoleHouse, stranger: Browser) -> None:
    stranger.log_in("olga")
    code = house.code()
    assert stranger.give_code(f"{code[:3]} {code[3:]}").status_code == 303


def test_promise_56_a_sealed_seed_opens_for_its_owner_only(factor: SecondFactor) -> None:
    sealed = factor.sealed(SEED, "user-1")
    assert SEED not in sealed
    assert factor.opened(sealed, "user-1") == SEED
    assert factor.opened(sealed, "user-2") is None
    assert factor.opened(sealed[:-1] + bytes([sealed[-1] ^ 1]), "user-1") is None
    assert factor.opened(b"", "user-1") is None


def test_who_has_set_up_no_code_yet_is_led_there_after_the_password(house: ConsoleHouse, stranger: Browser) -> None:
    house.add_user("nina", "engineer", totp_sealed=None)
    assert stranger.log_in("nina").location == "/login/second-factor"
    assert stranger.get("/login/code").location == "/login/second-factor"


def test_setting_it_up_asks_for_a_code_and_lets_in(house: ConsoleHouse, stranger: Browser, factor: SecondFactor) -> None:
    nina = house.add_user("nina", "engineer", totp_sealed=None)
    stranger.log_in("nina")
    page = stranger.get("/login/second-factor").text
    assert "<svg viewBox" in page
    assert "style=" not in page
    sealed = re.search(r'name="seed" value="([^"]+)"', page)
    secret = re.search(r'<code class="seed">([A-Z2-7 ]+)</code>', page)
    assert sealed
    assert secret
    wrong = stranger.post("/login/second-factor", {"seed": sealed[1], "code": "000000"})
    assert wrong.status_code == 401
    right = factor_code(secret[1], house)
    assert stranger.post("/login/second-factor", {"seed": sealed[1], "code": right}).location == "/"
    stored = house.accounts.user(nina.id)
    assert stored is not None
    assert factor.opened(stored.totp_sealed or b"", nina.id) is not None
    assert stranger.get("/").status_code == 200


def factor_code(shown: str, house: ConsoleHouse) -> str:
    return pyotp.TOTP(shown.replace(" ", "")).generate_otp(house.clock.now_ns // 1_000_000_000 // 30)


def test_a_seed_from_another_session_is_refused(house: ConsoleHouse, factor: SecondFactor) -> None:
    house.add_user("nina", "engineer", totp_sealed=None)
    one, other = house.browser(), house.browser()
    for browser in (one, other):
        browser.log_in("nina")
    sealed = re.search(r'name="seed" value="([^"]+)"', one.get("/login/second-factor").text)
    assert sealed
    assert other.post("/login/second-factor", {"seed": sealed[1], "code": "000000"}).status_code == 400
    assert other.post("/login/second-factor", {"seed": "%%%", "code": "000000"}).status_code == 400


def test_who_has_a_second_factor_cannot_replace_it_with_the_password_alone(stranger: Browser) -> None:
    stranger.log_in("olga")
    assert stranger.get("/login/second-factor").status_code == 403
    assert stranger.post("/login/second-factor", {"seed": "", "code": "000000"}).status_code == 403


def test_a_code_used_meanwhile_stays_used_when_the_person_is_changed(house: ConsoleHouse) -> None:
    before = house.accounts.user(house.owner.id)
    assert before is not None
    assert house.accounts.use_totp_step(before.id, 1000)
    house.accounts.put_user(replace(before, language="sv"))
    assert not house.accounts.use_totp_step(before.id, 1000)


def test_the_app_reads_issuer_and_name(factor: SecondFactor) -> None:
    address = factor.address(SEED, "olga")
    assert address.startswith("otpauth://totp/natvakt%20test:olga?")
    assert f"secret={base32(SEED)}" in address
