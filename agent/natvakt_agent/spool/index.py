"""What lies in the spool, by lane: pure data, no disk. The link reads it to decide what to send.

A lane is one ordered stream: entries rise without holes, each is a batch or a gap record that covers several seqs. Acknowledged entries
stay until their segment goes, so that a server restored from a backup can ask again.

    acked ............ acked_through | pending ............ next_seq
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from natvakt_wire.envelope import FIRST_PREVIOUS, LaneClass

from natvakt_agent.model.delivery import AckOutcome, BatchHead, RecordKind
from natvakt_agent.spool.records import CLASS_CODES, LaneNote
from natvakt_agent.spool.segment import SegmentName

_LANES_A_GENERATION = len(CLASS_CODES)
GENERATIONS_JUMPED = 1 << 16
"""A lane's counters were lost: its class goes on this many generations later, beyond anything the lost file can have used."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the spool and where it lies."""

    head: BatchHead
    segment: SegmentName
    row: int


@dataclass(slots=True)
class Lane:
    """One lane with its counters. `changed`: the counters are newer than their note on disk."""

    number: int
    lane_class: LaneClass
    next_seq: int = 1
    last_digest: bytes = FIRST_PREVIOUS
    acked_through: int = 0
    acked_digest: bytes = FIRST_PREVIOUS
    acked_wall_ns: int = 0
    changed: bool = False
    entries: list[Entry] = field(default_factory=list)
    poisoned: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, note: LaneNote) -> "Lane":
        return cls(note.lane, note.lane_class, note.next_seq, note.last_digest, note.acked_through, note.acked_digest, note.acked_wall_ns)

    def note(self, epoch: bytes) -> LaneNote:
        return LaneNote(
            self.number, self.lane_class, epoch, self.next_seq, self.last_digest, self.acked_through, self.acked_digest, self.acked_wall_ns
        )

    @property
    def oldest_seq(self) -> int:
        """The oldest batch or gap still held; next_seq when there is none."""
        return self.entries[0].head.seq if self.entries else self.next_seq

    @property
    def pending(self) -> Sequence[Entry]:
        return self.entries[self._position_after(self.acked_through) :]

    @property
    def pending_count(self) -> int:
        return len(self.entries) - self._position_after(self.acked_through)

    @property
    def drained(self) -> bool:
        return self.acked_through >= self.next_seq - 1

    def entry_after(self, seq: int) -> Entry | None:
        """The first entry that covers anything beyond `seq`."""
        position = self._position_after(seq)
        return self.entries[position] if position < len(self.entries) else None

    def head_after(self, seq: int) -> BatchHead | None:
        entry = self.entry_after(seq)
        return entry.head if entry is not None else None

    def entry_at(self, seq: int) -> Entry | None:
        entry = self.entry_after(seq - 1)
        return entry if entry is not None and entry.head.seq <= seq else None

    def digest_at(self, seq: int) -> bytes | None:
        """Digest of batch `seq`, as far as it is still known."""
        if seq == 0:
            return FIRST_PREVIOUS
        if seq == self.acked_through:
            return self.acked_digest
        if seq == self.next_seq - 1:
            return self.last_digest
        entry = self.entry_after(seq - 1)
        if entry is None:
            return None
        if entry.head.last_seq == seq:
            return entry.head.digest
        return entry.head.previous if entry.head.seq == seq + 1 else None

    def append(self, entry: Entry) -> None:
        assert entry.head.seq == self.next_seq
        assert entry.head.previous == self.last_digest
        self.entries.append(entry)
        self.next_seq = entry.head.last_seq + 1
        self.last_digest = entry.head.digest
        self.changed = False

    def ack(self, through_seq: int, digest: bytes, wall_ns: int) -> AckOutcome:
        """Everything through `through_seq` is durable at the server, if `digest` is ours for that place."""
        if through_seq >= self.next_seq:
            return AckOutcome.UNKNOWN
        entry = self.entry_at(through_seq)
        if entry is not None and entry.head.kind is RecordKind.GAP and through_seq < entry.head.last_seq:
            return AckOutcome.STALE
        if self.digest_at(through_seq) != digest:
            return AckOutcome.STALE if through_seq < self.oldest_seq - 1 else AckOutcome.UNKNOWN
        if through_seq <= self.acked_through:
            return AckOutcome.STALE
        self._advance(through_seq, digest, wall_ns)
        return AckOutcome.ADVANCED

    def poison(self, seq: int, digest: bytes, wall_ns: int) -> AckOutcome:
        """The server quarantined batch `seq`: never to be sent again, and it counts as delivered once everything before it is."""
        entry = self.entry_at(seq)
        if seq <= self.acked_through:
            return AckOutcome.STALE
        if entry is None or entry.head.digest != digest:
            return AckOutcome.UNKNOWN
        self.poisoned.add(seq)
        self._pass_poisoned(wall_ns)
        return AckOutcome.ADVANCED

    def rewind(self, through_seq: int, digest: bytes) -> None:
        """The server knows less than it acknowledged: everything beyond `through_seq` is pending again."""
        self.acked_through = through_seq
        self.acked_digest = digest
        self.changed = True

    def replace(self, first_seq: int, last_seq: int, entry: Entry | None) -> None:
        """Take out what lies wholly within first..last and put `entry` there."""
        start = self._position_after(first_seq - 1)
        end = bisect_right(self.entries, last_seq, key=lambda held: held.head.last_seq)
        self.entries[start:end] = [entry] if entry is not None else []

    def move(self, old: Entry, new: Entry) -> None:
        """The same record lies elsewhere now."""
        position = bisect_left(self.entries, old.head.seq, key=lambda held: held.head.seq)
        if position < len(self.entries) and self.entries[position] is old:
            self.entries[position] = new

    def forget_segment(self, segment: SegmentName) -> None:
        self.entries = [entry for entry in self.entries if entry.segment != segment]

    def _position_after(self, seq: int) -> int:
        if not self.entries or self.entries[-1].head.last_seq <= seq:  # a lane with nothing waiting is asked most often
            return len(self.entries)
        return bisect_right(self.entries, seq, key=lambda held: held.head.last_seq)

    def _advance(self, through_seq: int, digest: bytes, wall_ns: int) -> None:
        self.acked_through = through_seq
        self.acked_digest = digest
        self.acked_wall_ns = wall_ns
        self.changed = True
        self.poisoned = {seq for seq in self.poisoned if seq > through_seq}
        self._pass_poisoned(wall_ns)

    def _pass_poisoned(self, wall_ns: int) -> None:
        entry = self.entry_after(self.acked_through)
        if entry is not None and entry.head.seq in self.poisoned and entry.head.seq == self.acked_through + 1:
            self._advance(entry.head.last_seq, entry.head.digest, wall_ns)


