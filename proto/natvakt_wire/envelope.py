"""The sealed envelope and its header: everything the outside of a batch says.

Header: a canonical record (see `framing`) that starts with the domain string. It is the HPKE `info`, so no field of it can be changed
without the ciphertext failing to open, and its hash is signed. A later version only adds extensions: an older reader skips them, while
digest, signature and `info` still cover them, because the header travels as bytes and is never written anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

from google.protobuf.message import DecodeError

from natvakt_wire.errors import LimitExceeded, Malformed, NotEncodable
from natvakt_wire.framing import Extensions, FieldReader, frame, frame_extensions
from natvakt_wire.ids import EPOCH_BYTES, check_slug, check_uuid7
from natvakt_wire.limits import BOOT_ID_BYTES, DIGEST_BYTES, KEY_ID_BYTES, MAX_HEADER_BYTES, MAX_MESSAGE_BYTES, MAX_SEALED_BYTES
from natvakt_wire.signing import SIGNATURE_BYTES
from natvakt_wire.v1 import uplink_pb2

HEADER_DOMAIN = "natvakt/batch/v1"
HEADER_VERSION = 1
SCHEMA_VERSION = 1
FIRST_PREVIOUS = bytes(DIGEST_BYTES)
"""`previous` of the first batch of a lane."""


class LaneClass(StrEnum):
    """What a lane carries; at the spool's cap only `metrics` is dropped."""

    EVENTS = "events"
    STATE = "state"
    METRICS = "metrics"


class Compression(StrEnum):
    NONE = "none"
    ZSTD = "zstd"


