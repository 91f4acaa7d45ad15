"""Who an agent is, which keys it has, which tokens were given out. Private keys are files, never rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class AgentState(StrEnum):
    AWAITING_APPROVAL = "awaiting-approval"
    ACTIVE = "active"
    REVOKED = "revoked"
    FENCED = "fenced"


@dataclass(frozen=True, slots=True)
class AgentRecord:
    id: str  # UUIDv7
    tenant: str
    site: str
    state: AgentState
    enrolled_ns: int
    last_seen_ns: int = 0
    version: str = ""
    certificate_not_after_ns: int = 0
    revoked_ns: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """Every identity key an agent ever had, with its span: envelopes are verified against the key of their time."""

    agent: str
    public_key: bytes  # Ed25519, raw
    fingerprint: bytes  # SHA-256 of the SubjectPublicKeyInfo
    not_before_ns: int
    not_after_ns: int | None = None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """Only the hash is stored. `bound_key`: identity key fingerprint the token was used with; the same key may retry."""

    token_hash: bytes
    tenant: str
    site: str
    expires_ns: int
    used_ns: int | None = None
    bound_key: bytes | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class RecipientKey:
    """Public half of a tenant's HPKE key. The private half is a file."""

    id: bytes  # 16 bytes
    tenant: str
    suite: int
    public_key: bytes
    not_before_ns: int
    not_after_ns: int
    destroyed_ns: int | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    at_ns: int
    actor: str  # "agent:<id>", "user:<name>", "cli", "gateway"
    action: str
    subject: str
    outcome: str  # ok | refused
    detail: str = ""
    tenant: str | None = None


class AgentRegistry(Protocol):
    def agent(self, agent_id: str) -> AgentRecord | None: ...
    def agents(self, tenant: str | None = None) -> Sequence[AgentRecord]: ...
    def identity_keys(self, agent_id: str) -> Sequence[IdentityKey]: ...
    def enrol(self, record: AgentRecord, key: IdentityKey) -> None: ...
    def update(self, record: AgentRecord) -> None: ...
    def revoke(self, agent_id: str, at_ns: int, detail: str) -> None: ...
    def touch(self, agent_id: str, at_ns: int, version: str) -> None: ...


class TokenStore(Protocol):
    def add_token(self, token: TokenRow) -> None: ...
    def consume_token(self, token_hash: bytes, bound_key: bytes, agent_id: str, now_ns: int) -> TokenRow | None:
        """One UPDATE: unused and in time, or used by the same key. None: refused."""
        ...


class RecipientKeyStore(Protocol):
    def recipient_keys(self, tenant: str) -> Sequence[RecipientKey]: ...
    def add_recipient_key(self, key: RecipientKey) -> None: ...
    def mark_destroyed(self, key_id: bytes, at_ns: int) -> None: ...


class AuditLog(Protocol):
    """Append only; every row holds the hash of the one before."""

    def record(self, entry: AuditEntry) -> None: ...
    def entries(self, limit: int = 200, tenant: str | None = None) -> Sequence[AuditEntry]: ...
    def verify(self) -> int:
        """Number of rows whose chain holds; raises ValueError naming the first broken one."""
        ...
