"""What spool and link both speak of: where a batch stands, what it says of itself, what became of an acknowledgement."""

from dataclasses import dataclass
from enum import Enum, IntEnum

from natvakt_wire.envelope import LaneClass

from natvakt_agent.model.refusal import Refusal


class RecordKind(IntEnum):
    BATCH = 1
    GAP = 2


class AckOutcome(Enum):
    ADVANCED = "advanced"
    STALE = "stale"  # already known, or inside a gap that was declared meanwhile
    UNKNOWN = "unknown"  # names a digest that this spool does not have: refused


@dataclass(frozen=True, slots=True)
class Position:
    """Where the next batch will stand; decided inside the append's transaction and bound by the seal."""

    epoch: bytes
    lane: int
    lane_class: LaneClass
    seq: int
    previous: bytes


@dataclass(frozen=True, slots=True)
class BatchHead:
    """A batch or gap record without its sealed bytes. A gap covers seq to last_seq; its `digest` is the last covered batch's."""

    kind: RecordKind
    lane_class: LaneClass
    epoch: bytes
    lane: int
    seq: int
    last_seq: int
    previous: bytes
    digest: bytes
    created_wall_ns: int
    length: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record as it is sent. `sealed`: bytes of an Envelope, or of a SignedGap."""

    head: BatchHead
    sealed: bytes


class SpoolError(Refusal):
    """Root of everything the spool refuses."""


class SpoolRefused(SpoolError):
    """The spool must not be used as it is: stop, and tell the person. Names place, reason and way out."""

    def __init__(self, place: str, reason: str, way_out: str) -> None:
        super().__init__(f"spool {place}: {reason}; {way_out}")
        self.place = place
        self.reason = reason
        self.way_out = way_out


class SpoolFull(SpoolError):
    """No room for this batch: shed it, count it, go on. The spool recovers by itself when room comes back."""


class SpoolUnavailable(SpoolError):
    """The disk does not take writes at all for now: try again later."""
