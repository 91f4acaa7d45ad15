"""The gateway's own folder: the certificate it serves with, left there by the worker, and nothing else that is secret.

    <state>/gateway/server.pem      private key and certificate of the two listeners, renewed by the worker before it ends
    <state>/gateway/agents-ca.pem   the CA's certificate, by which agents are told; no key

A gateway on a machine of its own gets this folder shared or carried over from the worker's; nothing else of the worker's state.
"""

import logging
from dataclasses import dataclass

from cryptography import x509

from natvakt_server.domain.clock import Clock
from natvakt_server.gateway.tls_files import TlsFiles
from natvakt_server.identity.authority import SERVER_LIFE_SECONDS, CertificateAuthority
from natvakt_server.identity.key_files import KeyFileError, KeyFiles

SERVER_FILE, CA_FILE = "server.pem", "agents-ca.pem"
CERTIFICATE_MARKER = b"-----BEGIN CERTIFICATE-----"
RENEW_BEFORE_END_NS = SERVER_LIFE_SECONDS * 1_000_000_000 // 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GatewayFolder:
    files: KeyFiles

    def read(self) -> TlsFiles | None:
        """None until a worker has left a certificate. Raises KeyFileError."""
        content, ca = self.files.read(SERVER_FILE), self.files.read(CA_FILE)
        if content is None or ca is None:
            return None
        key, marker, rest = content.partition(CERTIFICATE_MARKER)
        if not key or not marker:
            raise KeyFileError(f"{SERVER_FILE}: does not hold a key and a certificate; remove it, the worker leaves a new one")
        return TlsFiles(marker + rest, key, ca)

    def keep_valid(self, authority: CertificateAuthority, hosts: tuple[str, ...], clock: Clock) -> bool:
        """Leave a certificate of this CA and for these hosts, unless one is there that is good for a while. True when one was left."""
        if self._is_good(authority, hosts, clock.wall_ns()):
            return False
        identity = authority.server_identity(hosts)
        self.files.write(CA_FILE, authority.certificate_pem)
        self.files.write(SERVER_FILE, identity.key_pem + identity.chain_pem)
        _log.info("server certificate left for the gateway hosts=%s", ",".join(hosts))
        return True

    def _is_good(self, authority: CertificateAuthority, hosts: tuple[str, ...], now_ns: int) -> bool:
        found = self.read()
        if found is None or found.agents_ca != authority.certificate_pem:
            return False
        certificate = x509.load_pem_x509_certificate(found.certificate_chain)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = {str(name.value) for name in names}
        ends_ns = int(certificate.not_valid_after_utc.timestamp()) * 1_000_000_000
        return known.issuperset(hosts) and now_ns < ends_ns - RENEW_BEFORE_END_NS
