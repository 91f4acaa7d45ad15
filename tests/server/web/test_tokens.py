"""API tokens in the console: made by owners, shown once, good for what they were given, and revoked."""

import re

import pytest
from natvakt_server.domain.api_tokens import DAY_NS
from natvakt_server.domain.rights import Grant, Role
from testkit.console import Browser, ConsoleHouse

TOKENS = "/administration/tokens"
FIELDS = {"name": "grafana", "role": "customer-reader", "place": "acme beta/hq", "days": "30"}


def made(browser: Browser, **changes: str) -> str:
    found = re.search(r"<code>(nvt_[\w-]{43})</code>", browser.post(TOKENS, {**FIELDS, **changes}).text)
    assert found
    return found[1]


def test_a_token_is_shown_once_and_gives_what_was_chosen(house: ConsoleHouse, owner: Browser) -> None:
    secret = made(owner)
    bearer = house.api_tokens.bearer(secret, house.clock.now_ns)
    assert bearer is not None
    assert bearer.grants.given == (Grant(Role.CUSTOMER_READER, "acme"), Grant(Role.CUSTOMER_READER, "beta", "hq"))
    page = owner.get(TOKENS).text
    assert secret not in page
    assert "Customer reader: acme, Customer reader: beta/hq" in page
    assert house.audited("api-token-create") == [("user:olga", "token:grafana", "ok")]
    assert house.api_tokens.bearer(secret, house.clock.now_ns + 30 * DAY_NS) is None


def test_a_revoked_token_is_refused_at_once(house: ConsoleHouse, owner: Browser) -> None:
    secret = made(owner)
    token = house.api_tokens.api_tokens()[0]
    assert owner.post(f"{TOKENS}/{token.id}/revoked").status_code == 303
    assert house.api_tokens.bearer(secret, house.clock.now_ns) is None
    assert "Revoked" in owner.get(TOKENS).text
    assert owner.post(f"{TOKENS}/{token.id}/revoked").status_code == 404
    assert house.audited("api-token-revoke") == [("user:olga", "token:grafana", "ok")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"role": "owner", "place": ""},
        {"role": "god"},
        {"place": ""},
        {"place": "gamma"},
        {"days": "0"},
        {"days": "367"},
        {"days": "-1"},
        {"days": "9" * 40},
        {"days": "x"},
    ],
)
def test_a_token_that_should_not_be_is_not_made(house: ConsoleHouse, owner: Browser, wrong: dict[str, str]) -> None:
    assert owner.post(TOKENS, {**FIELDS, **wrong}).status_code == 400
    assert not house.api_tokens.api_tokens()


def test_an_engineer_makes_no_tokens(house: ConsoleHouse, engineer: Browser) -> None:
    assert engineer.post(TOKENS, FIELDS).status_code == 403
    assert engineer.get(TOKENS).status_code == 403
    assert not house.api_tokens.api_tokens()
