"""What is asked of the enrolment desk and what it answers, free of gRPC."""

from dataclasses import dataclass, field

from natvakt_wire.ids import AgentName
from natvakt_wire.recipients import SignedAnnouncement

from natvakt_server.identity.tenant_keys import SignedPolicyKey


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    token: str = field(repr=False)
    csr: bytes
    identity_public_key: bytes
    identity_proof: bytes
    version: str = ""


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    agent: str
    csr: bytes
    signed_at_ns: int
    nonce: bytes
    identity_proof: bytes


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Everything an agent pins. `certificate_chain` is empty while a person has yet to approve it; the agent asks again."""

    name: AgentName
    certificate_chain: bytes  # PEM
    ca_certificates: bytes  # PEM
    tenant_root: bytes
    policy_key: SignedPolicyKey
    recipients: SignedAnnouncement
    uplink: str
    awaiting_approval: bool = False
