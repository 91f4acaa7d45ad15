"""The spool: sealed batches on disk, from the moment they are reported durable until the server's acknowledgement.

    append ─► position ─► seal (pure callback) ─► one transaction: record + lane counters ─► fsync ─► durable
    pending ─► the link sends ─► ack(lane, seq, digest) ─► kept a while for a restored server ─► unlink of whole segments

Promises: what `append` returned for survives kill -9 and power cut; a seq is never used twice; nothing is deleted before an ack that names
our own digest, except whole oldest `metrics` segments at the cap, and then a signed gap record stands in their place. Limits: one process
at a time (lock file), one folder, never a silent fall-back to memory. Thread-safe: pollers append while the uplink thread acknowledges.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import apsw
from natvakt_wire.envelope import Envelope, LaneClass
from natvakt_wire.gap import REASON_DAMAGED
from natvakt_wire.ids import EPOCH_BYTES

from natvakt_agent.model.clock import Clock
from natvakt_agent.model.delivery import (
    AckOutcome,
    BatchHead,
    Outgoing,
    Position,
    RecordKind,
    SpoolError,
    SpoolFull,
    SpoolRefused,
    SpoolUnavailable,
)
from natvakt_agent.spool.assembly import Assembled, Hole, SegmentContent, assemble, missing
from natvakt_agent.spool.disk import Disk
from natvakt_agent.spool.events import SpoolEvents
from natvakt_agent.spool.files import RESERVE_NAME, STATUS_NAME, SpoolFiles, SpoolOptions
from natvakt_agent.spool.index import GENERATIONS_JUMPED, Entry, Index
from natvakt_agent.spool.records import BatchRecord, DamagedRecord, SessionNote
from natvakt_agent.spool.recovery import DAMAGE, load_segments
from natvakt_agent.spool.segment import Segment
from natvakt_agent.spool.summary import SpoolSummary, summarise
from natvakt_agent.spool.writer import SignGap, SpoolState, SpoolWriter

Seal = Callable[[Position], Envelope]
"""Seals one batch for the position it is given. Pure: it may be called again when the disk fails."""

REASON_EXPIRED = "expired"
"""Gap reason: acknowledged once, no longer kept, and asked for again by a restored server."""


class Spool:
    """Made by `open_spool`."""

    def __init__(
        self, files: SpoolFiles, state: SpoolState, options: SpoolOptions, clock: Clock, sign_gap: SignGap, events: SpoolEvents
    ) -> None:
        self._files = files
        self._state = state
        self._options = options
        self._clock = clock
        self._events = events
        self._writer = SpoolWriter(files, state, options, clock, sign_gap, events)
        self._lock = threading.RLock()
        self._unchecked = [segment.name for segment in files if not files.is_current(segment.name)]
        self._closed = False

    def begin(self) -> None:
        """A new spool: its epoch is durable before anything is appended."""
        self._writer.write_session()
        self._restore_reserve()

    def resume(self, contents: Sequence[SegmentContent], assembled: Assembled) -> None:
        """Go on with what was found: declare what is gone, and let the newest segments know what only older ones knew."""
        newest = {content.name.lane_class: content for content in contents}
        for lane in self.index:
            known = newest.get(lane.lane_class)
            lane.changed = known is None or lane.note(self.epoch) not in known.notes
        if LaneClass.EVENTS not in newest or assembled.session not in newest[LaneClass.EVENTS].notes:
            self._writer.write_session()
        for hole in assembled.holes:
            lane_with_hole = self.index.lane(hole.lane)
            if lane_with_hole is not None:
                self._writer.declare_holes(lane_with_hole, [hole], REASON_DAMAGED)
        for number in assembled.jumped:
            self._events.lane_jumped(number, "its counters were damaged")
        self._restore_reserve()

    @property
    def lock(self) -> threading.RLock:
        """Hold it while reading `index` from another thread than the appending ones."""
        return self._lock

    @property
    def index(self) -> Index:
        """Lanes and entries, read-only for others. See `lock`."""
        return self._state.index

    @property
    def epoch(self) -> bytes:
        return self._state.index.epoch

    @property
    def resume_nonce(self) -> bytes:
        return self._state.session.nonce

    @property
    def counts(self) -> Mapping[str, int]:
        with self._lock:
            return Counter(self._events.counts)

    @property
    def alarms(self) -> Mapping[str, str]:
        with self._lock:
            return dict(self._events.alarms)

    def append(self, lane_class: LaneClass, seal: Seal) -> bytes:
        """Seal one batch and make it durable; returns its digest.

        Raises SpoolFull when nothing more can be given up for it, SpoolUnavailable when the disk takes no writes; either way the
        batch is not in the spool and the place in the lane is free.
        """
        with self._lock:
            self._check_open()
            self._make_room(lane_class)
            entry = self._writer.write(lane_class, "append", lambda segment: self._append(lane_class, seal, segment))
            self._events.room_again()
            current = self._files.current(lane_class)
            if current is not None:
                self._writer.keep_log_short(current)
            return entry.head.digest

    def _append(self, lane_class: LaneClass, seal: Seal, segment: Segment) -> Entry:
        lane = self.index.live(lane_class)
        with segment.transaction():
            position = Position(self.epoch, lane.number, lane_class, lane.next_seq, lane.last_digest)
            envelope = seal(position)
            sealed = envelope.to_bytes()
            head = BatchHead(
                RecordKind.BATCH,
                lane_class,
                position.epoch,
                position.lane,
                position.seq,
                position.seq,
                position.previous,
                envelope.digest,
                self._clock.wall_ns(),
                len(sealed),
            )
            entry = self._writer.append(lane, BatchRecord(head, sealed), segment)
        lane.append(entry)
        return entry

    def _make_room(self, lane_class: LaneClass) -> None:
        if self._files.bytes_on_disk < self._options.cap_bytes // 2:
            return
        self._relieve_by_policy(lambda: self._writer.retire(keep_seconds=0))
        while self._files.bytes_on_disk >= self._options.cap_bytes:
            if not self._files.drop_aside() and not self._relieve_by_policy(self._writer.drop_oldest_metrics):
                self._events.shed(lane_class, "cap reached")
                raise SpoolFull(
                    f"spool {self._files.disk.place} is at its cap of {self._options.cap_bytes} bytes and holds no metrics to give up; "
                    "it goes on when the server takes batches again, or raise spool.cap"
                )

    def _relieve_by_policy(self, step: Callable[[], bool | None]) -> bool:
        try:
            return bool(step())
        except (*DAMAGE, apsw.FullError, OSError) as error:
            raise SpoolUnavailable(f"spool {self._files.disk.place} cannot make room: {error}; check the disk") from error

    def read(self, lane_number: int, seq: int) -> Outgoing | None:
        """The record that covers `seq`, verified. None when it is no longer there, or damaged: then a gap record took its place."""
        with self._lock:
            lane = self.index.lane(lane_number)
            entry = lane.entry_at(seq) if lane is not None else None
            if lane is None or entry is None:
                return None
            try:
                record = self._files.segment(entry.segment).record(entry.row)
            except DamagedRecord:
                head = entry.head
                self._writer.declare_holes(
                    lane, [Hole(lane.number, lane.lane_class, head.seq, head.last_seq, head.previous, head.digest)], REASON_DAMAGED
                )
                return None
            except DAMAGE as error:
                self._writer.give_up(entry.segment, str(error))
                return None
            if record.head != entry.head:
                self._writer.give_up(entry.segment, f"row {entry.row} holds another record")
                return None
            return Outgoing(record.head, record.sealed)

    def ack(self, lane_number: int, through_seq: int, digest: bytes) -> AckOutcome:
        """Everything through `through_seq` is durable at the server. Written with the next append or upkeep."""
        with self._lock:
            lane = self.index.lane(lane_number)
            return lane.ack(through_seq, digest, self._clock.wall_ns()) if lane is not None else AckOutcome.UNKNOWN

    def poison(self, lane_number: int, seq: int, digest: bytes) -> AckOutcome:
        """The server put that batch into quarantine."""
        with self._lock:
            lane = self.index.lane(lane_number)
            return lane.poison(seq, digest, self._clock.wall_ns()) if lane is not None else AckOutcome.UNKNOWN

    def rewind(self, lane_number: int, through_seq: int, digest: bytes) -> None:
        """The server was restored and only knows the lane through `through_seq`: send again what is kept, declare a gap for what is not."""
        with self._lock:
            lane = self.index.lane(lane_number)
            if lane is None or through_seq >= lane.acked_through:
                return
            acked_through, acked_digest = lane.acked_through, lane.acked_digest
            lane.rewind(through_seq, digest)
            try:
                self._writer.declare_holes(lane, missing(lane), REASON_EXPIRED)
            except SpoolError:
                lane.rewind(acked_through, acked_digest)  # a hole that nobody declared stops the lane: the next Welcome asks again
                raise

    def open_lane(self, lane_class: LaneClass) -> int:
        """Live data of the class goes to a new lane from now on; returns its number."""
        with self._lock:
            return self.index.open_lane(lane_class).number

    def abandon_lane(self, lane_class: LaneClass, reason: str) -> int:
        """The server knows more of the live lane than this spool: never write there again."""
        with self._lock:
            lane = self.index.open_lane(lane_class, GENERATIONS_JUMPED)
            self._events.lane_jumped(lane.number, reason)
            return lane.number

    def keep_nonce(self, nonce: bytes) -> None:
        """Remember the session's resume nonce; durable when it returns."""
        with self._lock:
            before = self._state.session
            self._state.session = replace(before, nonce=nonce, count=before.count + 1)
            try:
                self._writer.write_session()
            except SpoolError:
                self._state.session = before  # a nonce that is only in memory must not be shown to the server
                raise

    def start_epoch(self, random: Callable[[int], bytes]) -> bytes:
        """A new epoch, after this spool was found to be a clone or a restored snapshot. What is pending is set aside, not deleted."""
        with self._lock:
            session = SessionNote(random(EPOCH_BYTES), self._state.session.count + 1)
            self._state.session = session
            self._state.index = Index(session.epoch)
            self._writer.begin_epoch()
            return session.epoch

    def maintain(self) -> None:
        """Upkeep, every few seconds: write acknowledgements, shorten logs, unlink what is done, take the reserve back, check one old file.

        Never raises for a disk that is full or refuses: that is counted, and tried again next time.
        """
        with self._lock:
            self._check_open()
            try:
                self._keep_files()
            except (SpoolFull, SpoolUnavailable) as error:
                self._events.upkeep_failed(str(error))
            self._restore_reserve()
            with suppress(OSError):
                self._files.disk.replace(STATUS_NAME, json.dumps(self._summary().to_json()).encode())

    def _keep_files(self) -> None:
        for lane_class in LaneClass:
            self._writer.write_notes(lane_class)
            current = self._files.current(lane_class)
            if current is not None:
                self._writer.keep_log_short(current)
        over_half = self._files.bytes_on_disk >= self._options.cap_bytes // 2
        self._writer.retire(0 if over_half else self._options.keep_acked_seconds)
        self._check_one_segment()

    def _restore_reserve(self) -> None:
        if self._options.reserve_bytes == 0 or self._files.disk.size(RESERVE_NAME) == self._options.reserve_bytes:
            return
        try:
            self._files.disk.allocate(RESERVE_NAME, self._options.reserve_bytes)
        except OSError as error:
            self._events.disk_full(f"reserve ({error.strerror})")
        else:
            self._state.reserve_released = False
            self._events.reserve_restored()

    def _check_one_segment(self) -> None:
        while self._unchecked:
            name = self._unchecked.pop()
            if name not in {segment.name for segment in self._files}:
                continue
            try:
                self._files.segment(name).check()
            except DAMAGE as error:
                self._writer.give_up(name, str(error))
            return

    def show(self) -> SpoolSummary:
        """What the `spool show` command prints."""
        with self._lock:
            return self._summary()

    def _summary(self) -> SpoolSummary:
        return summarise(
            self.index, self._state.reserve_released, self._files.bytes_on_disk, self._options, self._events, self._clock.wall_ns()
        )

    def close(self) -> None:
        """Write what is only in memory and let the folder go. Nothing is removed."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            with suppress(SpoolFull, SpoolUnavailable):  # an acknowledgement that is forgotten is only asked for again
                for lane_class in LaneClass:
                    self._writer.write_notes(lane_class)
            self._files.close()
            self._files.disk.unlock()

    def abandon(self) -> None:
        """Close the files as they are, writing nothing: for a start that failed half-way."""
        with self._lock:
            self._closed = True
            self._files.close()
            self._files.disk.unlock()

    def _check_open(self) -> None:
        if self._closed:
            raise SpoolUnavailable(f"spool {self._files.disk.place} is closed")


def open_spool(
    disk: Disk, options: SpoolOptions, clock: Clock, random: Callable[[int], bytes], sign_gap: SignGap, events: SpoolEvents | None = None
) -> Spool:
    """Open the folder's spool, or begin one; repairs what a crash or bit rot left behind.

    Raises SpoolRefused, naming place, reason and way out, when the folder is missing, not ours, read-only, or in use.
    """
    events = events if events is not None else SpoolEvents()
    disk.lock()
    files = SpoolFiles(disk)
    try:
        return _open_locked(files, options, clock, random, sign_gap, events)
    except (apsw.Error, OSError, SpoolFull, SpoolUnavailable) as error:
        files.close()
        disk.unlock()
        raise SpoolRefused(
            disk.place, f"it cannot be read or written ({error})", "check the disk and free space; nothing in it was removed"
        ) from error
    except BaseException:
        files.close()
        disk.unlock()
        raise


def _open_locked(
    files: SpoolFiles, options: SpoolOptions, clock: Clock, random: Callable[[int], bytes], sign_gap: SignGap, events: SpoolEvents
) -> Spool:
    contents = _load(files, events)
    assembled = assemble(contents)
    if assembled is None:
        state = SpoolState(Index(random(EPOCH_BYTES)), SessionNote(b""))
        state.session = SessionNote(state.index.epoch)
        spool = Spool(files, state, options, clock, sign_gap, events)
        spool.begin()
        return spool
    for name in assembled.foreign:
        files.set_aside(name)
        events.set_aside(name)
    spool = Spool(files, SpoolState(assembled.index, assembled.session), options, clock, sign_gap, events)
    spool.resume(contents, assembled)
    return spool


def _load(files: SpoolFiles, events: SpoolEvents) -> Sequence[SegmentContent]:
    """A rescue needs room: on a full disk the reserve is given for it."""
    try:
        return load_segments(files, events)
    except apsw.FullError:
        events.disk_full("start")
        files.close()
        files.disk.delete(RESERVE_NAME)
        files.drop_aside()
        return load_segments(files, events)
