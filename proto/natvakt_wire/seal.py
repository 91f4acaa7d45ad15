"""Seal and open a batch: zstd, then HPKE to the tenant's recipient key with the header as `info`, then an Ed25519 signature.

HPKE (RFC 9180, base mode) says nothing about who sealed; the agent's identity key signs SHA-256(header) and SHA-256(ciphertext), and its
fingerprint stands in the header, so a signature can neither be stripped nor replaced by another's. `verify` needs no opening key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite

from natvakt_wire.envelope import Compression, Envelope, Header
from natvakt_wire.errors import BadSignature, CannotOpen, LimitExceeded, Malformed
from natvakt_wire.limits import KEY_ID_BYTES, MAX_COMPRESSION_RATIO, MAX_PLAIN_BYTES, MAX_SEALED_BYTES
from natvakt_wire.signing import Domain, fingerprint, sign, verify_signature

SUITE_MLKEM768_X25519_AES_256_GCM = 1
SUITES: Mapping[int, Suite] = MappingProxyType(
    {SUITE_MLKEM768_X25519_AES_256_GCM: Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)}
)
"""The allow-list. A peer cannot negotiate: a header with any other number is refused."""

SEAL_OVERHEAD_BYTES = 1120 + 16  # encapsulated keys (ML-KEM-768 and X25519), GCM tag
COMPRESSION_LEVEL = 15  # from here on zstd gives each kind of column its own Huffman table; 3 % smaller than level 9
_TABLE_LOG = 16  # a large batch of documents takes 2 MiB of working memory instead of 64 and a fifth of the time, and grows by 1 %

_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64
_X25519_BYTES = 32


@dataclass(frozen=True, slots=True)
class RecipientPublicKey:
    """Where batches are sealed to. `raw`: ML-KEM-768 (1,184 bytes) then X25519 (32 bytes)."""

    raw: bytes
    suite: int = SUITE_MLKEM768_X25519_AES_256_GCM

    def __post_init__(self) -> None:
        if self.suite not in SUITES:
            raise Malformed(f"recipient key suite {self.suite} is none of {sorted(SUITES)}")
        if len(self.raw) != _MLKEM_PUBLIC_BYTES + _X25519_BYTES:
            raise Malformed(f"recipient public key has {len(self.raw)} bytes, expected {_MLKEM_PUBLIC_BYTES + _X25519_BYTES}")

    @property
    def id(self) -> bytes:
        """The first 16 bytes of SHA-256(suite || raw): an id cannot be given to another key."""
        return sha256(self.suite.to_bytes(2, "big") + self.raw).digest()[:KEY_ID_BYTES]

    def hpke_key(self) -> MLKEM768X25519PublicKey:
        """Malformed when `raw` is no valid pair of keys."""
        try:
            return MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC_BYTES]),
                X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC_BYTES:]),
            )
        except ValueError as error:
            raise Malformed("recipient public key is not a valid ML-KEM-768 and X25519 pair") from error


class RecipientPrivateKey:
    """The opening key of a tenant. Held by the worker alone; it never prints."""

    __slots__ = ("_mlkem", "_x25519", "public", "suite")

    def __init__(self, mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._mlkem = mlkem
        self._x25519 = x25519
        self.suite = SUITE_MLKEM768_X25519_AES_256_GCM
        self.public = RecipientPublicKey(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw(), self.suite)

    @classmethod
    def generate(cls) -> "RecipientPrivateKey":
        return cls(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())

    def to_bytes(self) -> bytes:
        """96 secret bytes: ML-KEM-768 seed, then X25519 scalar."""
        return self._mlkem.private_bytes_raw() + self._x25519.private_bytes_raw()

    @classmethod
    def from_bytes(cls, data: bytes) -> "RecipientPrivateKey":
        if len(data) != _MLKEM_SEED_BYTES + _X25519_BYTES:
            raise Malformed(f"recipient private key has {len(data)} bytes, expected {_MLKEM_SEED_BYTES + _X25519_BYTES}")
        return cls(
            MLKEM768PrivateKey.from_seed_bytes(data[:_MLKEM_SEED_BYTES]), X25519PrivateKey.from_private_bytes(data[_MLKEM_SEED_BYTES:])
        )

    def hpke_key(self) -> MLKEM768X25519PrivateKey:
        return MLKEM768X25519PrivateKey(self._mlkem, self._x25519)

    def __repr__(self) -> str:
        return f"RecipientPrivateKey({self.public.id.hex()})"


def seal(header: Header, plain: bytes, recipient: RecipientPublicKey, identity_key: Ed25519PrivateKey) -> Envelope:
    """Compress, seal and sign `plain`.

    Suite, recipient key id, signer, compression and plain length of `header` are set from the arguments. LimitExceeded when the result
    would be over 256 KiB, or the plain text over 4 MiB: the caller splits the batch.
    """
    if len(plain) > MAX_PLAIN_BYTES:
        raise LimitExceeded(f"plain batch of {len(plain)} bytes is over the limit of {MAX_PLAIN_BYTES}; split the batch")
    compression, packed = _compress(plain)
    if len(packed) + SEAL_OVERHEAD_BYTES > MAX_SEALED_BYTES:
        raise LimitExceeded(f"compressed batch of {len(packed)} bytes does not fit a sealed batch of {MAX_SEALED_BYTES}; split the batch")
    header_bytes = replace(
        header,
        suite=recipient.suite,
        recipient_key_id=recipient.id,
        signer=fingerprint(identity_key.public_key().public_bytes_raw()),
        compression=compression,
        plain_length=len(plain),
    ).encode()
    ciphertext = SUITES[recipient.suite].encrypt(packed, recipient.hpke_key(), info=header_bytes)
    envelope = Envelope(header_bytes, ciphertext, sign(Domain.BATCH, identity_key, *_hashes(header_bytes, ciphertext)))
    envelope.check_limits()
    return envelope


def verify(envelope: Envelope, identity_public_raw: bytes) -> Header:
    """The header, if the holder of `identity_public_raw` sealed this envelope and its sizes are allowed.

    Raises LimitExceeded, Malformed or BadSignature. Whether header and certificate name the same agent is for the caller to check.
    """
    envelope.check_limits()
    header = Header.decode(envelope.header)
    if header.signer != fingerprint(identity_public_raw):
        raise BadSignature(f"envelope is signed by {header.signer.hex()[:16]}, not by this agent's key")
    verify_signature(Domain.BATCH, identity_public_raw, envelope.signature, *_hashes(envelope.header, envelope.ciphertext))
    _check_declared_length(header, len(envelope.ciphertext))
    return header


def open_sealed(envelope: Envelope, recipient: RecipientPrivateKey) -> bytes:
    """The plain batch. Call it on what `verify` let through.

    Raises CannotOpen for another key or a changed header, LimitExceeded or Malformed for a length that is not as declared; all of them
    before room for the plain text is taken.
    """
    envelope.check_limits()
    header = Header.decode(envelope.header)
    _check_declared_length(header, len(envelope.ciphertext))
    if header.recipient_key_id != recipient.public.id or header.suite != recipient.suite:
        raise CannotOpen(f"envelope is sealed to key {header.recipient_key_id.hex()}, not to {recipient.public.id.hex()}")
    try:
        packed = SUITES[header.suite].decrypt(envelope.ciphertext, recipient.hpke_key(), info=envelope.header)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"envelope seq {header.seq} of lane {header.lane} does not open under its header") from error
    return _decompress(header, packed)


def _hashes(header: bytes, ciphertext: bytes) -> tuple[bytes, bytes]:
    return sha256(header).digest(), sha256(ciphertext).digest()


def _check_declared_length(header: Header, ciphertext_length: int) -> None:
    if header.suite not in SUITES:
        raise Malformed(f"suite {header.suite} is none of {sorted(SUITES)}")
    packed_length = ciphertext_length - SEAL_OVERHEAD_BYTES
    if packed_length < 0:
        raise Malformed(f"ciphertext of {ciphertext_length} bytes is shorter than {SEAL_OVERHEAD_BYTES}")
    if header.plain_length > MAX_PLAIN_BYTES:
        raise LimitExceeded(f"declared length of {header.plain_length} bytes is over the limit of {MAX_PLAIN_BYTES}")
    if header.plain_length > packed_length * MAX_COMPRESSION_RATIO:
        raise LimitExceeded(
            f"declared length of {header.plain_length} bytes is over {MAX_COMPRESSION_RATIO} times the {packed_length} compressed ones"
        )
    if header.compression is Compression.NONE and header.plain_length != packed_length:
        raise Malformed(f"declared length of {header.plain_length} bytes is not the {packed_length} that were sealed uncompressed")


def _compress(plain: bytes) -> tuple[Compression, bytes]:
    """Uncompressed where zstd wins nothing, and where it would win more than the ratio that a reader accepts."""
    usual = zstandard.ZstdCompressionParameters.from_level(COMPRESSION_LEVEL, source_size=len(plain))
    parameters = zstandard.ZstdCompressionParameters.from_level(
        COMPRESSION_LEVEL,
        source_size=len(plain),
        chain_log=min(usual.chain_log, _TABLE_LOG),
        hash_log=min(usual.hash_log, _TABLE_LOG),
        write_content_size=True,
    )
    packed = zstandard.ZstdCompressor(compression_params=parameters).compress(plain)
    if len(packed) >= len(plain) or len(plain) > len(packed) * MAX_COMPRESSION_RATIO:
        return Compression.NONE, plain
    return Compression.ZSTD, packed


def _decompress(header: Header, packed: bytes) -> bytes:
    if header.compression is Compression.NONE:
        return packed
    try:
        frame = zstandard.get_frame_parameters(packed)
        if frame.content_size != header.plain_length:
            raise Malformed(f"zstd frame holds {frame.content_size} bytes, the header declares {header.plain_length}")
        if frame.window_size > MAX_PLAIN_BYTES * 2:
            raise LimitExceeded(f"zstd window of {frame.window_size} bytes is over the limit")
        plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=header.plain_length, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Malformed("the opened bytes are not one zstd frame of the declared length") from error
    if len(plain) != header.plain_length:
        raise Malformed(f"batch has {len(plain)} bytes, the header declares {header.plain_length}")
    return plain