_Name = TypeVar("_Name", bound=StrEnum)
_LANE_CLASSES = {LaneClass.EVENTS: 1, LaneClass.STATE: 2, LaneClass.METRICS: 3}
_COMPRESSIONS = {Compression.NONE: 0, Compression.ZSTD: 1}
_PLACE_FIELDS = (
    ("signer", DIGEST_BYTES),
    ("epoch", EPOCH_BYTES),
    ("lane", 4),
    ("lane_class", 1),
    ("seq", 8),
    ("previous", DIGEST_BYTES),
    ("schema", 4),
    ("compression", 1),
    ("plain_length", 4),
)
_CLOCK_FIELDS = (("boot_id", BOOT_ID_BYTES), ("closed_wall_ns", 8), ("closed_monotonic_ns", 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a batch says of itself in the clear. `seal` fills in the fields with a default from the keys and the plain text."""

    tenant: str
    site: str
    agent: str  # UUIDv7
    epoch: bytes  # 16 bytes, born with the spool
    lane: int  # unsigned 32 bit
    lane_class: LaneClass
    seq: int  # unsigned 64 bit, from 1
    previous: bytes  # digest of seq - 1; FIRST_PREVIOUS for the first
    clock_trusted: bool
    boot_id: bytes  # 16 bytes
    closed_wall_ns: int
    closed_monotonic_ns: int
    schema: int = SCHEMA_VERSION
    version: int = HEADER_VERSION
    suite: int = 0
    recipient_key_id: bytes = bytes(KEY_ID_BYTES)
    signer: bytes = bytes(DIGEST_BYTES)  # SHA-256 of the identity key's SubjectPublicKeyInfo
    compression: Compression = Compression.NONE
    plain_length: int = 0  # bytes of the encoded batch before compression
    extensions: Extensions = ()

    def encode(self) -> bytes:
        """The one spelling of this header. NotEncodable when a field does not fit."""
        try:
            return frame(self._fields())
        except OverflowError as error:
            raise NotEncodable(
                f"a number of the header does not fit its field: lane {self.lane}, seq {self.seq}, schema {self.schema}"
            ) from error

    def _fields(self) -> list[bytes]:
        return [
            HEADER_DOMAIN.encode(),
            self.version.to_bytes(2, "big"),
            self.suite.to_bytes(2, "big"),
            self.recipient_key_id,
            self.tenant.encode(),
            self.site.encode(),
            self.agent.encode(),
            self.signer,
            self.epoch,
            self.lane.to_bytes(4, "big"),
            _LANE_CLASSES[self.lane_class].to_bytes(1, "big"),
            self.seq.to_bytes(8, "big"),
            self.previous,
            self.schema.to_bytes(4, "big"),
            _COMPRESSIONS[self.compression].to_bytes(1, "big"),
            self.plain_length.to_bytes(4, "big"),
            bytes([self.clock_trusted]),
            self.boot_id,
            self.closed_wall_ns.to_bytes(8, "big", signed=True),
            self.closed_monotonic_ns.to_bytes(8, "big", signed=True),
            frame_extensions(self.extensions),
        ]

    @classmethod
    def decode(cls, data: bytes) -> "Header":
        """Raises Malformed for anything but a canonical header, LimitExceeded for one over its limit."""
        reader = FieldReader(data, "header", MAX_HEADER_BYTES)
        if reader.field("domain") != HEADER_DOMAIN.encode():
            raise Malformed(f"header does not start with {HEADER_DOMAIN!r}")
        version = reader.unsigned("version", 2)
        if version < HEADER_VERSION:
            raise Malformed(f"header version {version} is older than {HEADER_VERSION}")
        suite, recipient_key_id = reader.take(("suite", 2), ("recipient_key_id", KEY_ID_BYTES))
        tenant = check_slug(reader.text("tenant"), "header tenant")
        site = check_slug(reader.text("site"), "header site")
        agent = check_uuid7(reader.text("agent"), "header agent")
        signer, epoch, lane, lane_class, seq, previous, schema, compression, plain_length = reader.take(*_PLACE_FIELDS)
        clock_trusted = reader.boolean("clock_trusted")
        boot_id, closed_wall, closed_monotonic = reader.take(*_CLOCK_FIELDS)
        return cls(
            version=version,
            suite=_unsigned(suite),
            recipient_key_id=recipient_key_id,
            tenant=tenant,
            site=site,
            agent=agent,
            signer=signer,
            epoch=epoch,
            lane=_unsigned(lane),
            lane_class=_named(_LANE_CLASSES, _unsigned(lane_class), "lane_class"),
            seq=_from_one(_unsigned(seq)),
            previous=previous,
            schema=_unsigned(schema),
            compression=_named(_COMPRESSIONS, _unsigned(compression), "compression"),
            plain_length=_unsigned(plain_length),
            clock_trusted=clock_trusted,
            boot_id=boot_id,
            closed_wall_ns=int.from_bytes(closed_wall, "big", signed=True),
            closed_monotonic_ns=int.from_bytes(closed_monotonic, "big", signed=True),
            extensions=reader.extensions(),
        )


def _unsigned(value: bytes) -> int:
    return int.from_bytes(value, "big")


def _named(codes: Mapping[_Name, int], code: int, what: str) -> _Name:
    for name, known in codes.items():
        if known == code:
            return name
    raise Malformed(f"header {what} {code} is none of {sorted(codes.values())}")


def _from_one(seq: int) -> int:
    if seq == 0:
        raise Malformed("header seq is 0; the first batch of a lane has seq 1")
    return seq


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed batch as it lies in the spool, travels and lies in the inbox: the same bytes everywhere."""

    header: bytes
    ciphertext: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256(header || ciphertext || signature): the name of the batch in the chain, in acks and in the ledger."""
        return sha256(self.header + self.ciphertext + self.signature).digest()

    def check_limits(self) -> None:
        """LimitExceeded or Malformed by sizes alone; nothing is parsed."""
        if len(self.header) > MAX_HEADER_BYTES:
            raise LimitExceeded(f"header of {len(self.header)} bytes is over the limit of {MAX_HEADER_BYTES}")
        if len(self.header) + len(self.ciphertext) + len(self.signature) > MAX_SEALED_BYTES:
            raise LimitExceeded(f"sealed batch of {len(self.ciphertext)} bytes is over the limit of {MAX_SEALED_BYTES}; split the batch")
        if len(self.signature) != SIGNATURE_BYTES:
            raise Malformed(f"signature has {len(self.signature)} bytes, expected {SIGNATURE_BYTES}")

    def to_bytes(self) -> bytes:
        """The protobuf message `natvakt.v1.Envelope`."""
        return uplink_pb2.Envelope(header=self.header, ciphertext=self.ciphertext, signature=self.signature).SerializeToString()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Envelope":
        """The reverse of `to_bytes`, with all sizes checked. Raises Malformed or LimitExceeded."""
        if len(data) > MAX_MESSAGE_BYTES:
            raise LimitExceeded(f"envelope of {len(data)} bytes is over the limit of {MAX_MESSAGE_BYTES}")
        try:
            message = uplink_pb2.Envelope.FromString(data)
        except DecodeError as error:
            raise Malformed("envelope is not a protobuf message of natvakt.v1.Envelope") from error
        envelope = cls(message.header, message.ciphertext, message.signature)
        envelope.check_limits()
        return envelope
