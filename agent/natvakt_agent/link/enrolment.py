"""How an agent gets, keeps and regains its certificate. The server is believed in nothing that token or pinned key do not vouch for.

    token (carried by a person) ─► CA certificate, fingerprint of the tenant root, address
    CA certificate              ─► the TLS connection, and the certificate that comes back
    tenant root                 ─► policy key, recipient keys

Keys are on disk before they are sent, so whatever crashes or is lost, the same request can be made again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.errors import BadSignature, Malformed, NotAdmitted
from natvakt_wire.ids import AgentName, parse_spiffe_id
from natvakt_wire.recipients import SignedAnnouncement, verify_announcement
from natvakt_wire.signing import Domain, fingerprint, sign, verify_signature
from natvakt_wire.v1 import enrolment_pb2

from natvakt_agent.link.identity_files import IdentityFiles, Membership
from natvakt_agent.model.clock import Clock

SECOND_NS = 1_000_000_000
NONCE_BYTES = 16
RENEWAL_JITTER = 0.1
"""Renewals fall due at half the certificate's life, give or take this share of it."""


class EnrolmentCalls(Protocol):
    """The Enrolment service at one server. Raises ServerRefused or ServerUnreachable (`enrolment_calls`)."""

    def enrol(self, request: enrolment_pb2.EnrolRequest) -> enrolment_pb2.EnrolResponse: ...
    def come_back(self, request: enrolment_pb2.ReturnRequest) -> enrolment_pb2.EnrolResponse: ...


Connect = Callable[[str, bytes], EnrolmentCalls]
"""host:port and the CA certificates in PEM to a service that answers only if that CA vouches for it."""


@dataclass(frozen=True, slots=True)
class EnrolmentResult:
    """`awaiting_approval`: a person at the server compares `identity_fingerprint` and approves; then enrol again with the same token."""

    membership: Membership
    identity_fingerprint: bytes
    awaiting_approval: bool


@dataclass(frozen=True, slots=True)
class RenewalRequest:
    """Goes up the stream as `natvakt.v1.Renewal`."""

    csr: bytes
    signature: bytes


