"""The gap record: signed word of an agent that whole batches were given up, standing in their place in the chain.

How the chain joins across a gap. Batches after the gap were sealed before the drop, so the first of them carries the digest of the last
dropped batch as its `previous`. The gap record therefore names that digest:

    batch first_seq-1 ──digest──► gap.previous
    gap.last_digest   ◄─previous── batch last_seq+1

After a gap the server's mark of the lane is (last_seq, last_digest), and that is also what its ack names. The record's own `digest`,
SHA-256(body || signature), is what the ledger stores: the same place with another digest is a fork, as for a batch.
"""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from natvakt_wire.errors import BadSignature, Malformed, NotEncodable
from natvakt_wire.framing import Extensions, FieldReader, frame, frame_extensions
from natvakt_wire.ids import EPOCH_BYTES, check_slug, check_uuid7
from natvakt_wire.limits import DIGEST_BYTES, MAX_GAP_BYTES
from natvakt_wire.signing import Domain, fingerprint, sign, verify_signature

GAP_DOMAIN = "natvakt/gap/v1"
REASON_CAPACITY = "capacity"  # the spool's cap: lost by policy
REASON_DAMAGED = "damaged"  # bit rot or a torn write: the bytes are in the agent's quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRecord:
    """Batches `first_seq` to `last_seq` of a lane, both included, will never be sent."""

    tenant: str
    site: str
    agent: str
    signer: bytes  # SHA-256 of the identity key's SubjectPublicKeyInfo
    epoch: bytes
    lane: int
    first_seq: int
    last_seq: int
    previous: bytes  # digest of batch first_seq - 1; FIRST_PREVIOUS when first_seq is 1
    last_digest: bytes  # digest of batch last_seq
    reason: str  # slug
    batches: int  # how many were still held when they were given up: 1 to last_seq - first_seq + 1
    dropped_at: int  # wall clock, nanoseconds
    extensions: Extensions = ()

    def __post_init__(self) -> None:
        if not 1 <= self.first_seq <= self.last_seq:
            raise Malformed(f"gap from seq {self.first_seq} to {self.last_seq} is empty or backwards")
        if not 1 <= self.batches <= self.last_seq - self.first_seq + 1:
            raise Malformed(f"gap from seq {self.first_seq} to {self.last_seq} cannot hold {self.batches} batches")

    def encode(self) -> bytes:
        """The canonical body. NotEncodable when a number does not fit its field."""
        try:
            return frame(self._fields())
        except OverflowError as error:
            raise NotEncodable(f"a number of the gap record does not fit its field: lane {self.lane}, seq {self.last_seq}") from error

    def _fields(self) -> list[bytes]:
        return [
            GAP_DOMAIN.encode(),
            self.tenant.encode(),
            self.site.encode(),
            self.agent.encode(),
            self.signer,
            self.epoch,
            self.lane.to_bytes(4, "big"),
            self.first_seq.to_bytes(8, "big"),
            self.last_seq.to_bytes(8, "big"),
            self.previous,
            self.last_digest,
            self.reason.encode(),
            self.batches.to_bytes(8, "big"),
            self.dropped_at.to_bytes(8, "big", signed=True),
            frame_extensions(self.extensions),
        ]

    @classmethod
    def decode(cls, body: bytes) -> "GapRecord":
        """Raises Malformed for anything but a canonical body, LimitExceeded for one over its limit."""
        reader = FieldReader(body, "gap record", MAX_GAP_BYTES)
        if reader.field("domain") != GAP_DOMAIN.encode():
            raise Malformed(f"gap record does not start with {GAP_DOMAIN!r}")
        return cls(
            tenant=check_slug(reader.text("tenant"), "gap tenant"),
            site=check_slug(reader.text("site"), "gap site"),
            agent=check_uuid7(reader.text("agent"), "gap agent"),
            signer=reader.exactly("signer", DIGEST_BYTES),
            epoch=reader.exactly("epoch", EPOCH_BYTES),
            lane=reader.unsigned("lane", 4),
            first_seq=reader.unsigned("first_seq", 8),
            last_seq=reader.unsigned("last_seq", 8),
            previous=reader.exactly("previous", DIGEST_BYTES),
            last_digest=reader.exactly("last_digest", DIGEST_BYTES),
            reason=check_slug(reader.text("reason"), "gap reason"),
            batches=reader.unsigned("batches", 8),
            dropped_at=reader.signed("dropped_at", 8),
            extensions=reader.extensions(),
        )


@dataclass(frozen=True, slots=True)
class SignedGap:
    body: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        return sha256(self.body + self.signature).digest()


def sign_gap(record: GapRecord, identity_key: Ed25519PrivateKey) -> SignedGap:
    """BadSignature when the record names another signer than `identity_key`."""
    if record.signer != fingerprint(identity_key.public_key().public_bytes_raw()):
        raise BadSignature("the gap record names another signer than the key it is signed with")
    body = record.encode()
    return SignedGap(body, sign(Domain.GAP, identity_key, sha256(body).digest()))


def verify_gap(gap: SignedGap, identity_public_raw: bytes) -> GapRecord:
    """The record, if the holder of `identity_public_raw` signed it. Raises Malformed, LimitExceeded or BadSignature."""
    record = GapRecord.decode(gap.body)
    if record.signer != fingerprint(identity_public_raw):
        raise BadSignature(f"gap record is signed by {record.signer.hex()[:16]}, not by this agent's key")
    verify_signature(Domain.GAP, identity_public_raw, gap.signature, sha256(gap.body).digest())
    return record
