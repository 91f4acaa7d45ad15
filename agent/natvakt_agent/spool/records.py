"""The records of the spool: framed, self-checking blobs.

Every row of a segment is one blob that starts with a magic word and ends with its own SHA-256, so that a record can be recognised and
trusted wherever it is found, even in a database file whose pages no longer hang together (see `salvage`).

    batch    magic 8 | kind, class, epoch, lane, seq, last seq, previous, digest, created, length | check 8 | sealed ... | SHA-256
    lane     magic 8 | class, epoch, lane, next seq, last digest, acked through, acked digest, acked at | SHA-256
    session  magic 8 | epoch, count, nonce | SHA-256

The batch's head has a check of its own: at start only heads are read, the sealed bytes are verified when they are about to be sent.
"""

import struct
from dataclasses import dataclass
from hashlib import sha256

from natvakt_wire.envelope import FIRST_PREVIOUS, LaneClass
from natvakt_wire.ids import EPOCH_BYTES
from natvakt_wire.limits import DIGEST_BYTES

from natvakt_agent.model.delivery import BatchHead, RecordKind

MAGIC_BYTES = 8
BATCH_MAGIC = b"\xf5NVBAT1\n"
LANE_MAGIC = b"\xf5NVLAN1\n"
SESSION_MAGIC = b"\xf5NVSES1\n"
MAX_NONCE_BYTES = 63

_HEAD = struct.Struct(f">8sBB{EPOCH_BYTES}sIQQ{DIGEST_BYTES}s{DIGEST_BYTES}sqI")
_HEAD_CHECK_BYTES = 8
HEAD_BYTES = _HEAD.size + _HEAD_CHECK_BYTES
_LANE = struct.Struct(f">8sB{EPOCH_BYTES}sIQ{DIGEST_BYTES}sQ{DIGEST_BYTES}sq")
_SESSION = struct.Struct(f">8s{EPOCH_BYTES}sQ{MAX_NONCE_BYTES + 1}p")
_CHECK_BYTES = 32

CLASS_CODES = {LaneClass.EVENTS: 1, LaneClass.STATE: 2, LaneClass.METRICS: 3}
_CLASSES = {code: lane_class for lane_class, code in CLASS_CODES.items()}


class DamagedRecord(Exception):
    """The bytes are not a whole record: bit rot, a torn write, or never a record."""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """`sealed`: bytes of an Envelope, or of a SignedGap, as they will be sent."""

    head: BatchHead
    sealed: bytes


@dataclass(frozen=True, slots=True)
class LaneNote:
    """Counters of one lane. `acked_through` 0: nothing was acknowledged yet."""

    lane: int
    lane_class: LaneClass
    epoch: bytes
    next_seq: int = 1
    last_digest: bytes = FIRST_PREVIOUS
    acked_through: int = 0
    acked_digest: bytes = FIRST_PREVIOUS
    acked_wall_ns: int = 0


@dataclass(frozen=True, slots=True)
class SessionNote:
    """The spool's epoch and the last resume nonce; `count` rises with every change, the highest is the valid one."""

    epoch: bytes
    count: int = 0
    nonce: bytes = b""


def record_bytes(head: BatchHead) -> int:
    """Size of the whole record."""
    return HEAD_BYTES + head.length + _CHECK_BYTES


def encode_batch(record: BatchRecord) -> bytes:
    head = record.head
    packed = _HEAD.pack(
        BATCH_MAGIC,
        head.kind,
        CLASS_CODES[head.lane_class],
        head.epoch,
        head.lane,
        head.seq,
        head.last_seq,
        head.previous,
        head.digest,
        head.created_wall_ns,
        len(record.sealed),
    )
    body = packed + sha256(packed).digest()[:_HEAD_CHECK_BYTES] + record.sealed
    return body + sha256(body).digest()


def decode_head(data: bytes) -> BatchHead:
    """The head at the start of `data`. Raises DamagedRecord."""
    packed = data[: _HEAD.size]
    if len(data) < HEAD_BYTES or data[_HEAD.size : HEAD_BYTES] != sha256(packed).digest()[:_HEAD_CHECK_BYTES]:
        raise DamagedRecord("the head of a batch record does not fit its check")
    magic, kind, class_code, epoch, lane, seq, last_seq, previous, digest, created, length = _HEAD.unpack(packed)
    if magic != BATCH_MAGIC or class_code not in _CLASSES or kind not in tuple(RecordKind):
        raise DamagedRecord("not a batch record of this format")
    return BatchHead(RecordKind(kind), _CLASSES[class_code], epoch, lane, seq, last_seq, previous, digest, created, length)


def decode_batch(data: bytes) -> BatchRecord:
    """A whole batch record. Raises DamagedRecord."""
    head = decode_head(data)
    body_bytes = HEAD_BYTES + head.length
    if len(data) != record_bytes(head) or data[body_bytes:] != sha256(data[:body_bytes]).digest():
        raise DamagedRecord(f"batch record of lane {head.lane} seq {head.seq} does not fit its SHA-256")
    return BatchRecord(head, data[HEAD_BYTES:body_bytes])


def encode_lane(note: LaneNote) -> bytes:
    return _checked(
        _LANE.pack(
            LANE_MAGIC,
            CLASS_CODES[note.lane_class],
            note.epoch,
            note.lane,
            note.next_seq,
            note.last_digest,
            note.acked_through,
            note.acked_digest,
            note.acked_wall_ns,
        )
    )


def encode_session(note: SessionNote) -> bytes:
    if len(note.nonce) > MAX_NONCE_BYTES:
        raise ValueError(f"a resume nonce has at most {MAX_NONCE_BYTES} bytes, this one {len(note.nonce)}")
    return _checked(_SESSION.pack(SESSION_MAGIC, note.epoch, note.count, note.nonce))


def decode_note(data: bytes) -> LaneNote | SessionNote:
    """The lane or session note at the start of `data`; what follows it is not looked at. Raises DamagedRecord."""
    magic = data[:MAGIC_BYTES]
    shape = {LANE_MAGIC: _LANE, SESSION_MAGIC: _SESSION}.get(magic)
    if shape is None or data[shape.size : shape.size + _CHECK_BYTES] != sha256(data[: shape.size]).digest():
        raise DamagedRecord("a note does not fit its SHA-256")
    fields = shape.unpack(data[: shape.size])
    if magic == SESSION_MAGIC:
        _, epoch, count, nonce = fields
        return SessionNote(epoch, count, nonce)
    _, class_code, epoch, lane, next_seq, last_digest, acked_through, acked_digest, acked_at = fields
    if class_code not in _CLASSES:
        raise DamagedRecord(f"lane class {class_code} is none of {sorted(_CLASSES)}")
    return LaneNote(lane, _CLASSES[class_code], epoch, next_seq, last_digest, acked_through, acked_digest, acked_at)


def _checked(body: bytes) -> bytes:
    return body + sha256(body).digest()
