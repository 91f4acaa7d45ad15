"""What is asked of the enrolment desk and what it answers, free of gRPC."""

from dataclasses import dataclass
from hashlib import sha256

from natvakt_wire.enrolment_token import secret_from_text
from natvakt_wire.errors import NotAdmitted
from natvakt_wire.ids import AgentName
from natvakt_wire.recipients import SignedAnnouncement


@dataclass(frozen=True, slots=True)
class SignedPolicyKey:
    """`signature`: by the tenant's root over tenant and key."""

    public_raw: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """Holds of the token only what it is checked by, so that a request may be stored: no hash gives a token back.

    `token_digest`: SHA-256 of the token as it was sent, which the proof signs. `secret_hash`: SHA-256 of the secret in it, by which the
    desk finds the token; empty when the text is none that a token ever had.
    """

    token_digest: bytes
    secret_hash: bytes
    csr: bytes
    identity_public_key: bytes
    identity_proof: bytes
    version: str = ""

    @classmethod
    def from_token(
        cls, token: str, *, csr: bytes, identity_public_key: bytes, identity_proof: bytes, version: str = ""
    ) -> "EnrolmentRequest":
        """What is kept of a request that names its token. Never raises: what is wrong with the token is the desk's to say."""
        try:
            secret_hash = sha256(secret_from_text(token)).digest()
        except NotAdmitted:
            secret_hash = b""
        return cls(sha256(token.encode()).digest(), secret_hash, csr, identity_public_key, identity_proof, version)


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
