"""Where the key-encryption key comes from: a systemd credential, a passphrase through scrypt (RFC 7914), or a key file.

Whichever it is, the vault holds only a data key wrapped by it, so changing the source never rewrites the credentials.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from natvakt_agent.vault.errors import KeyUnavailable
from natvakt_agent.vault.files import read_private, write_atomically

KEY_BYTES = 32
SALT_BYTES = 16
SYSTEMD_CREDENTIAL = "natvakt-vault-key"
SCRYPT_COST = 2**16
SCRYPT_BLOCK = 8
MINIMUM_PASSPHRASE_BYTES = 12


class KeySource(Protocol):
    """Gives the key-encryption key."""

    @property
    def kind(self) -> str:
        """Kept in the vault, so that a wrong source can be told from a wrong key."""
        ...

    def key(self, salt: bytes) -> bytes:
        """32 bytes, the same for the same salt. Raises KeyUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class SystemdCredential:
    """`LoadCredentialEncrypted=natvakt-vault-key`: 32 bytes, or 64 hex digits, bound to this machine's TPM where there is one."""

    folder: Path
    kind: str = "systemd"

    def key(self, salt: bytes) -> bytes:  # noqa: ARG002 (a random key needs no salt)
        path = self.folder / SYSTEMD_CREDENTIAL
        try:
            return _exact_key(path.read_bytes(), path)
        except OSError as error:
            reason = f"systemd credential {path}: {error.strerror}"
            raise KeyUnavailable(f"{reason}; add LoadCredentialEncrypted={SYSTEMD_CREDENTIAL} to the unit") from None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of 32 random bytes, mode 0600. `create` makes it once, where the vault is first used."""

    path: Path
    kind: str = "file"

    def key(self, salt: bytes) -> bytes:  # noqa: ARG002 (a random key needs no salt)
        return _exact_key(read_private(self.path, "vault key file"), self.path)

    def create(self, random: Callable[[int], bytes]) -> None:
        """Write a new key unless there is one."""
        if not self.path.exists():
            write_atomically(self.path, random(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Passphrase:
    """`ask` is called once a start; what it answers is never kept."""

    ask: Callable[[], str] = field(repr=False)
    kind: str = "passphrase"

    def key(self, salt: bytes) -> bytes:
        words = self.ask().encode()
        if len(words) < MINIMUM_PASSPHRASE_BYTES:
            raise KeyUnavailable(f"vault passphrase: is shorter than {MINIMUM_PASSPHRASE_BYTES} bytes; use a longer one")
        return Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=1).derive(words)


def _exact_key(content: bytes, path: Path) -> bytes:
    if len(content) == KEY_BYTES:
        return content
    try:
        decoded = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        decoded = b""
    if len(decoded) != KEY_BYTES:
        raise KeyUnavailable(f"{path}: holds {len(content)} bytes, not a key; it takes {KEY_BYTES} random bytes or their hex digits")
    return decoded


def choose_source(kind: str, key_file: Path, ask_passphrase: Callable[[], str], environment: Mapping[str, str]) -> KeySource:
    """The source that `vault.key` names. `auto`: a systemd credential where one is given to this process, else the key file."""
    folder = Path(environment.get("CREDENTIALS_DIRECTORY", os.devnull))
    if kind == "systemd" or (kind == "auto" and (folder / SYSTEMD_CREDENTIAL).is_file()):
        return SystemdCredential(folder)
    return Passphrase(ask_passphrase) if kind == "passphrase" else KeyFile(key_file)
