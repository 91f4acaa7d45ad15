"""Who may call: the token in the Authorization header (RFC 6750), how often, and whether it holds the permission anywhere at all.

Cookies count for nothing here, so no page of somebody else's can make a browser call.
"""

import logging
from dataclasses import dataclass
from math import ceil

from flask import Request

from natvakt_server.domain.bearers import Bearer
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.web.access.gate import KnockLimit
from natvakt_server.web.api.house import ApiHouse
from natvakt_server.web.api.limits import RateLimit
from natvakt_server.web.api.operation import Operation
from natvakt_server.web.api.problem import Refused

LONGEST_SECRET = 256
SCHEME = "bearer "
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    house: ApiHouse
    calls: RateLimit
    knocks: RateLimit
    audited: KnockLimit

    def bearer(self, request: Request) -> Bearer:
        """Raises Refused: 401 without a good token, 429 for who comes too often."""
        clock, source = self.house.surroundings.clock, request.remote_addr or "unknown"
        given = request.headers.get("Authorization", "")
        secret = given[len(SCHEME) :].strip() if given.lower().startswith(SCHEME) else ""
        wait = self.knocks.wait_seconds(source, clock.monotonic_ns(), takes=0)
        if wait:
            raise too_often(wait)
        known = 0 < len(secret) <= LONGEST_SECRET and secret.isascii() and secret.isprintable()
        bearer = self.house.ports.tokens.bearer(secret, clock.wall_ns()) if known else None
        if bearer is None:
            self.knocks.wait_seconds(source, clock.monotonic_ns())
            self._refused("token-refused" if secret else "no-token", f"address:{source}", request.path, None)
            raise Refused(
                401, "no-good-token", "send `Authorization: Bearer TOKEN` with a token that is not over", _challenge(bool(secret))
            )
        wait = self.calls.wait_seconds(bearer.id, clock.monotonic_ns())
        if wait:
            raise too_often(wait)
        return bearer

    def admit(self, bearer: Bearer, operation: Operation) -> None:
        """Raises Refused where the token holds the permission over nothing."""
        if bearer.grants.scope(operation.permission).is_empty:
            self._refused("permission-refused", f"token:{bearer.name}", operation.name, bearer)
            raise Refused(403, "permission-missing", f"this token does not hold the permission `{operation.permission}`")

    def _refused(self, action: str, actor: str, subject: str, bearer: Bearer | None) -> None:
        clock = self.house.surroundings.clock
        _log.warning("event=refused action=%s subject=%r actor=%r", action, subject, actor)
        if bearer is not None or self.audited.admits(clock.monotonic_ns()):
            self.house.ports.console.audit.record(AuditEntry(clock.wall_ns(), actor, action, subject, "refused"))


def too_often(wait_seconds: float) -> Refused:
    seconds = max(1, ceil(wait_seconds))
    return Refused(429, "too-often", f"too many calls; come again in {seconds} s", {"Retry-After": str(seconds)})


def _challenge(tried: bool) -> dict[str, str]:
    return {"WWW-Authenticate": 'Bearer realm="natvakt", error="invalid_token"' if tried else 'Bearer realm="natvakt"'}
