"""Ed25519 with a domain string before everything that is signed, so that a signature for one purpose is nothing for another.

The message is `domain || 0x00 || frame(parts)`: lengths stand before parts, so no two lists of parts give the same message.
"""

from enum import Enum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from natvakt_wire.errors import BadSignature, Malformed
from natvakt_wire.framing import frame

SIGNATURE_BYTES = 64
PUBLIC_KEY_BYTES = 32


class Domain(Enum):
    """Everything that is ever signed, by whom."""

    BATCH = b"natvakt/batch-signature/v1"  # identity key
    GAP = b"natvakt/gap-signature/v1"  # identity key
    ENROLMENT = b"natvakt/enrolment-proof/v1"  # identity key
    RETURN = b"natvakt/return-proof/v1"  # identity key
    RENEWAL = b"natvakt/renewal/v1"  # identity key
    RECIPIENTS = b"natvakt/recipient-keys/v1"  # tenant root
    POLICY_KEY = b"natvakt/policy-key/v1"  # tenant root
    POLICY = b"natvakt/policy/v1"  # tenant's policy key
    COMMAND = b"natvakt/command/v1"  # tenant's policy key


def sign(domain: Domain, key: Ed25519PrivateKey, *parts: bytes) -> bytes:
    """64 bytes over `parts` in this order. Long parts are best given as their SHA-256."""
    return key.sign(domain.value + b"\0" + frame(parts))


def verify_signature(domain: Domain, public_raw: bytes, signature: bytes, *parts: bytes) -> None:
    """BadSignature unless `signature` was made by the holder of `public_raw` over the same domain and parts."""
    try:
        public_key(public_raw).verify(signature, domain.value + b"\0" + frame(parts))
    except InvalidSignature as error:
        raise BadSignature(f"the {domain.name.lower()} signature does not fit key {fingerprint(public_raw).hex()[:16]}") from error


def public_key(raw: bytes) -> Ed25519PublicKey:
    """Malformed unless `raw` is an Ed25519 public key of 32 bytes."""
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise Malformed(f"an Ed25519 public key has {PUBLIC_KEY_BYTES} bytes, this one has {len(raw)}") from error


def fingerprint(public_raw: bytes) -> bytes:
    """SHA-256 of the SubjectPublicKeyInfo (RFC 8410) of an Ed25519 key."""
    return sha256(public_key(public_raw).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
