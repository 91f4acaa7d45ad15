"""Single sign-on: somebody else says who a person is. What that person may is said here, by owners, as for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MULTI_FACTOR = "mfa"  # RFC 8176


class SignOnFailed(Exception):
    """The provider could not be asked, or what it answered does not hold. Names what and why, never a token or a code."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one sign-on is held together with. `state` comes back in the address, `nonce` inside the signed token, `verifier` (PKCE,
    RFC 7636) goes only to the provider's token endpoint."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says it is: `subject` never changes at one issuer, `name` is the claim that login names are given by."""

    issuer: str
    subject: str
    name: str
    methods: Sequence[str] = ()  # amr, RFC 8176


class IdentityProvider(Protocol):
    """OpenID Connect, authorization code flow with PKCE."""

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def proves_second_factor(self) -> bool:
        """Whether its word that several factors were used takes the place of our own second factor."""
        ...

    def address(self, ticket: Ticket, back: str) -> str:
        """Where the browser is sent. Raises SignOnFailed."""
        ...

    def identity(self, code: str, ticket: Ticket, back: str, now_ns: int) -> Identity:
        """Raises SignOnFailed."""
        ...


class IdentityBook(Protocol):
    """Which person of ours an identity belongs to, once it was seen. A name that is given to somebody else there opens nothing here."""

    def identity_owner(self, issuer: str, subject: str) -> str | None: ...
    def bind_identity(self, issuer: str, subject: str, user_id: str) -> bool:
        """False: the identity has an owner, or this person another identity at this issuer."""
        ...
