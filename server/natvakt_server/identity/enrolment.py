"""The enrolment desk: one-time tokens in, certificates out; renewals; returns; revocation. No sockets, no SQL.

Promises kept here: a token is used once, by one identity key, which may repeat the request and gets the same certificate again; tenant and
site come from the token and the registry, never from the request; revocation is looked at before anything else; whatever happens is
in the audit trail.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from natvakt_wire.enrolment_token import SECRET_BYTES, EnrolmentToken
from natvakt_wire.errors import BadSignature, LimitExceeded, Malformed, NotAdmitted, TryLater, WireError
from natvakt_wire.ids import AgentName, check_slug, uuid7
from natvakt_wire.signing import Domain, fingerprint, verify_signature

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.identity import AgentRecord, AgentRegistry, AgentState, AuditEntry, AuditLog, IdentityKey, TokenRow, TokenStore
from natvakt_server.identity.admission import RevocationReason, refusal_of
from natvakt_server.identity.authority import AGENT_LIFE_SECONDS, CertificateAuthority, IssuedCertificate
from natvakt_server.identity.certificates import SECOND_NS, read_csr
from natvakt_server.identity.requests import Enrolled, EnrolmentRequest, ReturnRequest
from natvakt_server.identity.site_limit import SlidingLimit
from natvakt_server.identity.tenant_keys import RecipientKeyring, TenantKeys

DEFAULT_TOKEN_LIFE_NS = 600 * SECOND_NS
MAX_TOKEN_LIFE_NS = 24 * 3600 * SECOND_NS
RETURN_CLOCK_TOLERANCE_NS = 3600 * SECOND_NS
NONCE_BYTES = 16

_UNKNOWN_TOKEN = "the enrolment token is unknown, used or too old; issue a new one with `natvakt-server token issue`"  # noqa: S105 - a message


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """`enrolment_address`, `uplink_address`: host:port as agents reach them."""

    enrolment_address: str
    uplink_address: str
    approval_required: bool = False
    agent_life_seconds: int = AGENT_LIFE_SECONDS
    returns_per_site: int = 10
    returns_span_ns: int = 3600 * SECOND_NS


@dataclass(frozen=True, slots=True)
class DeskParts:
    registry: AgentRegistry
    tokens: TokenStore
    audit: AuditLog
    authority: CertificateAuthority
    tenants: TenantKeys
    recipients: RecipientKeyring
    clock: Clock
    random: Callable[[int], bytes]


class EnrolmentDesk:
    """Thread-safe: requests for the same token or agent are worked on one after the other."""

    def __init__(self, parts: DeskParts, settings: DeskSettings) -> None:
        self._parts = parts
        self._settings = settings
        self._returns = SlidingLimit(settings.returns_per_site, settings.returns_span_ns)
        self._last_return_ns: dict[str, int] = {}
        self._one_at_a_time = threading.Lock()

    # -- tokens --------------------------------------------------------------------------------------------------------

    def issue_token(self, tenant: str, site: str, actor: str = "cli", life_ns: int = DEFAULT_TOKEN_LIFE_NS) -> str:
        """The text for the person who sets the agent up. Only its secret's hash is stored.

        Raises Malformed for a bad slug, LimitExceeded for a life that is not within 24 h.
        """
        check_slug(tenant, "tenant")
        check_slug(site, "site")
        if not 0 < life_ns <= MAX_TOKEN_LIFE_NS:
            raise LimitExceeded(f"a token lives for at most 24 h, not {life_ns / SECOND_NS:.0f} s; issue another when it is needed")
        secret = self._parts.random(SECRET_BYTES)
        expires_ns = self._parts.clock.wall_ns() + life_ns
        token = EnrolmentToken(
            secret,
            self._settings.enrolment_address,
            self._parts.authority.certificate_der,
            self._parts.tenants.root_fingerprint(tenant),
            expires_ns,
        )
        self._parts.tokens.add_token(TokenRow(sha256(secret).digest(), tenant, site, expires_ns))
        self._audit(actor, "token-issued", f"{tenant}/{site}", tenant=tenant)
        return token.to_text()

    # -- enrolment -----------------------------------------------------------------------------------------------------

    def enrol(self, request: EnrolmentRequest, peer: str = "") -> Enrolled:
        """Raises NotAdmitted, BadSignature, Malformed or LimitExceeded; each is in the audit trail."""
        with self._one_at_a_time:
            try:
                return self._enrol(request)
            except WireError as error:
                self._audit("gateway", "enrol", peer, str(error), refused=True)
                raise

    def _enrol(self, request: EnrolmentRequest) -> Enrolled:
        if not request.secret_hash:
            raise NotAdmitted(_UNKNOWN_TOKEN)
        read_csr(request.csr)
        proof_parts = (request.token_digest, sha256(request.csr).digest())
        verify_signature(Domain.ENROLMENT, request.identity_public_key, request.identity_proof, *proof_parts)
        now_ns = self._parts.clock.wall_ns()
        key = fingerprint(request.identity_public_key)
        # The token comes first: a stranger without one must not make the server search all its agents.
        row = self._parts.tokens.consume_token(request.secret_hash, key, uuid7(now_ns, self._parts.random), now_ns)
        if row is None or row.agent is None:
            raise NotAdmitted(_UNKNOWN_TOKEN)
        record = self._record_of_key(key) or self._register(row, request, now_ns)
        refusal = refusal_of(record)
        if refusal and record.state is not AgentState.AWAITING_APPROVAL:
            raise NotAdmitted(f"agent {record.id} is registered with this identity key and {refusal}")
        if (record.tenant, record.site) != (row.tenant, row.site):
            raise NotAdmitted(f"agent {record.id} belongs to {record.tenant}/{record.site}, the token is for {row.tenant}/{row.site}")
        return self._certify(record, request.csr)

    def _register(self, row: TokenRow, request: EnrolmentRequest, now_ns: int) -> AgentRecord:
        assert row.agent is not None
        state = AgentState.AWAITING_APPROVAL if self._settings.approval_required else AgentState.ACTIVE
        record = AgentRecord(row.agent, row.tenant, row.site, state, now_ns, version=request.version[:80])
        key = fingerprint(request.identity_public_key)
        self._parts.registry.enrol(record, IdentityKey(row.agent, request.identity_public_key, key, now_ns))
        self._audit(f"agent:{row.agent}", "enrolled", f"{row.tenant}/{row.site}", f"identity key {key.hex()[:16]}", tenant=row.tenant)
        return record

    def _certify(self, record: AgentRecord, csr: bytes) -> Enrolled:
        """A repeat within the certificate's life is answered with the same certificate: its beginning is on record."""
        if record.state is AgentState.AWAITING_APPROVAL:
            return self._enrolled(record, b"")
        now_ns = self._parts.clock.wall_ns()
        begins_ns = record.certificate_not_after_ns - self._settings.agent_life_seconds * SECOND_NS
        if record.certificate_not_after_ns <= now_ns:
            begins_ns = now_ns
        issued = self._issue(record, csr, begins_ns)
        return self._enrolled(record, issued.chain_pem)

    def _enrolled(self, record: AgentRecord, chain_pem: bytes) -> Enrolled:
        return Enrolled(
            name=_name_of(record),
            certificate_chain=chain_pem,
            ca_certificates=self._parts.authority.certificate_pem,
            tenant_root=self._parts.tenants.root_public(record.tenant),
            policy_key=self._parts.tenants.signed_policy_key(record.tenant),
            recipients=self._parts.recipients.announcement(record.tenant),
            uplink=self._settings.uplink_address,
            awaiting_approval=not chain_pem,
        )

    # -- renewal and return --------------------------------------------------------------------------------------------

    def renew(self, name: AgentName, csr: bytes, signature: bytes) -> IssuedCertificate:
        """A fresh certificate for the agent that `name` (its present certificate) says. Revocation first, however due it is."""
        with self._one_at_a_time:
            try:
                record = self._admitted(name.agent)
                if _name_of(record) != name:
                    raise NotAdmitted(f"agent {name.agent} belongs to {record.tenant}/{record.site}")
                self._prove(record, Domain.RENEWAL, signature, sha256(csr).digest())
                issued = self._issue(record, csr, self._parts.clock.wall_ns())
            except WireError as error:
                self._audit(f"agent:{name.agent}", "renew", name.spiffe_id, str(error), refused=True, tenant=name.tenant)
                raise
            self._audit(f"agent:{name.agent}", "renewed", name.spiffe_id, tenant=name.tenant)
            return issued

    def return_after_absence(self, request: ReturnRequest, peer: str = "") -> Enrolled:
        """An agent whose certificate ran out while it was away, by proof of its registered key. TryLater over the site's limit."""
        with self._one_at_a_time:
            try:
                record = self._returning(request)
                issued = self._issue(record, request.csr, self._parts.clock.wall_ns())
            except WireError as error:
                self._audit(f"agent:{request.agent[:40]}", "return", peer, str(error), refused=True)
                raise
            self._audit(f"agent:{record.id}", "returned", _name_of(record).spiffe_id, tenant=record.tenant)
            return self._enrolled(record, issued.chain_pem)

    def _returning(self, request: ReturnRequest) -> AgentRecord:
        record = self._admitted(request.agent)
        if len(request.nonce) != NONCE_BYTES:
            raise Malformed(f"the nonce has {len(request.nonce)} bytes, expected {NONCE_BYTES}")
        try:
            signed_at = request.signed_at_ns.to_bytes(8, "big", signed=True)
        except OverflowError as error:
            raise Malformed("signed_at does not fit 64 bit") from error
        self._prove(
            record, Domain.RETURN, request.identity_proof, record.id.encode(), sha256(request.csr).digest(), signed_at, request.nonce
        )
        now_ns = self._parts.clock.wall_ns()
        if abs(now_ns - request.signed_at_ns) > RETURN_CLOCK_TOLERANCE_NS:
            raise NotAdmitted("the request was signed more than an hour from now; set the agent's clock and try again")
        if request.signed_at_ns <= self._last_return_ns.get(record.id, 0):
            raise NotAdmitted("this request, or a later one, was answered already; sign a new one")
        if not self._returns.allow(f"{record.tenant}/{record.site}", self._parts.clock.monotonic_ns()):
            raise TryLater(f"site {record.tenant}/{record.site} has had {self._settings.returns_per_site} returns of late; try again later")
        self._last_return_ns[record.id] = request.signed_at_ns
        return record

    # -- people --------------------------------------------------------------------------------------------------------

    def approve(self, agent_id: str, actor: str) -> None:
        """NotAdmitted when the agent is unknown or does not wait for approval."""
        record = self._parts.registry.agent(agent_id)
        if record is None or record.state is not AgentState.AWAITING_APPROVAL:
            raise NotAdmitted(f"agent {agent_id} does not wait for approval; `natvakt-server agent list` shows those that do")
        self._parts.registry.update(replace(record, state=AgentState.ACTIVE))
        self._audit(actor, "agent-approved", agent_id, tenant=record.tenant)

    def revoke(self, agent_id: str, actor: str, reason: RevocationReason = RevocationReason.KEY_COMPROMISE, note: str = "") -> None:
        """From now on nothing of this agent is taken; `reason` says what becomes of batches received before. Repeating is harmless."""
        record = self._parts.registry.agent(agent_id)
        if record is None:
            raise NotAdmitted(f"agent {agent_id} is not registered; `natvakt-server agent list` shows those that are")
        detail = f"{reason.value}: {note}" if note else reason.value
        self._parts.registry.revoke(agent_id, self._parts.clock.wall_ns(), detail)
        self._audit(actor, "agent-revoked", agent_id, detail, tenant=record.tenant)

    # -- shared --------------------------------------------------------------------------------------------------------

    def _admitted(self, agent_id: str) -> AgentRecord:
        record = self._parts.registry.agent(agent_id)
        refusal = refusal_of(record)
        if record is None or refusal is not None:
            raise NotAdmitted(f"agent {agent_id[:40]!r}: {refusal}")
        return record

    def _prove(self, record: AgentRecord, domain: Domain, signature: bytes, *parts: bytes) -> None:
        now_ns = self._parts.clock.wall_ns()
        for key in self._parts.registry.identity_keys(record.id):
            if key.not_after_ns is not None and key.not_after_ns <= now_ns:
                continue
            try:
                verify_signature(domain, key.public_key, signature, *parts)
            except BadSignature:
                continue
            return
        raise BadSignature(f"no registered identity key of agent {record.id} made this {domain.name.lower()} signature")

    def _record_of_key(self, key_fingerprint: bytes) -> AgentRecord | None:
        for record in self._parts.registry.agents():
            for key in self._parts.registry.identity_keys(record.id):
                if key.fingerprint == key_fingerprint:
                    return record
        return None

    def _issue(self, record: AgentRecord, csr: bytes, begins_ns: int) -> IssuedCertificate:
        issued = self._parts.authority.sign_agent(csr, _name_of(record), begins_ns, self._settings.agent_life_seconds)
        if issued.not_after_ns != record.certificate_not_after_ns:
            self._parts.registry.update(replace(record, certificate_not_after_ns=issued.not_after_ns))
        return issued

    def _audit(self, actor: str, action: str, subject: str, detail: str = "", *, refused: bool = False, tenant: str | None = None) -> None:
        outcome = "refused" if refused else "ok"
        self._parts.audit.record(AuditEntry(self._parts.clock.wall_ns(), actor, action, subject, outcome, detail, tenant))


def _name_of(record: AgentRecord) -> AgentName:
    return AgentName(record.tenant, record.site, record.id)
