"""From what the segments hold to an index whose chains hold: pure data, the heart of a start after a crash.

Several segments may hold the same place (a file that was given up and came back after a power cut, a rewrite): the newest word wins.
What is missing in the middle of a chain, or before its counter, becomes a hole; the caller declares it with a signed gap record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from natvakt_wire.envelope import LaneClass

from natvakt_agent.model.delivery import BatchHead, RecordKind
from natvakt_agent.spool.index import GENERATIONS_JUMPED, Entry, Index, Lane
from natvakt_agent.spool.records import LaneNote, SessionNote
from natvakt_agent.spool.segment import SegmentName


@dataclass(frozen=True, slots=True)
class SegmentContent:
    """What one segment told. `notes_damaged`: it held notes that can no longer be read."""

    name: SegmentName
    heads: Sequence[tuple[int, BatchHead]]
    notes: Sequence[LaneNote | SessionNote]
    notes_damaged: bool = False

    @property
    def epochs(self) -> set[bytes]:
        return {head.epoch for _, head in self.heads} | {note.epoch for note in self.notes}


@dataclass(frozen=True, slots=True)
class Hole:
    """Places of a lane whose records are gone: `previous` and `last_digest` say where the chain goes on."""

    lane: int
    lane_class: LaneClass
    first_seq: int
    last_seq: int
    previous: bytes
    last_digest: bytes


@dataclass(frozen=True, slots=True)
class Assembled:
    index: Index
    session: SessionNote
    session_lost: bool
    holes: Sequence[Hole]
    jumped: Sequence[int]
    foreign: Sequence[SegmentName]  # segments of an epoch that was given up


@dataclass(slots=True)
class _LaneParts:
    notes: list[LaneNote] = field(default_factory=list)
    entries: dict[int, Entry] = field(default_factory=dict)


def assemble(contents: Sequence[SegmentContent]) -> Assembled | None:
    """Join the segments, given oldest first. None: there is nothing to go on with, a new epoch is due."""
    session = _session(contents)
    if session is None:
        return None
    own = [content for content in contents if session.epoch in content.epochs or not content.epochs]
    index = Index(session.epoch)
    holes: list[Hole] = []
    for number, parts in sorted(_by_lane(own, session.epoch).items()):
        lane, lane_holes = _lane(number, parts)
        index.add(lane)
        holes.extend(lane_holes)
    return Assembled(
        index=index,
        session=session,
        session_lost=not any(isinstance(note, SessionNote) for content in own for note in content.notes),
        holes=holes,
        jumped=[
            index.open_lane(lane_class, GENERATIONS_JUMPED).number for lane_class in LaneClass if _counters_lost(own, index, lane_class)
        ],
        foreign=[content.name for content in contents if content not in own],
    )


def _session(contents: Sequence[SegmentContent]) -> SessionNote | None:
    """The last session note; without any, the epoch of the newest record and no nonce."""
    notes = [note for content in contents for note in content.notes if isinstance(note, SessionNote)]
    if notes:
        return max(notes, key=lambda note: note.count)
    epochs = [epoch for content in contents for epoch in content.epochs]
    return SessionNote(epochs[-1]) if epochs else None


def _by_lane(contents: Iterable[SegmentContent], epoch: bytes) -> dict[int, _LaneParts]:
    lanes: dict[int, _LaneParts] = {}
    for content in contents:
        for note in content.notes:
            if isinstance(note, LaneNote) and note.epoch == epoch:
                lanes.setdefault(note.lane, _LaneParts()).notes.append(note)
        for row, head in content.heads:
            if head.epoch == epoch:
                _keep(lanes.setdefault(head.lane, _LaneParts()).entries, Entry(head, content.name, row))
    return lanes


def _keep(entries: dict[int, Entry], entry: Entry) -> None:
    """A gap record is never displaced by a batch of its place: it may have been sent."""
    held = entries.get(entry.head.seq)
    if held is None or held.head.kind is RecordKind.BATCH or entry.head.kind is RecordKind.GAP:
        entries[entry.head.seq] = entry


def _lane(number: int, parts: _LaneParts) -> tuple[Lane, list[Hole]]:
    chain = _without_covered([parts.entries[seq] for seq in sorted(parts.entries)])
    lane_class = parts.notes[0].lane_class if parts.notes else chain[0].head.lane_class
    lane = Lane(number, lane_class)
    if parts.notes:
        # Of two notes of one number the later segment's: the earlier transaction was refused for a full disk and came back with its log.
        newest = max(reversed(parts.notes), key=lambda note: note.next_seq)
        acked = max(parts.notes, key=lambda note: note.acked_through)
        lane = Lane.of(
            replace(newest, acked_through=acked.acked_through, acked_digest=acked.acked_digest, acked_wall_ns=acked.acked_wall_ns)
        )
    elif chain:
        lane.acked_through, lane.acked_digest = chain[0].head.seq - 1, chain[0].head.previous
    holes: list[Hole] = []
    if chain and chain[0].head.seq > lane.acked_through + 1:
        holes.append(Hole(number, lane_class, lane.acked_through + 1, chain[0].head.seq - 1, lane.acked_digest, chain[0].head.previous))
    holes.extend(_join(lane, chain))
    end, digest = (
        (lane.entries[-1].head.last_seq, lane.entries[-1].head.digest) if lane.entries else (lane.acked_through, lane.acked_digest)
    )
    if lane.next_seq - 1 > max(end, lane.acked_through):
        start, previous = (end, digest) if end >= lane.acked_through else (lane.acked_through, lane.acked_digest)
        holes.append(Hole(number, lane_class, start + 1, lane.next_seq - 1, previous, lane.last_digest))
    elif end >= lane.next_seq:
        lane.next_seq, lane.last_digest = end + 1, digest
    return lane, [hole for hole in holes if hole.last_seq > lane.acked_through]


def _without_covered(entries: Sequence[Entry]) -> list[Entry]:
    """Batches that a gap record covers are gone by policy, even if their file came back after a power cut."""
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda held: (held.head.seq, -held.head.last_seq)):
        if not kept or entry.head.seq > kept[-1].head.last_seq:
            kept.append(entry)
    return kept


def _join(lane: Lane, chain: Sequence[Entry]) -> list[Hole]:
    """Put the chain into the lane. An entry that the next one does not name is not the one that was sealed there: it goes."""
    holes: list[Hole] = []
    for entry in chain:
        before = lane.entries[-1].head if lane.entries else None
        if before is not None and before.last_seq + 1 < entry.head.seq:
            holes.append(Hole(lane.number, lane.lane_class, before.last_seq + 1, entry.head.seq - 1, before.digest, entry.head.previous))
        elif before is not None and before.digest != entry.head.previous:
            lane.entries.pop()
            holes.append(Hole(lane.number, lane.lane_class, before.seq, before.last_seq, before.previous, entry.head.previous))
        lane.entries.append(entry)
    return holes


def missing(lane: Lane) -> Sequence[Hole]:
    """Pending places of the lane for which nothing is held."""
    holes: list[Hole] = []
    seq, digest = lane.acked_through, lane.acked_digest
    for entry in lane.pending:
        if entry.head.seq > seq + 1:
            holes.append(Hole(lane.number, lane.lane_class, seq + 1, entry.head.seq - 1, digest, entry.head.previous))
        seq, digest = entry.head.last_seq, entry.head.digest
    if seq + 1 < lane.next_seq:
        holes.append(Hole(lane.number, lane.lane_class, seq + 1, lane.next_seq - 1, digest, lane.last_digest))
    return holes


def _counters_lost(contents: Sequence[SegmentContent], index: Index, lane_class: LaneClass) -> bool:
    """The class's newest segment lost notes, and neither a note nor a record of it tells where its live lane stood."""
    newest = [content for content in contents if content.name.lane_class is lane_class][-1:]
    if not newest or not newest[0].notes_damaged:
        return False
    live = index.live(lane_class).number
    told = {note.lane for note in newest[0].notes if isinstance(note, LaneNote)} | {head.lane for _, head in newest[0].heads}
    return live not in told