class Enrolment:
    """One agent's side of it. `random(count)` gives bytes fit for keys."""

    def __init__(self, files: IdentityFiles, connect: Connect, clock: Clock, random: Callable[[int], bytes], version: str) -> None:
        self._files = files
        self._connect = connect
        self._clock = clock
        self._random = random
        self._version = version

    def enrol(self, token_text: str, epoch: bytes = b"") -> EnrolmentResult:
        """Trade a token for a certificate, or repeat a trade whose answer was lost.

        Raises Malformed for a token that is cut or mistyped, NotAdmitted or BadSignature when the server does not prove what the token
        says, and what the calls raise.
        """
        token = EnrolmentToken.from_text(token_text)
        pinned_ca = _load_ca(token.ca_certificate)
        identity, csr = self._files.identity_key(), self._pending_csr()
        proof_parts = (sha256(token.secret_text.encode()).digest(), sha256(csr).digest())
        request = enrolment_pb2.EnrolRequest(
            token=token.secret_text,
            csr=csr,
            identity_public_key=identity.public_key().public_bytes_raw(),
            identity_proof=sign(Domain.ENROLMENT, identity, *proof_parts),
            epoch=epoch,
            version=self._version,
        )
        response = self._connect(token.server, pinned_ca.public_bytes(Encoding.PEM)).enrol(request)
        if fingerprint(response.tenant_root) != token.tenant_root_fingerprint:
            raise BadSignature("the server shows another tenant root than the token names; do not enrol, ask the partner")
        membership = _membership_of(response, token.server, pinned_ca)
        self._accept(membership, response, pinned_ca)
        return EnrolmentResult(membership, fingerprint(request.identity_public_key), response.awaiting_approval)

    def come_back(self) -> EnrolmentResult:
        """A certificate for an agent whose own ran out while it was away, by proof of its registered identity key."""
        known = self._enrolled()
        identity, csr = self._files.identity_key(), self._pending_csr()
        signed_at_ns, nonce = self._clock.wall_ns(), self._random(NONCE_BYTES)
        proof_parts = (known.name.agent.encode(), sha256(csr).digest(), signed_at_ns.to_bytes(8, "big", signed=True), nonce)
        request = enrolment_pb2.ReturnRequest(
            agent=known.name.agent,
            csr=csr,
            signed_at_ns=signed_at_ns,
            nonce=nonce,
            identity_proof=sign(Domain.RETURN, identity, *proof_parts),
        )
        response = self._connect(known.server, known.ca_certificates).come_back(request)
        if response.tenant_root != known.tenant_root:
            raise BadSignature("the server shows another tenant root than the one pinned at enrolment")
        pinned_ca = x509.load_pem_x509_certificate(known.ca_certificates)
        membership = _membership_of(response, known.server, pinned_ca)
        if membership.name != known.name:
            raise NotAdmitted(f"the server calls this agent {membership.name.spiffe_id}, it is {known.name.spiffe_id}")
        self._accept(membership, response, pinned_ca)
        return EnrolmentResult(membership, fingerprint(identity.public_key().public_bytes_raw()), response.awaiting_approval)

    def renewal_request(self) -> RenewalRequest:
        """A fresh TLS key, asked for under the identity key. Repeating it before an answer repeats the same key."""
        csr = self._pending_csr()
        return RenewalRequest(csr, sign(Domain.RENEWAL, self._files.identity_key(), sha256(csr).digest()))

    def accept_renewal(self, chain_pem: bytes) -> None:
        """Take the renewed certificate into use, if it is ours. Raises NotAdmitted or Malformed and changes nothing else."""
        known = self._enrolled()
        _check_certificate(chain_pem, self._files.pending_tls_key(), known.name, x509.load_pem_x509_certificate(known.ca_certificates))
        self._files.install_certificate(chain_pem)

    def accept_recipients(self, signed: SignedAnnouncement) -> None:
        """Keep newly announced recipient keys, if the pinned tenant root signed them and they are not older than what is known."""
        known = self._enrolled()
        before = self._files.recipients()
        oldest = verify_announcement(before, known.tenant_root, known.name.tenant).serial if before else 0
        verify_announcement(signed, known.tenant_root, known.name.tenant, oldest)
        self._files.save_recipients(signed)

    def renewal_due_ns(self) -> int:
        """Wall time at which the certificate in use wants to be renewed: half its life, with the certificate's own jitter."""
        tls = self._files.tls()
        if tls is None:
            raise NotAdmitted("this agent has no certificate; enrol it first")
        certificate = x509.load_pem_x509_certificate(tls.chain_pem)
        begin_ns, end_ns = _to_ns(certificate.not_valid_before_utc), _to_ns(certificate.not_valid_after_utc)
        share = int.from_bytes(certificate.fingerprint(SHA256())[:4], "big") / 2**32
        return begin_ns + int((end_ns - begin_ns) * (0.5 + RENEWAL_JITTER * (2 * share - 1)))

    def certificate_expired(self) -> bool:
        tls = self._files.tls()
        return tls is not None and self._clock.wall_ns() >= _to_ns(x509.load_pem_x509_certificate(tls.chain_pem).not_valid_after_utc)

    def _accept(self, membership: Membership, response: enrolment_pb2.EnrolResponse, pinned_ca: x509.Certificate) -> None:
        """Verify everything first, then write; a certificate in use is replaced last."""
        tenant = membership.name.tenant
        verify_signature(Domain.POLICY_KEY, membership.tenant_root, response.policy_key_signature, tenant.encode(), response.policy_key)
        signed = SignedAnnouncement(response.recipients.body, response.recipients.signature)
        verify_announcement(signed, membership.tenant_root, tenant)
        if not response.awaiting_approval:
            _check_certificate(response.certificate_chain, self._files.pending_tls_key(), membership.name, pinned_ca)
        self._files.save_membership(membership)
        self._files.save_recipients(signed)
        if not response.awaiting_approval:
            self._files.install_certificate(response.certificate_chain)

    def _enrolled(self) -> Membership:
        known = self._files.membership()
        if known is None:
            raise NotAdmitted("this agent is not enrolled; run `natvakt-agent enrol` with a token from the partner")
        return known

    def _pending_csr(self) -> bytes:
        builder = x509.CertificateSigningRequestBuilder(subject_name=x509.Name([]))
        request = builder.sign(self._files.pending_tls_key(), SHA256(), ecdsa_deterministic=True)
        return request.public_bytes(Encoding.DER)


def _load_ca(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as error:
        raise Malformed("the token holds no CA certificate; ask the partner for a new token") from error


def _membership_of(response: enrolment_pb2.EnrolResponse, server: str, pinned_ca: x509.Certificate) -> Membership:
    return Membership(
        name=AgentName(response.tenant, response.site, response.agent),
        ca_certificates=pinned_ca.public_bytes(Encoding.PEM),
        tenant_root=response.tenant_root,
        policy_key=response.policy_key,
        server=server,
        uplink=response.uplink,
    )


def _check_certificate(chain_pem: bytes, key: EllipticCurvePrivateKey, name: AgentName, ca: x509.Certificate) -> None:
    """The certificate is for our key and our name, and the pinned CA issued it. Raises NotAdmitted or Malformed."""
    try:
        certificate = x509.load_pem_x509_certificate(chain_pem)
        certificate.verify_directly_issued_by(ca)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
        found = [parse_spiffe_id(uri) for uri in uris]
    except (ValueError, TypeError, x509.ExtensionNotFound) as error:
        raise Malformed("the server's answer holds no certificate of the pinned CA") from error
    except InvalidSignature as error:
        raise NotAdmitted("the certificate in the server's answer was not issued by the pinned CA") from error
    if certificate.public_key() != key.public_key() or found != [name]:
        raise NotAdmitted("the certificate in the server's answer is for another key or another agent")


def _to_ns(moment: datetime) -> int:
    return int(moment.timestamp()) * SECOND_NS
