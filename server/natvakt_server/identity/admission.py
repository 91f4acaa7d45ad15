"""Who may not speak now, and what becomes of what they sent before.

gRPC checks a certificate once, in the handshake. The gateway therefore looks at every message, at the certificate's end and at a deny set.
`denied_agents` computes that set from the agents' records; the gateway server calls it every two seconds.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from natvakt_server.domain.identity import AgentRecord, AgentState


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
