"""Who is at the other end of a TLS connection, read from what gRPC tells of the handshake. The certificate is the only witness."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from natvakt_wire.errors import Malformed, NotAdmitted
from natvakt_wire.ids import parse_spiffe_id

from natvakt_server.gateway.requests import Peer

TLS_VERSION = "TLSv1.3"


def peer_of(auth_context: Mapping[str, Iterable[bytes]]) -> Peer:
    """Raises NotAdmitted for an old TLS version, a missing or unreadable certificate, or one that names no agent."""
    version = (_first(auth_context, "ssl_tls_version") or b"a connection without TLS").decode("ascii", "replace")
    if version != TLS_VERSION:
        raise NotAdmitted(f"{version} is too old; {TLS_VERSION} is required")
    pem = _first(auth_context, "x509_pem_cert")
    if pem is None:
        raise NotAdmitted("no client certificate")
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = extension.value.get_values_for_type(x509.UniformResourceIdentifier)
        if len(names) != 1:
            raise NotAdmitted(f"the client certificate has {len(names)} URI names, expected one")
        name = parse_spiffe_id(names[0])
    except (ValueError, x509.ExtensionNotFound, Malformed) as error:
        raise NotAdmitted(f"the client certificate names no agent: {error}") from error
    not_after_ns = int(certificate.not_valid_after_utc.astimezone(UTC).timestamp()) * 1_000_000_000
    return Peer(name.tenant, name.site, name.agent, certificate.fingerprint(SHA256()), not_after_ns)


def key_exchange_group(auth_context: Mapping[str, Iterable[bytes]]) -> str:
    """For the log: whether the exchange was post-quantum."""
    group = _first(auth_context, "ssl_negotiated_key_exchange_group")
    return "unknown" if group is None else group.decode("ascii", "replace")


def _first(auth_context: Mapping[str, Iterable[bytes]], key: str) -> bytes | None:
    return next(iter(auth_context.get(key, ())), None)
