"""The two steps of signing in, without any web around them: name and password, then the second factor."""

from collections.abc import Callable
from dataclasses import dataclass

from natvakt_server.domain.accounts import Session, User
from natvakt_server.web.access.delays import ACCOUNT, Delays
from natvakt_server.web.access.passkeys import Passkeys
from natvakt_server.web.access.passwords import Passwords
from natvakt_server.web.access.recovery import RecoveryCodes
from natvakt_server.web.access.second_factor import SecondFactor
from natvakt_server.web.ports import Accounts

NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where a guess comes from. `browser`: the nonce of a cookie that proves an earlier sign-in of this very person."""

    source: str
    browser: str | None
    now_ns: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`user` None: refused, without a word about which part was wrong. `wait_ns`: not before then again."""

    user: User | None
    wait_ns: int = 0


@dataclass(frozen=True, slots=True)
class SigningIn:
    accounts: Accounts
    passwords: Passwords
    second_factor: SecondFactor
    recovery: RecoveryCodes
    passkeys: Passkeys
    sources: Delays
    browsers: Delays

    def password(self, name: str, password: str, attempt: Attempt) -> Verdict:
        user = self.accounts.user_by_name(name.strip().lower()[:NAME_LIMIT])
        wait_ns = self._wait_ns(user, attempt)
        if wait_ns:
            return Verdict(None, wait_ns)
        right = self.passwords.matches(user.password_hash if user else None, password)
        if user is None or not right or user.disabled:
            return Verdict(None, self._failed(user, attempt))
        return Verdict(user)

    def code(self, user: User, code: str, attempt: Attempt) -> Verdict:
        """A one-time code."""
        return self._second(user, attempt, lambda: self.second_factor.accepts(user, code, attempt.now_ns))

    def recovery_code(self, user: User, code: str, attempt: Attempt) -> Verdict:
        return self._second(user, attempt, lambda: self.recovery.accepts(user, code))

    def passkey(self, user: User, session: Session, answer: str, attempt: Attempt) -> Verdict:
        return self._second(user, attempt, lambda: self.passkeys.accepts(user, session, answer, attempt.now_ns))

    def _second(self, user: User, attempt: Attempt, is_right: Callable[[], bool]) -> Verdict:
        wait_ns = self._wait_ns(user, attempt)
        if wait_ns:
            return Verdict(None, wait_ns)
        if not is_right():
            return Verdict(None, self._failed(user, attempt))
        self.complete(user, attempt)
        return Verdict(user)

    def complete(self, user: User, attempt: Attempt) -> None:
        """Both factors were right: what was counted against this person and this place is forgotten."""
        self.accounts.clear_failures(user.id)
        self.sources.succeeded(attempt.source)
        if attempt.browser is not None:
            self.browsers.succeeded(attempt.browser)

    def _wait_ns(self, user: User | None, attempt: Attempt) -> int:
        if attempt.browser is not None:
            return self.browsers.wait_ns(attempt.browser)
        locked_ns = max(0, user.locked_until_ns - attempt.now_ns) if user else 0
        return max(locked_ns, self.sources.wait_ns(attempt.source))

    def _failed(self, user: User | None, attempt: Attempt) -> int:
        """Counts where it belongs; a known browser's failures are its own, a stranger's the account's and the source's."""
        if attempt.browser is not None:
            self.browsers.failed(attempt.browser)
            return self.browsers.wait_ns(attempt.browser)
        self.sources.failed(attempt.source)
        if user is not None:
            wait_ns = ACCOUNT.wait_ns(self.accounts.count_failure(user.id))
            if wait_ns:
                self.accounts.lock_until(user.id, attempt.now_ns + wait_ns)
        return self._wait_ns(self.accounts.user(user.id) if user else None, attempt)
