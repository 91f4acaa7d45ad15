"""Who may not speak now, and what becomes of what they sent before.

gRPC checks a certificate once, in the handshake. The gateway therefore asks at every message; this module computes the answers from the
agents' records. Whoever watches calls `denied_agents` every few seconds (`REFRESH_SECONDS`) and hands the result to the gateway.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.identity.certificates import PeerCertificate

REFRESH_SECONDS = 2.0


class RevocationReason(StrEnum):
    """First word of `AgentRecord.detail` of a revoked agent; says what becomes of batches received before."""

    KEY_COMPROMISE = "key-compromise"  # nothing that still waits is believed
    RETIRED = "retired"  # what was received before the revocation is applied
    REPLACED = "replaced"


def denied_agents(agents: Iterable[AgentRecord]) -> Mapping[str, str]:
    """Agent id to reason, for every agent that may not speak."""
    return {record.id: refusal for record in agents if (refusal := refusal_of(record)) is not None}


def refusal_of(record: AgentRecord | None) -> str | None:
    """Why this agent may not speak; None when it may."""
    if record is None:
        return "unknown agent"
    reasons = {
        AgentState.REVOKED: f"revoked: {record.detail}",
        AgentState.FENCED: f"fenced: {record.detail}",
        AgentState.AWAITING_APPROVAL: "awaiting approval",
    }
    return reasons.get(record.state)


@dataclass(slots=True)
class Admission:
    """The deny set as one gateway holds it: replaced as a whole, asked at every message, fails closed when it grows too old."""

    stale_after_ns: int = 30_000_000_000
    _agents: Mapping[str, str] | None = None
    _refreshed_ns: int = 0

    def refresh(self, agents: Iterable[AgentRecord], now_ns: int) -> None:
        """`now_ns`: wall clock."""
        self._agents = denied_agents(agents)
        self._refreshed_ns = now_ns

    def check(self, peer: PeerCertificate, now_ns: int) -> str | None:
        """The reason to cut this peer off, or None."""
        if now_ns >= peer.not_after_ns:
            return "certificate expired"
        if self._agents is None or now_ns - self._refreshed_ns > self.stale_after_ns:
            return "revocations are not known"
        return self._agents.get(peer.name.agent)
