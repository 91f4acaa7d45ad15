"""Identity without SQL and without a disk: registry, tokens, recipient keys, audit trail, key files, and a desk over all of them."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from natvakt_server.domain.identity import AgentRecord, AgentState, AuditEntry, IdentityKey, RecipientKey, TokenRow
from natvakt_server.gateway.enrolment import to_message
from natvakt_server.identity.authority import CertificateAuthority, open_authority
from natvakt_server.identity.enrolment import DeskParts, DeskSettings, EnrolmentDesk
from natvakt_server.identity.requests import EnrolmentRequest, ReturnRequest
from natvakt_server.identity.tenant_keys import RecipientKeyring, Rotation, TenantKeys
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.signing import Domain, sign
from natvakt_wire.v1 import enrolment_pb2
from testkit.wire import NOW_NS, seeded_random


class MemoryAgentRegistry:
    def __init__(self) -> None:
        self._agents: dict[str, AgentRecord] = {}
        self._keys: dict[str, list[IdentityKey]] = {}

    def agent(self, agent_id: str) -> AgentRecord | None:
        return self._agents.get(agent_id)

    def agents(self, tenant: str | None = None) -> Sequence[AgentRecord]:
        return [record for record in self._agents.values() if tenant in (None, record.tenant)]

    def identity_keys(self, agent_id: str) -> Sequence[IdentityKey]:
        return [*self._keys.get(agent_id, ())]

    def enrol(self, record: AgentRecord, key: IdentityKey) -> None:
        if record.id in self._agents:
            raise ValueError(f"agent {record.id} is registered already")
        self._agents[record.id] = record
        self._keys[record.id] = [key]

    def update(self, record: AgentRecord) -> None:
        self._agents[record.id] = record

    def revoke(self, agent_id: str, at_ns: int, detail: str) -> None:
        record = self._agents[agent_id]
        if record.state is not AgentState.REVOKED:
            self._agents[agent_id] = replace(record, state=AgentState.REVOKED, revoked_ns=at_ns, detail=detail)
            ended = [replace(key, not_after_ns=at_ns) for key in self._keys[agent_id] if key.not_after_ns is None]
            self._keys[agent_id] = [key for key in self._keys[agent_id] if key.not_after_ns is not None] + ended

    def touch(self, agent_id: str, at_ns: int, version: str) -> None:
        self._agents[agent_id] = replace(self._agents[agent_id], last_seen_ns=at_ns, version=version)


class MemoryTokenStore:
    def __init__(self) -> None:
        self.rows: dict[bytes, TokenRow] = {}
        self._lock = threading.Lock()

    def add_token(self, token: TokenRow) -> None:
        self.rows[token.token_hash] = token

    def consume_token(self, token_hash: bytes, bound_key: bytes, agent_id: str, now_ns: int) -> TokenRow | None:
        with self._lock:
            row = self.rows.get(token_hash)
            if row is None:
                return None
            if row.used_ns is not None:
                return row if row.bound_key == bound_key else None
            if now_ns >= row.expires_ns:
                return None
            self.rows[token_hash] = replace(row, used_ns=now_ns, bound_key=bound_key, agent=agent_id)
            return self.rows[token_hash]


class MemoryRecipientKeyStore:
    def __init__(self) -> None:
        self._keys: dict[bytes, RecipientKey] = {}

    def recipient_keys(self, tenant: str) -> Sequence[RecipientKey]:
        return [key for key in self._keys.values() if key.tenant == tenant]

    def add_recipient_key(self, key: RecipientKey) -> None:
        self._keys[key.id] = key

    def mark_destroyed(self, key_id: bytes, at_ns: int) -> None:
        self._keys[key_id] = replace(self._keys[key_id], destroyed_ns=at_ns)


class MemoryAuditLog:
    """`rows` are (entry, chain hash); a test may damage one."""

    def __init__(self) -> None:
        self.rows: list[tuple[AuditEntry, bytes]] = []

    def record(self, entry: AuditEntry) -> None:
        self.rows.append((entry, self._link(entry, self.rows[-1][1] if self.rows else b"")))

    def entries(self, limit: int = 200, tenant: str | None = None) -> Sequence[AuditEntry]:
        newest_first = [entry for entry, _ in reversed(self.rows) if tenant in (None, entry.tenant)]
        return newest_first[:limit]

    def verify(self) -> int:
        before = b""
        for number, (entry, link) in enumerate(self.rows):
            if link != self._link(entry, before):
                raise ValueError(f"audit row {number} does not fit the one before")
            before = link
        return len(self.rows)

    @staticmethod
    def _link(entry: AuditEntry, before: bytes) -> bytes:
        return hashlib.sha256(before + repr(entry).encode()).digest()


class MemoryKeyFiles:
    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        return self.content.get(name)

    def write(self, name: str, content: bytes) -> None:
        self.content[name] = content

    def create(self, name: str, content: bytes) -> bytes:
        return self.content.setdefault(name, content)

    def destroy(self, name: str) -> bool:
        return self.content.pop(name, None) is not None

    def names(self) -> list[str]:
        return sorted(self.content)


@dataclass
class SettableClock:
    """Both faces of server and agent clock; `advance` moves wall and monotonic time together."""

    now_ns: int = NOW_NS
    since_boot_ns: int = 0
    boot_id: bytes = bytes(16)

    def wall_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.since_boot_ns

    def advance(self, seconds: float) -> None:
        self.now_ns += int(seconds * 1_000_000_000)
        self.since_boot_ns += int(seconds * 1_000_000_000)


@dataclass
class IdentityHouse:
    """A whole desk on fakes. `settings` are taken when `desk` is first asked for."""

    settings: DeskSettings = field(default_factory=lambda: DeskSettings("127.0.0.1:7444", "127.0.0.1:7443"))
    rotation: Rotation = field(default_factory=Rotation)
    clock: SettableClock = field(default_factory=SettableClock)

    def __post_init__(self) -> None:
        self.random = seeded_random(7)
        self.registry = MemoryAgentRegistry()
        self.tokens = MemoryTokenStore()
        self.keys = MemoryRecipientKeyStore()
        self.audit = MemoryAuditLog()
        self.files = MemoryKeyFiles()
        self.authority: CertificateAuthority = open_authority(self.files, self.clock, self.random)
        self.tenants = TenantKeys(self.files)
        self.recipients = RecipientKeyring(self.files, self.keys, self.tenants, self.audit, self.clock, self.rotation)
        parts = DeskParts(self.registry, self.tokens, self.audit, self.authority, self.tenants, self.recipients, self.clock, self.random)
        self.desk = EnrolmentDesk(parts, self.settings)

    def refusals(self) -> list[AuditEntry]:
        return [entry for entry in self.audit.entries() if entry.outcome == "refused"]


@dataclass
class Applicant:
    """Someone with keys who asks to be enrolled, honestly or not."""

    identity: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    tls: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    @property
    def public_raw(self) -> bytes:
        return self.identity.public_key().public_bytes_raw()

    def tls_pem(self) -> bytes:
        return self.tls.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def csr(self, subject: x509.Name | None = None, extensions: Sequence[x509.ExtensionType] = ()) -> bytes:
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject or x509.Name([]))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(self.tls, SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)

    def enrolment(self, token_text: str, csr: bytes | None = None) -> EnrolmentRequest:
        secret = EnrolmentToken.from_text(token_text).secret_text
        asked = self.csr() if csr is None else csr
        proof = sign(Domain.ENROLMENT, self.identity, _hash(secret.encode()), _hash(asked))
        return EnrolmentRequest.from_token(secret, csr=asked, identity_public_key=self.public_raw, identity_proof=proof, version="0.1.0")

    def coming_back(self, agent: str, signed_at_ns: int, nonce: bytes = bytes(16)) -> ReturnRequest:
        asked = self.csr()
        parts = (agent.encode(), _hash(asked), signed_at_ns.to_bytes(8, "big", signed=True), nonce)
        return ReturnRequest(agent, asked, signed_at_ns, nonce, sign(Domain.RETURN, self.identity, *parts))

    def renewal(self) -> tuple[bytes, bytes]:
        """CSR and signature, with a fresh TLS key."""
        self.tls = generate_private_key(SECP256R1())
        asked = self.csr()
        return asked, sign(Domain.RENEWAL, self.identity, _hash(asked))


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class DeskCalls:
    """The Enrolment service without a network: what the agent calls ends at a desk. `lose_answers` drops that many on the way back."""

    def __init__(self, house: IdentityHouse, lose_answers: int = 0) -> None:
        self._house = house
        self._lose_answers = lose_answers
        self.connected: list[tuple[str, bytes]] = []

    def connect(self, address: str, ca_certificates: bytes) -> "DeskCalls":
        self.connected.append((address, ca_certificates))
        return self

    def enrol(self, request: enrolment_pb2.EnrolRequest) -> enrolment_pb2.EnrolResponse:
        asked = EnrolmentRequest.from_token(
            request.token,
            csr=request.csr,
            identity_public_key=request.identity_public_key,
            identity_proof=request.identity_proof,
            version=request.version,
        )
        return self._on_the_way_back(to_message(self._house.desk.enrol(asked)))

    def come_back(self, request: enrolment_pb2.ReturnRequest) -> enrolment_pb2.EnrolResponse:
        asked = ReturnRequest(request.agent, request.csr, request.signed_at_ns, request.nonce, request.identity_proof)
        return self._on_the_way_back(to_message(self._house.desk.return_after_absence(asked)))

    def _on_the_way_back(self, response: enrolment_pb2.EnrolResponse) -> enrolment_pb2.EnrolResponse:
        if self._lose_answers:
            self._lose_answers -= 1
            raise ConnectionResetError("the answer was lost")
        return response
