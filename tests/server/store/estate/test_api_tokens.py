"""Tokens for programs: good until their end or until they are revoked, found by their hash, and never readable."""

from dataclasses import replace

import pytest
from natvakt_server.domain.api_tokens import DAY_NS, ApiToken, TokenRefused, checked, digest_of, make_secret
from natvakt_server.domain.rights import Grant, Grants, Role
from natvakt_server.store.estate.api_tokens import USE_GRAIN_NS, SqlApiTokens
from natvakt_server.store.estate.tables.api_tokens import api_token, api_token_grant
from sqlalchemy import Engine, select

NOW_NS = 1_795_600_000_000_000_000
GRANTS = Grants((Grant(Role.CUSTOMER_READER, "acme"), Grant(Role.CUSTOMER_READER, "beta", "hq")))
SECRET = make_secret(lambda size: b"\x07" * size)
TOKEN = ApiToken("token-1", "grafana", GRANTS, "user:olga", NOW_NS, NOW_NS + 90 * DAY_NS)


@pytest.fixture
def tokens(engine: Engine) -> SqlApiTokens:
    store = SqlApiTokens(engine)
    store.add_api_token(TOKEN, digest_of(SECRET))
    return store


def test_a_token_is_told_by_its_text_and_gives_what_it_was_given(tokens: SqlApiTokens) -> None:
    found = tokens.bearer(SECRET, NOW_NS)
    assert found is not None
    assert (found.id, found.name, found.grants) == ("token-1", "grafana", GRANTS)


@pytest.mark.parametrize("secret", ["", "nvt_", SECRET + "x", SECRET.lower(), "\udc80", digest_of(SECRET).hex()])
def test_any_other_text_is_nobodys(tokens: SqlApiTokens, secret: str) -> None:
    assert tokens.bearer(secret, NOW_NS) is None


def test_a_token_ends(tokens: SqlApiTokens) -> None:
    assert tokens.bearer(SECRET, TOKEN.expires_ns - 1) is not None
    assert tokens.bearer(SECRET, TOKEN.expires_ns) is None


def test_a_revoked_token_is_nobodys_at_once_and_its_end_stays(tokens: SqlApiTokens) -> None:
    assert tokens.revoke_api_token("token-1", NOW_NS + 5) == replace(TOKEN, revoked_ns=NOW_NS + 5)
    assert tokens.bearer(SECRET, NOW_NS + 5) is None
    assert tokens.revoke_api_token("token-1", NOW_NS + 9) is None
    assert tokens.revoke_api_token("token-2", NOW_NS + 9) is None
    assert [token.revoked_ns for token in tokens.api_tokens()] == [NOW_NS + 5]


def test_its_last_use_is_known_to_the_minute(tokens: SqlApiTokens) -> None:
    uses = []
    for later in (1, 2, USE_GRAIN_NS, USE_GRAIN_NS + 1):
        tokens.bearer(SECRET, NOW_NS + later)
        uses.append(tokens.api_tokens()[0].last_used_ns - NOW_NS)
    assert uses == [1, 1, 1, USE_GRAIN_NS + 1]


def test_promise_56_only_the_hash_is_in_the_database(tokens: SqlApiTokens, engine: Engine) -> None:
    del tokens
    with engine.connect() as connection:
        dump = repr([connection.execute(select(table)).all() for table in (api_token, api_token_grant)])
    assert "grafana" in dump
    assert SECRET.removeprefix("nvt_")[:20] not in dump
    assert repr(b"\x07" * 8)[2:-1] not in dump


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "two\nlines"},
        {"grants": Grants()},
        {"grants": Grants((Grant(Role.OWNER),))},
        {"expires_ns": NOW_NS},
        {"expires_ns": NOW_NS + 367 * DAY_NS},
    ],
)
def test_a_token_that_should_not_be_is_refused(wrong: dict[str, object]) -> None:
    assert checked(TOKEN) == TOKEN
    with pytest.raises(TokenRefused):
        checked(replace(TOKEN, **wrong))  # type: ignore[arg-type]
