"""What the gateway needs from the rest of the server, besides the store of `domain.delivery`."""

from collections.abc import Sequence
from typing import Protocol

from natvakt_wire.v1 import uplink_pb2

from natvakt_server.domain.identity import AgentRecord, IdentityKey
from natvakt_server.gateway.requests import Peer


class AgentDirectory(Protocol):
    """The part of `domain.identity.AgentRegistry` that the gateway reads and touches."""

    def agent(self, agent_id: str) -> AgentRecord | None: ...
    def agents(self, tenant: str | None = None) -> Sequence[AgentRecord]: ...
    def identity_keys(self, agent_id: str) -> Sequence[IdentityKey]: ...
    def touch(self, agent_id: str, at_ns: int, version: str) -> None: ...


class OutgoingMessages(Protocol):
    """Signed policy, commands and recipient keys that wait for an agent. The gateway cannot make them: it holds no signing key."""

    def waiting(self, peer: Peer, policy_version: int) -> Sequence[uplink_pb2.ServerMessage]:
        """Everything the agent should have and has not: called every few seconds, must be cheap."""
        ...

    def answered(self, peer: Peer, command: str, accepted: bool, detail: str) -> None: ...


class Renewals(Protocol):
    """Requests go to the worker, which holds the CA key; results come back here."""

    def submit(self, peer: Peer, csr: bytes, signature: bytes) -> None: ...
    def results(self, peer: Peer) -> Sequence[uplink_pb2.RenewalResult]:
        """Those that are ready for this agent."""
        ...
