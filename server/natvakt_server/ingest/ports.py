"""What the worker needs besides the stores of `domain`: who signed, and with which key to open."""

from collections.abc import Sequence
from typing import Protocol

from natvakt_wire.seal import RecipientPrivateKey

from natvakt_server.domain.identity import AgentRecord, IdentityKey


class Signers(Protocol):
    """The part of `domain.identity.AgentRegistry` that the worker reads."""

    def agent(self, agent_id: str) -> AgentRecord | None: ...
    def identity_keys(self, agent_id: str) -> Sequence[IdentityKey]: ...


class OpeningKeys(Protocol):
    """The private halves of a tenant's recipient keys. Only the worker has them."""

    def opening_key(self, tenant: str, key_id: bytes) -> RecipientPrivateKey | None:
        """None: never ours, another tenant's, or destroyed after its retention."""
        ...
