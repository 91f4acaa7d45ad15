"""Tokens for programs: a name, what it was given, and an end. The text is shown once; only its hash is kept.

    nvt_<43 characters>     32 random bytes; the prefix lets people and scanners of secrets see what it is

A token is not a person: it has no password and no second factor, so it never gets what owners have (people, tokens, the audit trail).
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from natvakt_server.domain.bearers import TokenCheck
from natvakt_server.domain.rights import Grants, Role

PREFIX = "nvt_"
SECRET_BYTES = 32
NAME_LIMIT = 80
DAY_NS = 86_400_000_000_000
LONGEST_DAYS, PROPOSED_DAYS = 366, 90
TOKEN_ROLES = tuple(role for role in Role if role is not Role.OWNER)


class TokenRefused(ValueError):
    """Names what is wrong with the token that was asked for, and what to ask for instead."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """`revoked_ns` 0: not revoked; `last_used_ns` 0: never used, else within a minute of it."""

    id: str  # UUIDv7
    name: str
    grants: Grants
    made_by: str
    created_ns: int
    expires_ns: int
    last_used_ns: int = 0
    revoked_ns: int = 0

    def is_good(self, now_ns: int) -> bool:
        return not self.revoked_ns and now_ns < self.expires_ns


class ApiTokenStore(TokenCheck, Protocol):
    def add_api_token(self, token: ApiToken, digest: bytes) -> None: ...
    def api_tokens(self) -> Sequence[ApiToken]:
        """The newest first, those that are over too."""
        ...

    def revoke_api_token(self, token_id: str, at_ns: int) -> ApiToken | None:
        """None: there is no such token, or it was revoked before."""
        ...


def digest_of(secret: str) -> bytes:
    """What is kept of a token's text: 256 random bits need no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def make_secret(random: Callable[[int], bytes]) -> str:
    return PREFIX + base64.urlsafe_b64encode(random(SECRET_BYTES)).rstrip(b"=").decode()


def checked(token: ApiToken) -> ApiToken:
    """Raises TokenRefused."""
    if not token.name.strip() or len(token.name) > NAME_LIMIT or not token.name.isprintable():
        raise TokenRefused(f"the name has {len(token.name)} characters; write 1 to {NAME_LIMIT} printable ones, such as what uses it")
    if not token.grants.given:
        raise TokenRefused("nothing is given to it; name a role, and the customers it is for")
    if token.grants.has(Role.OWNER):
        raise TokenRefused(f"a token cannot be an owner; give it {', '.join(TOKEN_ROLES)}")
    days = (token.expires_ns - token.created_ns) / DAY_NS
    if not 0 < days <= LONGEST_DAYS:
        raise TokenRefused(f"it would be good for {days:g} days; choose more than none and at most {LONGEST_DAYS}")
    return token
