"""The console's own folder: what the worker leaves there, and all that a console reads of the partner's secrets.

    <state>/console/server.pem      private key and certificate of the console, renewed by the worker before it ends
    <state>/console/agents-ca.pem   the CA's certificate, for who wants to trust it; no key
    <state>/console/second-factor   the key under which seeds of one-time codes lie in the database

On two machines the operator carries the folder over, or shares it.
"""

from dataclasses import dataclass, field

from natvakt_server.app.gateway_folder import GatewayFolder
from natvakt_server.app.keys import SECOND_FACTOR_KEY
from natvakt_server.domain.clock import Clock
from natvakt_server.identity.authority import CertificateAuthority
from natvakt_server.identity.key_files import KeyFiles


@dataclass(frozen=True, slots=True)
class ConsoleSecrets:
    certificate_chain: bytes
    private_key: bytes = field(repr=False)
    second_factor_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConsoleFolder:
    files: KeyFiles

    def read(self) -> ConsoleSecrets | None:
        """None until a worker has left everything. Raises KeyFileError."""
        tls, second_factor = GatewayFolder(self.files).read(), self.files.read(SECOND_FACTOR_KEY)
        if tls is None or second_factor is None:
            return None
        return ConsoleSecrets(tls.certificate_chain, tls.private_key, second_factor)

    def keep_valid(self, authority: CertificateAuthority, hosts: tuple[str, ...], second_factor_key: bytes, clock: Clock) -> bool:
        """Leave a certificate for these hosts, unless one is there that is good for a while, and the key. True when something changed."""
        renewed = GatewayFolder(self.files).keep_valid(authority, hosts, clock)
        if self.files.read(SECOND_FACTOR_KEY) == second_factor_key:
            return renewed
        self.files.write(SECOND_FACTOR_KEY, second_factor_key)
        return True
