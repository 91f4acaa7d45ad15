"""What an agent is, on disk: its two keys, its certificate, and everything it pinned at enrolment.

One file for each thing that changes by itself, mode 0600, written whole or not at all. The identity key is born once and outlives
certificates, re-enrolment and restarts; batches in the spool are signed by it. A TLS key and its certificate are one file, so that a crash
during renewal leaves the old pair or the new one, never a mixture.
"""

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from natvakt_wire import canonical_json
from natvakt_wire.errors import Malformed
from natvakt_wire.ids import AgentName
from natvakt_wire.recipients import SignedAnnouncement

from natvakt_agent.model.refusal import Refusal

_IDENTITY_KEY = "identity.key"
_PENDING_TLS_KEY = "tls-pending.key"
_TLS = "tls.pem"
_MEMBERSHIP = "membership.json"
_RECIPIENTS = "recipients.json"
_MARKER = b"-----BEGIN CERTIFICATE-----"


class IdentityUnavailable(Refusal):
    """An identity file is missing, damaged, or readable by others. The text names the file and the way out."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What enrolment settled for good. Keys are raw Ed25519; `server` and `uplink` are host:port."""

    name: AgentName
    ca_certificates: bytes  # PEM
    tenant_root: bytes
    policy_key: bytes
    server: str
    uplink: str


@dataclass(frozen=True, slots=True)
class TlsCredential:
    """A private key and its certificate chain, PEM."""

    key_pem: bytes = field(repr=False)
    chain_pem: bytes


class IdentityFiles:
    """The folder `<state>/agent/identity`. `random(count)` names drafts."""

    def __init__(self, folder: Path, random: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._random = random

    def identity_key(self) -> Ed25519PrivateKey:
        """The key in the folder, made on the first call."""
        content = self._read(_IDENTITY_KEY)
        if content is None:
            key = Ed25519PrivateKey.generate()
            self._write(_IDENTITY_KEY, key.private_bytes_raw())
            return key
        try:
            return Ed25519PrivateKey.from_private_bytes(content)
        except ValueError as error:
            raise self._damaged(_IDENTITY_KEY, "is not an Ed25519 key of 32 bytes") from error

    def pending_tls_key(self) -> EllipticCurvePrivateKey:
        """The key of a request that is not answered yet; a repeat after a lost answer uses the same one."""
        content = self._read(_PENDING_TLS_KEY)
        if content is None:
            key = generate_private_key(SECP256R1())
            self._write(_PENDING_TLS_KEY, _to_pem(key))
            return key
        try:
            loaded = load_pem_private_key(content, password=None)
        except ValueError as error:
            raise self._damaged(_PENDING_TLS_KEY, "is not a private key in PEM") from error
        if not isinstance(loaded, EllipticCurvePrivateKey):
            raise self._damaged(_PENDING_TLS_KEY, "is not an ECDSA key")
        return loaded

    def install_certificate(self, chain_pem: bytes) -> None:
        """The pending key and its certificate become the ones in use."""
        self._write(_TLS, _to_pem(self.pending_tls_key()) + chain_pem)
        (self._folder / _PENDING_TLS_KEY).unlink(missing_ok=True)

    def tls(self) -> TlsCredential | None:
        """None before the first enrolment."""
        content = self._read(_TLS)
        if content is None:
            return None
        key_pem, marker, rest = content.partition(_MARKER)
        if not key_pem or not marker:
            raise self._damaged(_TLS, "does not hold a key and a certificate")
        return TlsCredential(key_pem, marker + rest)

    def save_membership(self, membership: Membership) -> None:
        document = {
            "tenant": membership.name.tenant,
            "site": membership.name.site,
            "agent": membership.name.agent,
            "ca_certificates": membership.ca_certificates.decode("ascii"),
            "tenant_root": membership.tenant_root.hex(),
            "policy_key": membership.policy_key.hex(),
            "server": membership.server,
            "uplink": membership.uplink,
        }
        self._write(_MEMBERSHIP, canonical_json.write(document))

    def membership(self) -> Membership | None:
        """None before the first enrolment."""
        content = self._read(_MEMBERSHIP)
        if content is None:
            return None
        try:
            document = {key: str(value) for key, value in canonical_json.read(content, _MEMBERSHIP).items()}
            return Membership(
                name=AgentName(document["tenant"], document["site"], document["agent"]),
                ca_certificates=document["ca_certificates"].encode("ascii"),
                tenant_root=bytes.fromhex(document["tenant_root"]),
                policy_key=bytes.fromhex(document["policy_key"]),
                server=document["server"],
                uplink=document["uplink"],
            )
        except (KeyError, ValueError, Malformed) as error:
            raise self._damaged(_MEMBERSHIP, "is not what enrolment wrote") from error

    def save_recipients(self, signed: SignedAnnouncement) -> None:
        document = {"body": b64encode(signed.body).decode(), "signature": b64encode(signed.signature).decode()}
        self._write(_RECIPIENTS, canonical_json.write(document))

    def recipients(self) -> SignedAnnouncement | None:
        """As it was saved; the caller verifies it against the tenant's root each time."""
        content = self._read(_RECIPIENTS)
        if content is None:
            return None
        try:
            document = canonical_json.read(content, _RECIPIENTS)
            return SignedAnnouncement(b64decode(str(document["body"])), b64decode(str(document["signature"])))
        except (KeyError, Base64Error, Malformed) as error:
            raise self._damaged(_RECIPIENTS, "is not what enrolment wrote") from error

    def _damaged(self, name: str, what: str) -> IdentityUnavailable:
        return IdentityUnavailable(f"{self._folder / name}: {what}; restore it from a backup, or remove the file and enrol again")

    def _read(self, name: str) -> bytes | None:
        path = self._folder / name
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if os.name == "posix" and mode & 0o077:
                    raise IdentityUnavailable(f"{path}: mode {mode & 0o777:04o} lets others read it; chmod 0600 {path}")
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IdentityUnavailable(f"{path}: {error.strerror}; check owner and mode") from error

    def _write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f"_{name}.{self._random(4).hex()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            self._sync_folder()
        except OSError as error:
            raise IdentityUnavailable(f"{path}: {error.strerror}; check owner, mode and space of {self._folder}") from error

    def _sync_folder(self) -> None:
        if os.name != "posix":
            return
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _to_pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
