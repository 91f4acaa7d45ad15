"""Who calls the API: a token that is good now, and what it was given."""

from dataclasses import dataclass
from typing import Protocol

from natvakt_server.domain.rights import Grants


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a token that is good now. `name` is for people and the audit trail."""

    id: str
    name: str
    grants: Grants


class TokenCheck(Protocol):
    def bearer(self, secret: str, now_ns: int) -> Bearer | None:
        """None: unknown, over or withdrawn; the caller is not told which."""
        ...
