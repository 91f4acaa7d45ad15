"""What the CA puts into certificates, and what is read from requests and peers.

Everything is ECDSA P-256: the TLS library under gRPC (BoringSSL) does not offer Ed25519 in its handshakes. A request contributes its public
key and nothing else; subject and extensions of an agent's certificate are the CA's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from natvakt_wire.errors import LimitExceeded, Malformed
from natvakt_wire.ids import SERVER_NAME, AgentName

SECOND_NS = 1_000_000_000
MAX_CSR_BYTES = 4 * 1024
BACKDATE_SECONDS = 300
"""Certificates begin this much in the past, for agents whose clock is a little behind."""


@dataclass(frozen=True, slots=True)
class Span:
    """Validity in whole seconds of Unix time."""

    not_before: int
    not_after: int


def read_csr(der: bytes) -> EllipticCurvePublicKey:
    """The public key of a request whose own signature holds. Raises LimitExceeded or Malformed."""
    if len(der) > MAX_CSR_BYTES:
        raise LimitExceeded(f"certificate request of {len(der)} bytes is over the limit of {MAX_CSR_BYTES}")
    try:
        request = x509.load_der_x509_csr(der)
        key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed("the certificate request is not PKCS#10 in DER") from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise Malformed("the certificate request has another key than ECDSA P-256")
    if not signed:
        raise Malformed("the certificate request is not signed by its own key")
    return key


def build_ca(key: EllipticCurvePrivateKey, span: Span, serial: int) -> x509.Certificate:
    name = _subject("natvakt CA")
    builder = _begin(name, name, key.public_key(), span, serial)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)


def build_agent(
    key: EllipticCurvePublicKey, name: AgentName, span: Span, serial: int, issuer: x509.Certificate, issuer_key: EllipticCurvePrivateKey
) -> x509.Certificate:
    """Equal arguments give equal bytes: a repeated enrolment is answered with the same certificate, not with another."""
    uri = x509.UniformResourceIdentifier(name.spiffe_id)
    return _leaf(key, [uri], ExtendedKeyUsageOID.CLIENT_AUTH, span, serial)(issuer, issuer_key)


def build_server(
    key: EllipticCurvePublicKey,
    hosts: Sequence[str],
    span: Span,
    serial: int,
    issuer: x509.Certificate,
    issuer_key: EllipticCurvePrivateKey,
) -> x509.Certificate:
    names = [SERVER_NAME, *(host for host in hosts if host != SERVER_NAME)]
    return _leaf(key, [_host(name) for name in names], ExtendedKeyUsageOID.SERVER_AUTH, span, serial)(issuer, issuer_key)


def _leaf(
    key: EllipticCurvePublicKey, names: Sequence[x509.GeneralName], usage: x509.ObjectIdentifier, span: Span, serial: int
) -> Callable[[x509.Certificate, EllipticCurvePrivateKey], x509.Certificate]:
    def sign(issuer: x509.Certificate, issuer_key: EllipticCurvePrivateKey) -> x509.Certificate:
        builder = _begin(x509.Name([]), issuer.subject, key, span, serial)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(authority, critical=False)
        return builder.sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)

    return sign


def _begin(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePublicKey, span: Span, serial: int) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key,
        serial_number=serial,
        not_valid_before=datetime.fromtimestamp(span.not_before, UTC),
        not_valid_after=datetime.fromtimestamp(span.not_after, UTC),
    )


def _subject(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
