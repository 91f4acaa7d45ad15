"""Writing to the spool's segments, and what is done when the disk says no.

full       acknowledged segments go, the reserve is released, then the oldest metrics go (with a gap record); then the batch is shed
EIO        the file is not trusted again: a new one is opened and the pending records are written anew, fsync is never asked twice
corrupt    the same, the records that SQLite no longer finds are carved
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import apsw
from natvakt_wire.envelope import LaneClass
from natvakt_wire.gap import REASON_CAPACITY, REASON_DAMAGED

from natvakt_agent.model.clock import Clock
from natvakt_agent.model.delivery import BatchHead, RecordKind, SpoolFull, SpoolUnavailable
from natvakt_agent.spool.assembly import Hole
from natvakt_agent.spool.events import SpoolEvents
from natvakt_agent.spool.files import RESERVE_NAME, SpoolFiles, SpoolOptions
from natvakt_agent.spool.index import Entry, Index, Lane
from natvakt_agent.spool.records import BatchRecord, DamagedRecord, SessionNote, encode_batch, encode_lane, encode_session
from natvakt_agent.spool.recovery import DAMAGE
from natvakt_agent.spool.salvage import carve
from natvakt_agent.spool.segment import WAL_SUFFIX, Segment, SegmentName

_ATTEMPTS = 6
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Gap:
    """What a gap record has to say; who says it, and the signature, are added by `SignGap`."""

    epoch: bytes
    lane: int
    first_seq: int
    last_seq: int
    previous: bytes
    last_digest: bytes
    reason: str
    batches: int
    dropped_wall_ns: int


SignGap = Callable[[Gap], bytes]
"""Bytes of a natvakt.v1.SignedGap; a pure function."""


@dataclass(slots=True)
class SpoolState:
    """What the spool knows in memory."""

    index: Index
    session: SessionNote
    reserve_released: bool = False


class SpoolWriter:
    """All writes go through `write`, which retries them after the disk was relieved or a file given up. The spool locks."""

    def __init__(
        self, files: SpoolFiles, state: SpoolState, options: SpoolOptions, clock: Clock, sign_gap: SignGap, events: SpoolEvents
    ) -> None:
        self.files = files
        self._state = state
        self._options = options
        self._clock = clock
        self._sign_gap = sign_gap
        self._events = events
        self._started_wall_ns: dict[SegmentName, int] = {}
        self._distrusted: dict[SegmentName, str] = {}
        self._relieving = False

    def write(self, lane_class: LaneClass, what: str, work: Callable[[Segment], _Result]) -> _Result:
        """Run `work` on the class's current segment; SpoolFull or SpoolUnavailable when nothing helps."""
        place = self.files.disk.place
        reason: Exception | None = None
        for _ in range(_ATTEMPTS):
            try:
                self._replace_distrusted(lane_class)
                return self._work_on(self._segment_for(lane_class), work)
            except apsw.FullError as error:
                reason = error
                self._events.disk_full(what)
                if not self.relieve():
                    break
            except apsw.ReadOnlyError as error:
                raise SpoolUnavailable(f"spool {place} became read-only during {what}; mount it read-write again") from error
            except (*DAMAGE, OSError) as error:
                reason = error
        if isinstance(reason, apsw.FullError):
            self._events.shed(lane_class, f"disk of {place} is full")
            raise SpoolFull(f"disk of spool {place} is full during {what}; free space there, the spool goes on by itself") from reason
        raise SpoolUnavailable(f"spool {place} takes no writes during {what}: {reason}; check the disk") from reason

    def _work_on(self, segment: Segment, work: Callable[[Segment], _Result]) -> _Result:
        try:
            return work(segment)
        except (*DAMAGE, OSError) as error:
            self._distrusted[segment.name] = str(error)
            raise

    def append(self, lane: Lane, record: BatchRecord, segment: Segment) -> Entry:
        """Insert the record with its lane's counters, inside the caller's transaction. The index is not touched."""
        row = segment.insert(encode_batch(record))
        after = Lane(
            lane.number,
            lane.lane_class,
            record.head.last_seq + 1,
            record.head.digest,
            lane.acked_through,
            lane.acked_digest,
            lane.acked_wall_ns,
        )
        segment.put_lane(lane.number, encode_lane(after.note(self._state.index.epoch)))
        self._started_wall_ns.setdefault(segment.name, record.head.created_wall_ns)
        return Entry(record.head, segment.name, row)

    def keep_log_short(self, segment: Segment) -> None:
        """Checkpoint when the log is long. A full disk leaves it long; any other failure costs the file its trust."""
        if segment.wal_bytes < self._options.wal_bytes:
            return
        try:
            segment.checkpoint()
        except apsw.FullError:
            self._events.disk_full("checkpoint")
        except (*DAMAGE, OSError) as error:
            self.give_up(segment.name, str(error))

    def write_notes(self, lane_class: LaneClass) -> None:
        """Counters that changed since their last note, so that nothing is deleted whose acknowledgement could be forgotten."""
        changed = [lane for lane in self._state.index.of_class(lane_class) if lane.changed]
        if not changed:
            return

        def work(segment: Segment) -> None:
            with segment.transaction():
                self._put_lanes(segment, changed)

        self.write(lane_class, "acknowledgement", work)
        for lane in changed:
            lane.changed = False

    def write_session(self) -> None:
        def work(segment: Segment) -> None:
            with segment.transaction():
                segment.put_session(encode_session(self._state.session))

        self.write(LaneClass.EVENTS, "session", work)

    def declare_holes(self, lane: Lane, holes: Sequence[Hole], reason: str, batches: Sequence[int] | None = None) -> None:
        """Put signed gap records in the place of records that are gone."""
        if not holes:
            return

        def work(segment: Segment) -> list[Entry]:
            with segment.transaction():
                return [
                    self._insert(segment, self._gap_record(hole, reason, count))
                    for hole, count in zip(holes, batches or [hole.last_seq - hole.first_seq + 1 for hole in holes], strict=True)
                ]

        for entry in self.write(lane.lane_class, "gap", work):
            lane.replace(entry.head.seq, entry.head.last_seq, entry)
            if reason == REASON_DAMAGED:
                self._events.records_damaged(lane.number, entry.head.seq, entry.head.last_seq)

    def begin_epoch(self) -> None:
        """The state holds a new epoch and an empty index: say so on disk first, then set the old segments aside."""
        old = [segment.name for segment in self.files]
        self._new_segment(LaneClass.EVENTS)
        for name in old:
            self.files.set_aside(name)
            self._events.set_aside(name)
        self._started_wall_ns.clear()
        self._distrusted.clear()

    def relieve(self) -> bool:
        """Free something, the least precious first; False when there is nothing left to give."""
        if self.files.drop_aside():
            return True
        if not self._state.reserve_released:
            self._state.reserve_released = True
            if self.files.disk.size(RESERVE_NAME):
                self.files.disk.delete(RESERVE_NAME)
                return True
        if self._relieving:
            return False
        self._relieving = True
        try:
            return self._retire_one() or self.drop_oldest_metrics()
        except (SpoolFull, apsw.Error, OSError):
            return False
        finally:
            self._relieving = False

    def retire(self, keep_seconds: float) -> None:
        """Unlink segments in which everything is acknowledged for that long."""
        while self._retire_one(keep_seconds):
            pass

    def _retire_one(self, keep_seconds: float = 0) -> bool:
        now = self._clock.wall_ns()
        for segment in self.files:
            if self.files.is_current(segment.name):
                continue
            held = list(self._state.index.in_segment(segment.name))
            if any(entry.head.last_seq > lane.acked_through for lane, entry in held):
                continue
            if any(abs(now - lane.acked_wall_ns) < keep_seconds * 1e9 for lane, _ in held):
                continue
            self.write_notes(segment.name.lane_class)
            self._forget(segment.name)
            self.files.delete(segment.name)
            return True
        return False

    def drop_oldest_metrics(self) -> bool:
        """Give up the oldest metrics segment; gap records take the place of what was pending in it. False when there is none."""
        for segment in self.files:
            held = list(self._state.index.in_segment(segment.name))
            pending = [(lane, entry) for lane, entry in held if entry.head.last_seq > lane.acked_through]
            if segment.name.lane_class is LaneClass.METRICS and any(entry.head.kind is RecordKind.BATCH for _, entry in pending):
                if self.files.is_current(segment.name):
                    self._new_segment(LaneClass.METRICS)
                self._drop(segment.name, pending)
                return True
        return False

    def _drop(self, name: SegmentName, pending: Sequence[tuple[Lane, Entry]]) -> None:
        kept_gaps = [(lane, entry) for lane, entry in pending if entry.head.kind is RecordKind.GAP]
        holes = _runs([(lane, entry) for lane, entry in pending if entry.head.kind is RecordKind.BATCH])
        self._move(kept_gaps, name)
        for lane, hole, count in holes:
            self.declare_holes(lane, [hole], REASON_CAPACITY, [count])
            self._events.dropped_by_policy(lane.number, hole.first_seq, hole.last_seq, count)
        self.write_notes(name.lane_class)
        self._forget(name)
        self.files.delete(name)

    def _move(self, held: Sequence[tuple[Lane, Entry]], name: SegmentName) -> None:
        target = self.files.current(name.lane_class)
        if not held or target is None:
            return
        records = [(lane, entry, self.files.segment(name).record(entry.row)) for lane, entry in held]
        with target.transaction():
            moved = [(lane, entry, self._insert(target, record)) for lane, entry, record in records]
        for lane, old, new in moved:
            lane.move(old, new)

    def _forget(self, name: SegmentName) -> None:
        for lane in self._state.index:
            lane.forget_segment(name)
        self._started_wall_ns.pop(name, None)
        self._distrusted.pop(name, None)

    def _segment_for(self, lane_class: LaneClass) -> Segment:
        segment = self.files.current(lane_class)
        if segment is None:
            return self._new_segment(lane_class)
        age_ns = self._clock.wall_ns() - self._started_wall_ns.get(segment.name, self._clock.wall_ns())
        if segment.bytes_on_disk < self._options.rotate_bytes and age_ns < self._options.segment_seconds * 1_000_000_000:
            return segment
        self._work_on(segment, Segment.checkpoint)
        return self._new_segment(lane_class)

    def _new_segment(self, lane_class: LaneClass) -> Segment:
        """An empty segment that already knows the counters of its class."""
        segment = self.files.create(lane_class)
        self._state.index.forget_drained()
        try:
            with segment.transaction():
                self._put_lanes(segment, self._state.index.of_class(lane_class))
                if lane_class is LaneClass.EVENTS:
                    segment.put_session(encode_session(self._state.session))
        except (apsw.Error, OSError):
            self.files.delete(segment.name)
            raise
        return segment

    def _put_lanes(self, segment: Segment, lanes: Iterable[Lane]) -> None:
        for lane in lanes:
            segment.put_lane(lane.number, encode_lane(lane.note(self._state.index.epoch)))

    def give_up(self, name: SegmentName, reason: str) -> None:
        """Trust that file no more. When the disk does not allow a new one now, the next write begins with it."""
        self._distrusted[name] = reason
        with suppress(apsw.Error, OSError, SpoolFull, SpoolUnavailable):
            self._replace_distrusted(name.lane_class)

    def _replace_distrusted(self, lane_class: LaneClass) -> None:
        for name, reason in list(self._distrusted.items()):
            if name.lane_class is lane_class:
                self._replace(name, reason)

    def _replace(self, name: SegmentName, reason: str) -> None:
        """Write everything kept of the file into a new one, what is acknowledged too: a restored server may ask. Then set it aside."""
        records, damaged = self._read_for_rewrite(self.files.segment(name), list(self._state.index.in_segment(name)))
        fresh = self._new_segment(name.lane_class)
        try:
            with fresh.transaction():
                moved = [(lane, entry, self._insert(fresh, record)) for lane, entry, record in records]
        except (apsw.Error, OSError):
            self.files.delete(fresh.name)
            raise
        for lane, old, new in moved:
            lane.move(old, new)
        self._forget(name)
        self.files.set_aside(name)
        self._events.segment_distrusted(name, reason, len(moved))
        for lane, entry in damaged:
            if entry.head.last_seq > lane.acked_through:
                self.declare_holes(lane, [_hole(lane, entry.head)], REASON_DAMAGED)

    def _read_for_rewrite(
        self, segment: Segment, held: Sequence[tuple[Lane, Entry]]
    ) -> tuple[list[tuple[Lane, Entry, BatchRecord]], list[tuple[Lane, Entry]]]:
        sound: list[tuple[Lane, Entry, BatchRecord]] = []
        damaged: list[tuple[Lane, Entry]] = []
        carved: dict[bytes, BatchRecord] | None = None
        for lane, entry in held:
            try:
                sound.append((lane, entry, segment.record(entry.row)))
            except (DamagedRecord, apsw.Error):
                carved = self._carve(segment.name) if carved is None else carved
                record = carved.get(entry.head.digest)
                if record is not None and record.head == entry.head:
                    sound.append((lane, entry, record))
                else:
                    damaged.append((lane, entry))
        return sound, damaged

    def _carve(self, name: SegmentName) -> dict[bytes, BatchRecord]:
        disk = self.files.disk
        database, wal = (disk.read(file) if disk.size(file) else b"" for file in (name.file, name.file + WAL_SUFFIX))
        return {item.head.digest: item for item in carve(database, wal) if isinstance(item, BatchRecord)}

    def _gap_record(self, hole: Hole, reason: str, batches: int) -> BatchRecord:
        now = self._clock.wall_ns()
        epoch = self._state.index.epoch
        sealed = self._sign_gap(Gap(epoch, hole.lane, hole.first_seq, hole.last_seq, hole.previous, hole.last_digest, reason, batches, now))
        return BatchRecord(
            BatchHead(
                RecordKind.GAP,
                hole.lane_class,
                epoch,
                hole.lane,
                hole.first_seq,
                hole.last_seq,
                hole.previous,
                hole.last_digest,
                now,
                len(sealed),
            ),
            sealed,
        )

    def _insert(self, segment: Segment, record: BatchRecord) -> Entry:
        return Entry(record.head, segment.name, segment.insert(encode_batch(record)))


def _hole(lane: Lane, head: BatchHead) -> Hole:
    return Hole(lane.number, lane.lane_class, head.seq, head.last_seq, head.previous, head.digest)


def _runs(pending: Sequence[tuple[Lane, Entry]]) -> list[tuple[Lane, Hole, int]]:
    """Neighbours of a lane joined: (lane, hole, how many batches)."""
    runs: list[tuple[Lane, Hole, int]] = []
    for lane, entry in pending:
        head = entry.head
        if runs and runs[-1][0] is lane and runs[-1][1].last_seq + 1 == head.seq:
            _, hole, count = runs[-1]
            runs[-1] = (lane, Hole(lane.number, lane.lane_class, hole.first_seq, head.last_seq, hole.previous, head.digest), count + 1)
        else:
            runs.append((lane, _hole(lane, head), 1))
    return runs
