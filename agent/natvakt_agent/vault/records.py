"""The vault's file: a wrapped data key, and one AES-256-GCM box a field.

A box is bound by its additional data to credential, field and version, so it opens nowhere else: records cannot be swapped,
and fields of different versions of one credential cannot be mixed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct
from msgspec import field as msgspec_field

from natvakt_agent.vault.errors import VaultDamaged, WrongKey

NONCE_BYTES = 12
FORMAT = "natvakt.vault/1"
_WRAP_CONTEXT = b"natvakt/vault/data-key/v1"
_RECORD_CONTEXT = b"natvakt/vault/record/v1"


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """One field of one credential. `box` is nonce || ciphertext || tag."""

    credential: str
    field: str
    version: int
    box: bytes


class VaultFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What lies on disk, as JSON with base64 bytes."""

    key_kind: str
    salt: bytes
    wrapped_key: bytes
    records: list[Record] = msgspec_field(default_factory=list)
    format: str = FORMAT


@dataclass(frozen=True, slots=True)
class Box:
    """Seals and opens fields under the data key; never prints it."""

    _cipher: AESGCM
    _random: Callable[[int], bytes]

    def seal(self, credential: str, field: str, version: int, value: bytes) -> Record:
        nonce = self._random(NONCE_BYTES)
        return Record(credential, field, version, nonce + self._cipher.encrypt(nonce, value, _context(credential, field, version)))

    def open(self, record: Record) -> bytes:
        """Raises VaultDamaged."""
        nonce, rest = record.box[:NONCE_BYTES], record.box[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, _context(record.credential, record.field, record.version))
        except (InvalidTag, ValueError):
            place = f"credential {record.credential!r}, field {record.field!r}"
            raise VaultDamaged(f"vault: {place} was changed or moved; remove that credential and add it again") from None

    def __repr__(self) -> str:
        return "Box(***)"


def wrap(data_key: bytes, key: bytes, random: Callable[[int], bytes]) -> bytes:
    nonce = random(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data_key, _WRAP_CONTEXT)


def unwrap(file: VaultFile, key: bytes, random: Callable[[int], bytes]) -> Box:
    """Raises WrongKey."""
    try:
        data_key = AESGCM(key).decrypt(file.wrapped_key[:NONCE_BYTES], file.wrapped_key[NONCE_BYTES:], _WRAP_CONTEXT)
        return Box(AESGCM(data_key), random)
    except (InvalidTag, ValueError):
        raise WrongKey(
            f"vault: this {file.key_kind} key does not open it; give the one it was made with, or move the vault aside and begin anew"
        ) from None


def _context(credential: str, field: str, version: int) -> bytes:
    parts = [_RECORD_CONTEXT, credential.encode(), field.encode(), version.to_bytes(8, "big")]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
