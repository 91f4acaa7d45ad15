"""People: users, their sessions, one-time links. Only hashes are stored; TOTP seeds are encrypted under a key file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from natvakt_server.domain.rights import Grant, Grants, grants_of


@dataclass(frozen=True, slots=True)
class User:
    id: str  # UUIDv7
    name: str  # login name, lower case
    display_name: str
    role: str  # over the whole partner: owner, engineer, consultant or sales; empty for who was given less than that
    language: str = "sv"
    password_hash: str | None = None  # argon2id, None until the one-time link was used
    totp_sealed: bytes | None = None
    totp_last_step: int = 0
    disabled: bool = False
    failed_logins: int = 0
    locked_until_ns: int = 0
    given: tuple[Grant, ...] = ()  # over single customers and sites

    @property
    def grants(self) -> Grants:
        """Everything this person may: the role over the partner, and what was given over customers and sites."""
        return Grants((*(grants_of([(self.role, "", "")]).given if self.role else ()), *self.given))


@dataclass(frozen=True, slots=True)
class Session:
    token_hash: bytes
    user_id: str
    created_ns: int
    expires_ns: int
    last_used_ns: int
    csrf: str
    second_factor: bool


class GrantStore(Protocol):
    """What people were given over single customers and sites. It holds from the next request on: grants are read at each."""

    def give(self, user_id: str, given: Grant) -> None:
        """Once more changes nothing."""
        ...

    def take(self, user_id: str, given: Grant) -> bool:
        """False: it was not given."""
        ...


class AccountStore(GrantStore, Protocol):
    def users(self) -> Sequence[User]: ...
    def user(self, user_id: str) -> User | None: ...
    def user_by_name(self, name: str) -> User | None: ...
    def put_user(self, user: User) -> None: ...
    def add_link(self, token_hash: bytes, user_id: str, expires_ns: int) -> None: ...
    def use_link(self, token_hash: bytes, now_ns: int) -> str | None:
        """The user id, once; None when unknown, used or too old."""
        ...

    def put_session(self, session: Session) -> None: ...
    def session(self, token_hash: bytes) -> Session | None: ...
    def end_session(self, token_hash: bytes) -> None: ...
    def end_sessions_of(self, user_id: str) -> None: ...


class SecondFactorStore(Protocol):
    def use_totp_step(self, user_id: str, step: int) -> bool:
        """Mark this time step used. False: it, or a later one, was used before; the code must be refused."""
        ...


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential: the public half only. `sign_count`: as its key counted at the last use; 0 where it does not count."""

    id: bytes
    user_id: str
    name: str
    public_key: bytes  # COSE
    sign_count: int
    created_ns: int
    last_used_ns: int = 0


class PasskeyStore(Protocol):
    def add_passkey(self, passkey: Passkey) -> bool:
        """False: this credential is there already, with whomever."""
        ...

    def passkeys(self, user_id: str) -> Sequence[Passkey]:
        """The oldest first."""
        ...

    def use_passkey(self, passkey: Passkey, sign_count: int, now_ns: int) -> bool:
        """False: it was used or taken away since `passkey` was read."""
        ...

    def remove_passkey(self, user_id: str, passkey_id: bytes) -> bool: ...


class RecoveryCodeStore(Protocol):
    def replace_recovery_codes(self, user_id: str, digests: Sequence[bytes]) -> None: ...
    def use_recovery_code(self, user_id: str, digest: bytes) -> bool:
        """Once: a used code is gone. False: there is none such."""
        ...

    def recovery_codes_left(self, user_id: str) -> int: ...


class LoginCounter(Protocol):
    """Failed logins of a person, counted in single statements: two guesses at the same moment count as two."""

    def count_failure(self, user_id: str) -> int:
        """How many there are now, this one included; 0 for nobody."""
        ...

    def lock_until(self, user_id: str, until_ns: int) -> None:
        """Never shortens a lock that lasts longer."""
        ...

    def clear_failures(self, user_id: str) -> None: ...


class SessionUse(Protocol):
    def touch_session(self, token_hash: bytes, now_ns: int) -> None:
        """Move `last_used_ns` on. A session that was ended meanwhile stays ended."""
        ...


class LinkReader(Protocol):
    def link_owner(self, token_hash: bytes, now_ns: int) -> str | None:
        """Whose link this is, without using it; None when unknown, used or too old."""
        ...
