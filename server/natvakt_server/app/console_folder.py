"""The console's own folder: what the worker leaves there, and all that a console reads of the partner's secrets.

    <state>/console/server.pem      private key and certificate of the console, renewed by the worker before it ends
    <state>/console/agents-ca.pem   the CA's certificate, for who wants to trust it; no key
    <state>/console/second-factor   the key under which seeds of one-time codes lie in the database
    <state>/console/notification    the public key to which secret settings of destinations are sealed

On two machines the operator carries the folder over, or shares it.
"""

from dataclasses import dataclass, field

from natvakt_server.app.gateway_folder import GatewayFolder
from natvakt_server.app.keys import NOTIFICATION_KEY, SECOND_FACTOR_KEY
from natvakt_server.domain.clock import Clock
from natvakt_server.identity.authority import CertificateAuthority
from natvakt_server.identity.key_files import KeyFiles


@dataclass(frozen=True, slots=True)
class ConsoleSecrets:
    certificate_chain: bytes
    private_key: bytes = field(repr=False)
    second_factor_key: bytes = field(repr=False)
    notification_key: bytes = b""  # public; empty until a worker that knows of it has left it


@dataclass(frozen=True, slots=True)
class ConsoleFolder:
    files: KeyFiles

    def read(self) -> ConsoleSecrets | None:
        """None until a worker has left everything. Raises KeyFileError."""
        tls, second_factor = GatewayFolder(self.files).read(), self.files.read(SECOND_FACTOR_KEY)
        if tls is None or second_factor is None:
            return None
        return ConsoleSecrets(tls.certificate_chain, tls.private_key, second_factor, self.files.read(NOTIFICATION_KEY) or b"")

    def keep_valid(
        self, authority: CertificateAuthority, hosts: tuple[str, ...], second_factor_key: bytes, notification_key: bytes, clock: Clock
    ) -> bool:
        """Leave a certificate for these hosts, unless one is there that is good for a while, and the keys. True when something changed."""
        changed = GatewayFolder(self.files).keep_valid(authority, hosts, clock)
        for name, key in ((SECOND_FACTOR_KEY, second_factor_key), (NOTIFICATION_KEY, notification_key)):
            if self.files.read(name) != key:
                self.files.write(name, key)
                changed = True
        return changed
