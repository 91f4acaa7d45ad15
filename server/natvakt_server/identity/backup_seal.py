"""Sealing a stream of any length so that only the holder of an opening key, kept elsewhere, can read it.

    file = magic || length of the head (4) || head || chunk || chunk ...
    head = HPKE(recipient key, data key, info=magic): ML-KEM-768 with X25519, as batches are sealed
    chunk = AES-256-GCM(data key, nonce = number of the chunk, text, also covered: head's SHA-256, number, "last" or "more")

A chunk that is changed, left out, moved or cut off does not open: every number stands under its tag, and only the last chunk says it is.
"""

import base64
from collections.abc import Callable
from hashlib import sha256
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from natvakt_wire.errors import WireError
from natvakt_wire.seal import SUITE_MLKEM768_X25519_AES_256_GCM, SUITES, RecipientPrivateKey, RecipientPublicKey

from natvakt_server.domain.refusal import Refusal

MAGIC = b"natvakt-backup-1\n"
CHUNK_BYTES, TAG_BYTES, KEY_BYTES, LONGEST_HEAD_BYTES = 1 << 20, 16, 32, 8192
SEALING, OPENING = "natvakt-backup-sealing-key-1", "natvakt-backup-opening-key-1"
_SUITE = SUITES[SUITE_MLKEM768_X25519_AES_256_GCM]


class CannotOpenBackup(Refusal):
    """The key is another one, or the file is not whole. The text says which and the way out."""


def written(key: RecipientPublicKey | RecipientPrivateKey) -> str:
    """One line; of a private key it is the secret itself."""
    name, raw = (SEALING, key.raw) if isinstance(key, RecipientPublicKey) else (OPENING, key.to_bytes())
    return f"{name} {base64.b64encode(raw).decode()}\n"


def sealing_key(text: str) -> RecipientPublicKey:
    """Raises CannotOpenBackup."""
    try:
        return RecipientPublicKey(_raw(text, SEALING))
    except (WireError, ValueError) as error:
        raise CannotOpenBackup(f"this is no sealing key: {error}; make a pair with `natvakt-server backup key`") from error


def opening_key(text: str) -> RecipientPrivateKey:
    """Raises CannotOpenBackup; the text never quotes what was read."""
    try:
        return RecipientPrivateKey.from_bytes(_raw(text, OPENING))
    except (WireError, ValueError) as error:
        raise CannotOpenBackup(
            "this is no opening key; give the file that `natvakt-server backup key` made beside the sealing key"
        ) from error


def _raw(text: str, name: str) -> bytes:
    first, _, rest = text.strip().partition(" ")
    if first != name:
        raise ValueError(f"it does not begin with {name}")
    return base64.b64decode(rest, validate=True)


class SealingWriter:
    """A file to write to; `finish` makes it whole. The target is written in order and never read."""

    def __init__(self, target: BinaryIO, recipient: RecipientPublicKey, random: Callable[[int], bytes]) -> None:
        key = random(KEY_BYTES)
        head = _SUITE.encrypt(key, recipient.hpke_key(), info=MAGIC)
        target.write(MAGIC + len(head).to_bytes(4, "big") + head)
        self._target, self._cipher, self._head = target, AESGCM(key), sha256(head).digest()
        self._held, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > CHUNK_BYTES:  # the last one is held back: it has to say so
            self._put(bytes(self._held[:CHUNK_BYTES]), last=False)
            del self._held[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, text: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number), text, _covered(self._head, self._number, last)))
        self._number += 1


class OpeningReader:
    """A file to read from. Raises CannotOpenBackup, before anything of a chunk that does not open is answered."""

    def __init__(self, source: BinaryIO, opener: RecipientPrivateKey) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise CannotOpenBackup("this is no backup of a natvakt server; give the file that `natvakt-server backup create` wrote")
        length = int.from_bytes(source.read(4), "big")
        head = source.read(length) if length <= LONGEST_HEAD_BYTES else b""
        try:
            key = _SUITE.decrypt(head, opener.hpke_key(), info=MAGIC)
        except (InvalidTag, ValueError) as error:
            raise CannotOpenBackup(
                "the backup does not open with this key; give the opening key that was made with its sealing key"
            ) from error
        self._source, self._cipher, self._head = source, AESGCM(key), sha256(head).digest()
        self._opened, self._number, self._ahead = bytearray(), 0, source.read(CHUNK_BYTES + TAG_BYTES)
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        while not self._ended and (size < 0 or len(self._opened) < size):
            self._next()
        taken = bytes(self._opened) if size < 0 else bytes(self._opened[:size])
        del self._opened[: len(taken)]
        return taken

    def _next(self) -> None:
        sealed, self._ahead = self._ahead, self._source.read(CHUNK_BYTES + TAG_BYTES)
        self._ended = not self._ahead
        try:
            self._opened += self._cipher.decrypt(_nonce(self._number), sealed, _covered(self._head, self._number, self._ended))
        except (InvalidTag, ValueError) as error:
            raise CannotOpenBackup(
                f"the backup is damaged or cut off at chunk {self._number} of {CHUNK_BYTES} octets; take another copy of it"
            ) from error
        self._number += 1


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _covered(head: bytes, number: int, last: bool) -> bytes:
    return head + number.to_bytes(8, "big") + (b"last" if last else b"more")
