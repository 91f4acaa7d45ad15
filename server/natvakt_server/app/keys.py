"""The server's secret keys: files under `<state>/keys`, each made when first asked for."""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_wire.errors import WireError
from natvakt_wire.seal import RecipientPrivateKey

from natvakt_server.app.stores import Stores
from natvakt_server.domain.clock import Clock
from natvakt_server.identity.authority import CertificateAuthority, open_authority
from natvakt_server.identity.key_files import KeyDirectory, KeyFileError, KeyFiles
from natvakt_server.identity.tenant_keys import RecipientKeyring, TenantKeys
from natvakt_server.reports.signing import ReportSigner

REPORT_KEY, SECOND_FACTOR_KEY, NOTIFICATION_KEY = "report", "second-factor", "notification"
SYMMETRIC_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """What the worker holds. The gateway gets none of it."""

    files: KeyFiles
    authority: CertificateAuthority
    tenants: TenantKeys
    recipients: RecipientKeyring
    report: ReportSigner


def open_keys(files: KeyDirectory, stores: Stores, clock: Clock, random: Callable[[int], bytes]) -> Keys:
    """Raises KeyFileError."""
    tenants = TenantKeys(files)
    return Keys(
        files=files,
        authority=open_authority(files, clock, random),
        tenants=tenants,
        recipients=RecipientKeyring(files, stores.recipient_keys, tenants, stores.audit, clock),
        report=report_signer(files),
    )


def report_signer(files: KeyFiles) -> ReportSigner:
    key = _ed25519(files, REPORT_KEY)
    return ReportSigner(key.public_key().public_bytes_raw(), key.sign)


def second_factor_key(files: KeyFiles, random: Callable[[int], bytes]) -> bytes:
    """The key under which TOTP seeds lie in the database."""
    key = files.read(SECOND_FACTOR_KEY) or files.create(SECOND_FACTOR_KEY, random(SYMMETRIC_BYTES))
    if len(key) != SYMMETRIC_BYTES:
        raise KeyFileError(f"{SECOND_FACTOR_KEY}: has {len(key)} bytes, expected {SYMMETRIC_BYTES}; restore it from the backup")
    return key


def notification_key(files: KeyFiles) -> RecipientPrivateKey:
    """What opens the secret settings of destinations; its public half goes to the console."""
    content = files.read(NOTIFICATION_KEY) or files.create(NOTIFICATION_KEY, RecipientPrivateKey.generate().to_bytes())
    try:
        return RecipientPrivateKey.from_bytes(content)
    except (WireError, ValueError) as error:
        raise KeyFileError(f"{NOTIFICATION_KEY}: is not a key of 96 bytes; restore it from the backup") from error


def _ed25519(files: KeyFiles, name: str) -> Ed25519PrivateKey:
    content = files.read(name) or files.create(name, Ed25519PrivateKey.generate().private_bytes_raw())
    try:
        return Ed25519PrivateKey.from_private_bytes(content)
    except ValueError as error:
        raise KeyFileError(f"{name}: is not an Ed25519 key of 32 bytes; restore it from the backup") from error
