"""The credential vault: what the site types in, and what never leaves it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from natvakt_agent.model.target import Secret, SnmpCredential
from natvakt_agent.vault.errors import UnknownCredential, VaultDamaged
from natvakt_agent.vault.files import write_atomically
from natvakt_agent.vault.keys import KEY_BYTES, SALT_BYTES, KeySource
from natvakt_agent.vault.records import FORMAT, NONCE_BYTES, Box, Record, VaultFile, unwrap, wrap
from natvakt_agent.vault.well_known import is_well_known

SECRET_FIELDS = ("community", "auth_key", "privacy_key", "enable_password", "private_key")
PLAIN_FIELDS = ("version", "user", "auth_protocol", "privacy_protocol", "context_name")
MAX_FILE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CredentialSummary:
    """What may be shown of a credential."""

    name: str
    version: str
    user: str | None
    auth_protocol: str | None
    privacy_protocol: str | None
    well_known: bool


class Vault:
    """Credentials by name. Every change is on disk, whole, when the call returns."""

    def __init__(self, path: Path, file: VaultFile, box: Box) -> None:
        self._path = path
        self._file = file
        self._box = box

    @classmethod
    def open(cls, path: Path, source: KeySource, random: Callable[[int], bytes]) -> "Vault":
        """Open the vault, or begin an empty one. Raises KeyUnavailable, WrongKey, VaultDamaged."""
        if not path.exists():
            salt, data_key = random(SALT_BYTES), random(KEY_BYTES)
            file = VaultFile(source.kind, salt, wrap(data_key, source.key(salt), random))
            return cls(path, file, Box(AESGCM(data_key), random))
        file = _read(path)
        return cls(path, file, unwrap(file, source.key(file.salt), random))

    def names(self) -> list[str]:
        return sorted({record.credential for record in self._file.records})

    def get(self, name: str) -> SnmpCredential:
        """Raises UnknownCredential, VaultDamaged."""
        records = [record for record in self._file.records if record.credential == name]
        if not records:
            known = ", ".join(self.names()) or "none"
            raise UnknownCredential(f"vault: no credential {name!r} (there: {known}); natvakt-agent credentials add {name}")
        if len({record.version for record in records}) > 1 or len({record.field for record in records}) != len(records):
            raise VaultDamaged(f"vault: credential {name!r} is mixed from several versions; remove it and add it again")
        fields = {record.field: self._box.open(record).decode() for record in records}
        if "version" not in fields:
            raise VaultDamaged(f"vault: credential {name!r} is not whole; remove it and add it again")
        return SnmpCredential(
            name=name,
            version=fields["version"],
            user=fields.get("user"),
            auth_protocol=fields.get("auth_protocol"),
            privacy_protocol=fields.get("privacy_protocol"),
            context_name=fields.get("context_name"),
            community=_secret(fields, "community"),
            auth_key=_secret(fields, "auth_key"),
            privacy_key=_secret(fields, "privacy_key"),
            enable_password=_secret(fields, "enable_password"),
            private_key=_secret(fields, "private_key"),
        )

    def secrets(self) -> list[str]:
        """Every secret it holds, of whatever credential: what must not be in a text that leaves the site. Raises VaultDamaged."""
        return [self._box.open(record).decode() for record in self._file.records if record.field not in PLAIN_FIELDS]

    def revision(self, name: str) -> str:
        """A word that changes whenever the credential is replaced, and tells nothing of it. Raises UnknownCredential."""
        boxes = [record.box for record in self._file.records if record.credential == name]
        if not boxes:
            raise UnknownCredential(f"vault: no credential {name!r}; `natvakt-agent credentials list` shows what is there")
        return min(boxes)[:NONCE_BYTES].hex()

    def summary(self, name: str) -> CredentialSummary:
        found = self.get(name)
        return CredentialSummary(name, found.version, found.user, found.auth_protocol, found.privacy_protocol, is_well_known(found))

    def put(self, credential: SnmpCredential) -> None:
        """Add, or replace as a whole under the next version."""
        kept = [record for record in self._file.records if record.credential != credential.name]
        version = 1 + max((record.version for record in self._file.records if record.credential == credential.name), default=0)
        fields = {name: getattr(credential, name) for name in PLAIN_FIELDS}
        fields |= {name: secret.reveal() for name in SECRET_FIELDS if (secret := getattr(credential, name)) is not None}
        sealed = [self._box.seal(credential.name, name, version, text.encode()) for name, text in fields.items() if text is not None]
        self._save(kept + sealed)

    def remove(self, name: str) -> None:
        """Raises UnknownCredential. Works for a damaged credential too."""
        if name not in self.names():
            raise UnknownCredential(f"vault: no credential {name!r}; `natvakt-agent credentials list` shows what is there")
        self._save([record for record in self._file.records if record.credential != name])

    def _save(self, records: list[Record]) -> None:
        file = VaultFile(self._file.key_kind, self._file.salt, self._file.wrapped_key, records)
        write_atomically(self._path, msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")
        self._file = file


def _read(path: Path) -> VaultFile:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise VaultDamaged(f"vault {path}: is larger than {MAX_FILE_BYTES} bytes; restore it or move it aside")
        file = msgspec.json.decode(path.read_bytes(), type=VaultFile)
    except OSError as error:
        raise VaultDamaged(f"vault {path}: {error.strerror}; run as the user that owns the state folder") from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise VaultDamaged(f"vault {path}: is not a vault file; restore it or move it aside and add the credentials anew") from None
    if file.format != FORMAT:
        raise VaultDamaged(f"vault {path}: format {file.format[:40]!r} is not {FORMAT}; use the release that wrote it")
    return file


def _secret(fields: dict[str, str], name: str) -> Secret | None:
    return Secret(fields[name]) if name in fields else None
