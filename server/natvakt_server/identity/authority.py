"""The partner's own certificate authority: one CA for agents and servers, pinned by every agent, known to nobody else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from natvakt_wire.ids import AgentName

from natvakt_server.domain.clock import Clock
from natvakt_server.identity.certificates import BACKDATE_SECONDS, SECOND_NS, Span, build_agent, build_ca, build_server, read_csr
from natvakt_server.identity.key_files import KeyFileError, KeyFiles

AGENT_LIFE_SECONDS = 24 * 3600
SERVER_LIFE_SECONDS = 90 * 86_400
CA_LIFE_SECONDS = 20 * 365 * 86_400

_CA_FILE = "ca.pem"
_SERIAL_BYTES = 16


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """`chain_pem`: the certificate and what lies between it and the CA; today the certificate alone."""

    chain_pem: bytes
    fingerprint: bytes  # SHA-256 of the DER
    not_after_ns: int


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    chain_pem: bytes
    key_pem: bytes
    not_after_ns: int

    def __repr__(self) -> str:
        return f"ServerIdentity(not_after_ns={self.not_after_ns})"


class CertificateAuthority:
    """Holds the CA key. Made by `open_authority`; lives in the worker, never in the gateway."""

    def __init__(self, key: EllipticCurvePrivateKey, certificate: x509.Certificate, clock: Clock, random: Callable[[int], bytes]) -> None:
        self._key = key
        self._certificate = certificate
        self._clock = clock
        self._random = random

    @property
    def certificate_der(self) -> bytes:
        return self._certificate.public_bytes(Encoding.DER)

    @property
    def certificate_pem(self) -> bytes:
        return self._certificate.public_bytes(Encoding.PEM)

    def sign_agent(
        self, csr_der: bytes, name: AgentName, begins_ns: int | None = None, life_seconds: int = AGENT_LIFE_SECONDS
    ) -> IssuedCertificate:
        """A client certificate for the key in the request and for `name`; nothing else in the request counts.

        The same request, name, `begins_ns` and life give the same certificate. Raises LimitExceeded or Malformed.
        """
        begins = (self._clock.wall_ns() if begins_ns is None else begins_ns) // SECOND_NS
        key = read_csr(csr_der)
        span = Span(begins - min(BACKDATE_SECONDS, life_seconds // 20), begins + life_seconds)
        serial = _serial(sha256(csr_der + name.spiffe_id.encode() + begins.to_bytes(8, "big", signed=True)).digest())
        certificate = build_agent(key, name, span, serial, self._certificate, self._key)
        der = certificate.public_bytes(Encoding.DER)
        return IssuedCertificate(certificate.public_bytes(Encoding.PEM), sha256(der).digest(), span.not_after * SECOND_NS)

    def server_identity(self, hosts: Sequence[str], life_seconds: int = SERVER_LIFE_SECONDS) -> ServerIdentity:
        """A fresh key and certificate for the gateway's listeners, for `SERVER_NAME` and the hosts under which agents reach it."""
        begins = self._clock.wall_ns() // SECOND_NS
        key = generate_private_key(SECP256R1())
        span = Span(begins - BACKDATE_SECONDS, begins + life_seconds)
        certificate = build_server(key.public_key(), hosts, span, _serial(self._random(_SERIAL_BYTES)), self._certificate, self._key)
        return ServerIdentity(certificate.public_bytes(Encoding.PEM), _to_pem(key), span.not_after * SECOND_NS)


def open_authority(files: KeyFiles, clock: Clock, random: Callable[[int], bytes]) -> CertificateAuthority:
    """The CA in `files`, made on the first call. KeyFileError when what lies there is no CA."""
    content = files.read(_CA_FILE)
    if content is None:
        content = files.create(_CA_FILE, _make_ca(clock, random))
    try:
        key = load_pem_private_key(content, password=None)
        certificate = x509.load_pem_x509_certificate(content)
    except ValueError as error:
        raise KeyFileError(f"{_CA_FILE}: is not a private key and a certificate in PEM; restore it from the backup") from error
    if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise KeyFileError(f"{_CA_FILE}: key and certificate do not belong together; restore it from the backup")
    return CertificateAuthority(key, certificate, clock, random)


def _make_ca(clock: Clock, random: Callable[[int], bytes]) -> bytes:
    begins = clock.wall_ns() // SECOND_NS
    key = generate_private_key(SECP256R1())
    certificate = build_ca(key, Span(begins - BACKDATE_SECONDS, begins + CA_LIFE_SECONDS), _serial(random(_SERIAL_BYTES)))
    return _to_pem(key) + certificate.public_bytes(Encoding.PEM)


def _to_pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _serial(noise: bytes) -> int:
    """Positive and at most 20 octets (RFC 5280 section 4.1.2.2)."""
    return int.from_bytes(noise[:_SERIAL_BYTES], "big") | 1 << (8 * _SERIAL_BYTES - 2)
