"""Single sign-on against a provider that is really asked: over HTTP on the loopback, with signed tokens."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwk
from natvakt_server.connectors.sign_on import OpenIdProvider
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.store.estate.engine import open_engine
from testkit.console import NOW_NS, ORIGIN, Browser, ConsoleHouse
from testkit.identity_provider import CLIENT_ID, CLIENT_SECRET, LocalProvider, running, sent_back

BEGIN = "/login/sign-on"
OLGA = {"sub": "subject-1", "email": "Olga", "email_verified": True, "amr": ["pwd", "mfa"]}


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    with running(LocalProvider(dict(OLGA), NOW_NS // SECOND_NS)) as started:
        yield started


def house_with(path: Path, provider: LocalProvider, trusts: bool = True, **changes: Any) -> ConsoleHouse:
    known = {"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "claim": "email", "label": "Norrsken ID"}
    context = ssl.create_default_context()
    return ConsoleHouse(
        open_engine(f"sqlite:///{path}"), OpenIdProvider(**{**known, **changes}, proves_second_factor=trusts, context=context)
    )


@pytest.fixture
def sso(tmp_path: Path, migrated_file: Path, provider: LocalProvider) -> Iterator[ConsoleHouse]:
    path = tmp_path / "console.db"
    path.write_bytes(migrated_file.read_bytes())
    house = house_with(path, provider)
    yield house
    house.engine.dispose()


def begun(browser: Browser, wanted: str = "") -> str:
    """Where the provider sends the browser back to."""
    answer = browser.get(f"{BEGIN}?next={wanted}")
    assert answer.status_code == 303, answer.text
    return sent_back(answer.headers["Location"]).removeprefix(ORIGIN)


def test_somebody_logs_in_with_the_provider_alone_where_it_asked_for_several_factors(sso: ConsoleHouse) -> None:
    browser = sso.browser()
    assert "Log in with Norrsken ID" in browser.get("/login").text
    answer = browser.get(begun(browser, "/agents"))
    assert answer.status_code == 200
    assert 'content="0; url=/agents"' in answer.text
    assert browser.get("/agents").status_code == 200
    assert sso.audited("login") == [("visitor:192.0.2.10", "user:olga", "ok")]
    assert sso.audited("sign-on-bind") == [("visitor:192.0.2.10", "user:olga", "ok")]


@pytest.mark.parametrize("methods", [["pwd"], [], None])
def test_our_own_second_factor_is_asked_for_where_the_provider_used_one(
    sso: ConsoleHouse, provider: LocalProvider, methods: object
) -> None:
    provider.spoil = {"amr": methods} if methods is not None else {}
    provider.claims.pop("amr")
    browser = sso.browser()
    assert "/login/code" in browser.get(begun(browser)).text
    assert browser.get("/").status_code == 303
    assert browser.give_code().status_code == 303
    assert browser.get("/").status_code == 200


def test_the_providers_word_of_factors_counts_only_where_it_is_trusted_with_that(
    tmp_path: Path, migrated_file: Path, provider: LocalProvider
) -> None:
    path = tmp_path / "strict.db"
    path.write_bytes(migrated_file.read_bytes())
    strict = house_with(path, provider, trusts=False)
    browser = strict.browser()
    assert "/login/code" in browser.get(begun(browser)).text
    assert browser.get("/").status_code == 303
    strict.engine.dispose()


SPOILT: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "for another client": {"aud": "somebody-else"},
    "another nonce": {"nonce": "made up"},
    "over": {"exp": NOW_NS // SECOND_NS - 3600},
    "of the future": {"nbf": NOW_NS // SECOND_NS + 3600},
    "no subject": {"sub": ""},
    "no name": {"email": None},
    "an address that is not verified": {"email_verified": False},
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_promise_51_a_token_that_does_not_hold_opens_nothing(sso: ConsoleHouse, provider: LocalProvider, spoil: dict[str, object]) -> None:
    provider.spoil = spoil
    browser = sso.browser()
    assert browser.get(begun(browser)).status_code == 403
    assert browser.get("/").status_code == 303
    assert len(sso.audited("sign-on")) == 1


def test_promise_51_a_token_signed_by_somebody_else_opens_nothing(sso: ConsoleHouse, provider: LocalProvider) -> None:
    provider.signs_with = jwk.ECKey.generate_key("P-256", {"kid": "one"}, auto_kid=False)
    browser = sso.browser()
    assert browser.get(begun(browser)).status_code == 403
    assert browser.get("/").status_code == 303


def test_a_sign_on_ends_only_in_the_browser_it_was_begun_in_and_once(sso: ConsoleHouse, provider: LocalProvider) -> None:
    mine, other = sso.browser(), sso.browser()
    back = begun(mine)
    begun(other)
    assert other.get(back).status_code == 403  # another browser, with a sign-on of its own
    assert sso.browser().get(back).status_code == 403
    assert not provider.refused  # none of these went as far as the provider
    assert mine.get(back).status_code == 200
    assert mine.get(back).status_code == 403


def test_a_sign_on_lasts_ten_minutes(sso: ConsoleHouse) -> None:
    browser = sso.browser()
    back = begun(browser)
    sso.clock.move(601)
    assert browser.get(back).status_code == 403


def test_a_name_that_nobody_has_and_a_disabled_person_stay_outside(sso: ConsoleHouse, provider: LocalProvider) -> None:
    provider.claims["email"] = "stranger@example.com"
    browser = sso.browser()
    assert "Nobody here has that name" in browser.get(begun(browser)).text
    provider.claims["email"] = "olga"
    sso.add_user("nora", "owner")
    sso.browser(sso.accounts.user_by_name("nora")).post(f"/administration/users/{sso.owner.id}/disable")
    assert browser.get(begun(browser)).status_code == 403


def test_a_name_that_was_given_to_somebody_else_there_opens_nothing_here(sso: ConsoleHouse, provider: LocalProvider) -> None:
    browser = sso.browser()
    assert browser.get(begun(browser)).status_code == 200
    provider.claims |= {"sub": "subject-2"}
    assert sso.browser().get(begun(sso.browser())).status_code == 403
    again = sso.browser()
    assert again.get(begun(again)).status_code == 403
    provider.claims |= {"sub": "subject-1", "email": "olga.married@example.com"}
    renamed = sso.browser()
    assert renamed.get(begun(renamed)).status_code == 200


@pytest.mark.parametrize("query", ["", "?state=x", "?code=x", "?error=access_denied&state=x"])
def test_what_was_not_begun_here_is_refused(sso: ConsoleHouse, query: str) -> None:
    assert sso.browser().get(f"/login/sign-on/back{query}").status_code == 403


def test_the_wanted_page_is_one_of_ours(sso: ConsoleHouse) -> None:
    browser = sso.browser()
    assert 'content="0; url=/"' in browser.get(begun(browser, "https://evil.example/")).text


def test_a_provider_that_calls_itself_something_else_or_is_away_is_told(sso: ConsoleHouse, provider: LocalProvider) -> None:
    provider.calls_itself = "https://elsewhere.example"
    assert sso.browser().get(BEGIN).status_code == 403
    assert "calls itself" in sso.audit.entries(1)[0].detail


def test_without_a_provider_there_is_no_such_page(house: ConsoleHouse) -> None:
    assert house.browser().get(BEGIN).status_code == 404
    assert "sign-on" not in house.browser().get("/login").text


def test_the_challenge_is_sent_and_the_secret_never_is(sso: ConsoleHouse) -> None:
    asked = parse_qs(urlsplit(sso.browser().get(BEGIN).headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid profile email"]
    assert CLIENT_SECRET not in str(asked)
