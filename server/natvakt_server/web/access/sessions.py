"""Sessions live in the store, under the hash of a token that only the browser has. Ending one there ends it everywhere at once.

Two clocks run: `expires_ns` however busy, and the idle time since `last_used_ns`. A session whose second factor is still missing
lives only as long as typing a code takes. A new token at every step up: a token from before a login is worth nothing after it.
"""

import base64
from dataclasses import dataclass, replace
from hashlib import sha256

from natvakt_server.domain.accounts import Session, User
from natvakt_server.web.ports import Accounts, Surroundings

SECOND_NS = 1_000_000_000
TOKEN_BYTES = 32
PENDING_NS = 10 * 60 * SECOND_NS
USE_GRAIN_NS = 60 * SECOND_NS  # how often a use is written down: not at every request
SESSION_COOKIE = "__Host-natvakt"


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class SessionKeeper:
    accounts: Accounts
    surroundings: Surroundings
    lifetime_ns: int
    idle_ns: int

    def open(self, user_id: str, second_factor: bool, instead_of: Session | None = None) -> str:
        """The token of a new session; the one it takes the place of is ended."""
        if instead_of is not None:
            self.accounts.end_session(instead_of.token_hash)
        now_ns = self.surroundings.clock.wall_ns()
        token = self.random_text()
        life_ns = self.lifetime_ns if second_factor else min(PENDING_NS, self.lifetime_ns)
        self.accounts.put_session(
            Session(token_hash(token), user_id, now_ns, now_ns + life_ns, now_ns, csrf=self.random_text(), second_factor=second_factor)
        )
        return token

    def find(self, token: str) -> tuple[User, Session] | None:
        """Who holds this token. None: unknown, ended, too old, idle too long, or the person was disabled."""
        session = self.accounts.session(token_hash(token))
        if session is None:
            return None
        now_ns = self.surroundings.clock.wall_ns()
        user = self.accounts.user(session.user_id)
        if now_ns >= session.expires_ns or now_ns - session.last_used_ns >= self.idle_ns or user is None or user.disabled:
            self.accounts.end_session(session.token_hash)
            return None
        if now_ns - session.last_used_ns >= min(USE_GRAIN_NS, self.idle_ns // 2):
            session = replace(session, last_used_ns=now_ns)
            self.accounts.touch_session(session.token_hash, now_ns)
        return user, session

    def random_text(self) -> str:
        return base64.urlsafe_b64encode(self.surroundings.random(TOKEN_BYTES)).rstrip(b"=").decode()