class Index:
    """All lanes of an epoch. Each class has one live lane, the highest of its numbers; the others drain."""

    def __init__(self, epoch: bytes) -> None:
        self.epoch = epoch
        self._lanes: dict[int, Lane] = {}
        self._live: dict[LaneClass, Lane] = {}

    def __iter__(self) -> Iterator[Lane]:
        return iter([self._lanes[number] for number in sorted(self._lanes)])

    def lane(self, number: int) -> Lane | None:
        return self._lanes.get(number)

    def add(self, lane: Lane) -> Lane:
        held = self._lanes.setdefault(lane.number, lane)
        live = self._live.get(lane.lane_class)
        if live is None or live.number < held.number:
            self._live[lane.lane_class] = held
        return held

    def live(self, lane_class: LaneClass) -> Lane:
        """The lane that new batches of the class go to; generation 0 when there never was one."""
        live = self._live.get(lane_class)
        return live if live is not None else self.add(Lane(CLASS_CODES[lane_class], lane_class))

    def is_live(self, lane: Lane) -> bool:
        return self.live(lane.lane_class) is lane

    def is_live_number(self, number: int) -> bool:
        lane = self._lanes.get(number)
        return lane is not None and self.is_live(lane)

    def open_lane(self, lane_class: LaneClass, generations: int = 1) -> Lane:
        """A new live lane of the class; the old one drains beside it."""
        return self.add(Lane(self.live(lane_class).number + generations * _LANES_A_GENERATION, lane_class))

    def forget_drained(self) -> None:
        """Lanes that are neither live nor hold anything; their numbers are never used again."""
        for lane in list(self):
            if lane.drained and not lane.entries and not self.is_live(lane):
                del self._lanes[lane.number]

    def of_class(self, lane_class: LaneClass) -> Iterable[Lane]:
        return [lane for lane in self if lane.lane_class is lane_class]

    def in_segment(self, segment: SegmentName) -> Iterator[tuple[Lane, Entry]]:
        for lane in self:
            for entry in lane.entries:
                if entry.segment == segment:
                    yield lane, entry
