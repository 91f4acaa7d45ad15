"""Start of the spool: open what is there, carve what is damaged, and never ask a person to delete a file.

    names ─► open, quick_check ─► heads and notes ──────────────► assemble ─► index, session, holes
                 └─ damaged ─► carve ─► new segment ─► aside ─┘

Only the newest segment of each class can have been torn by a crash, so only it is checked whole at start; the others are checked
one by one while the spool runs. A damaged segment is rewritten record by record into a new one before it is renamed aside, so a crash
on the way only means that the same is done again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from natvakt_agent.model.delivery import BatchHead
from natvakt_agent.spool.assembly import SegmentContent
from natvakt_agent.spool.events import SpoolEvents
from natvakt_agent.spool.files import SpoolFiles
from natvakt_agent.spool.records import BatchRecord, LaneNote, SessionNote, encode_batch, encode_lane, encode_session
from natvakt_agent.spool.salvage import Found, carve, committed_part
from natvakt_agent.spool.segment import WAL_SUFFIX, Segment, SegmentName

DAMAGE = (apsw.CorruptError, apsw.NotADBError, apsw.IOError, apsw.SQLError, apsw.CantOpenError, apsw.SchemaChangeError, apsw.FormatError)
"""What SQLite says of a file that cannot be used as it is; a bit flipped in the schema is an SQLError."""


@dataclass(frozen=True, slots=True)
class _Carved:
    records: Sequence[BatchRecord]
    lanes: Sequence[LaneNote]
    session: SessionNote | None

    @classmethod
    def from_files(cls, database: bytes, wal: bytes) -> "_Carved":
        """Records and session from everywhere; a lane's counter only from what was committed: behind the last commit mark stands what a
        power cut tore off, and a counter without its batch would be taken for a loss. A sound batch tells its place itself."""
        everything = cls.of(list(carve(database, wal)))
        committed = committed_part(wal)
        if len(committed) == len(wal):
            return everything
        return cls(everything.records, cls.of(list(carve(database, committed))).lanes, everything.session)

    @classmethod
    def of(cls, found: Sequence[Found]) -> "_Carved":
        records = {(item.head.epoch, item.head.lane, item.head.seq): item for item in found if isinstance(item, BatchRecord)}
        lanes: dict[tuple[bytes, int], LaneNote] = {}
        for note in found:
            if isinstance(note, LaneNote):
                held = lanes.setdefault((note.epoch, note.lane), note)
                if (note.next_seq, note.acked_through) > (held.next_seq, held.acked_through):
                    lanes[note.epoch, note.lane] = note
        sessions = [note for note in found if isinstance(note, SessionNote)]
        return cls(list(records.values()), list(lanes.values()), max(sessions, key=lambda note: note.count, default=None))

    @property
    def empty(self) -> bool:
        return not self.records and not self.lanes and self.session is None


def load_segments(files: SpoolFiles, events: SpoolEvents) -> Sequence[SegmentContent]:
    """Content of every segment that is worth keeping, oldest first; all of them are open afterwards."""
    names = files.found()
    newest = {name.lane_class: name for name in names}
    contents: list[SegmentContent] = []
    for name in names:
        contents.extend(_load(files, name, newest[name.lane_class] == name, events))
    if names:
        files.disk.sync_directory()
    return sorted(contents, key=lambda content: content.name.number)


def _load(files: SpoolFiles, name: SegmentName, whole: bool, events: SpoolEvents) -> list[SegmentContent]:
    try:
        files.make_durable(name)
        segment = Segment.open(files.disk, name)
    except (*DAMAGE, OSError) as error:
        return _rescue(files, name, str(error), whole, events)
    try:
        if segment.empty:
            return _load_empty(files, segment, whole, events)
        segment.check_schema()
        tail = _lost_tail(files, segment)
        if whole:
            segment.check()
        content = _content(segment)
    except DAMAGE as error:
        segment.close()
        return _rescue(files, name, str(error), whole, events)
    except BaseException:
        segment.close()
        raise
    files.adopt(segment)
    return [content, *_rescue_tail(files, segment, content, tail, events)]


def _load_empty(files: SpoolFiles, segment: Segment, whole: bool, events: SpoolEvents) -> list[SegmentContent]:
    """Either its creation was cut short, or a flipped bit in the log hides every commit from SQLite."""
    hidden = _lost_tail(files, segment)
    segment.close()
    if hidden is not None and not hidden.empty:
        return _rescue(files, segment.name, "its log is damaged from the beginning", whole, events)
    files.delete(segment.name)
    return []


def _content(segment: Segment) -> SegmentContent:
    heads: list[tuple[int, BatchHead]] = [(row, head) for row, head in segment.heads() if head is not None]
    notes, damaged = segment.notes()
    return SegmentContent(segment.name, heads, notes, damaged > 0)


def _rescue(files: SpoolFiles, name: SegmentName, reason: str, was_newest: bool, events: SpoolEvents) -> list[SegmentContent]:
    """Everything sound of a file that SQLite refuses, in a new segment; the old one goes aside."""
    database, wal = (files.disk.read(file) if files.disk.size(file) else b"" for file in (name.file, name.file + WAL_SUFFIX))
    carved = _Carved.from_files(database, wal)
    events.segment_damaged(name, reason, len(carved.records))
    contents = [] if carved.empty else [_write(files, name, carved, notes_damaged=was_newest)]
    files.set_aside(name)
    files.disk.sync_directory()
    return contents


def _lost_tail(files: SpoolFiles, segment: Segment) -> _Carved | None:
    """Commits that hide behind a flipped bit of the log. They must be read before anything is written over them."""
    if not segment.lost_frames():
        return None
    return _Carved.from_files(files.disk.read(segment.name.file), files.disk.read(segment.name.file + WAL_SUFFIX))


def _rescue_tail(
    files: SpoolFiles, segment: Segment, content: SegmentContent, tail: _Carved | None, events: SpoolEvents
) -> list[SegmentContent]:
    if tail is None:
        return []
    held = {(head.epoch, head.lane, head.seq) for _, head in content.heads}
    fresh = [record for record in tail.records if (record.head.epoch, record.head.lane, record.head.seq) not in held]
    notes = [note for note in tail.lanes if note not in content.notes]
    rescued = _Carved(fresh, notes, tail.session if tail.session not in content.notes else None)
    contents = []
    if not rescued.empty:
        events.log_tail_rescued(segment.name, len(fresh))
        contents = [_write(files, segment.name, rescued, notes_damaged=False)]
    segment.checkpoint()
    return contents


def _write(files: SpoolFiles, source: SegmentName, carved: _Carved, notes_damaged: bool) -> SegmentContent:
    segment = files.create(source.lane_class)
    heads: list[tuple[int, BatchHead]] = []
    with segment.transaction():
        for record in carved.records:
            heads.append((segment.insert(encode_batch(record)), record.head))
        for note in carved.lanes:
            segment.put_lane(note.lane, encode_lane(note))
        if carved.session is not None:
            segment.put_session(encode_session(carved.session))
    notes: list[LaneNote | SessionNote] = list(carved.lanes)
    if carved.session is not None:
        notes.append(carved.session)
    return SegmentContent(segment.name, heads, notes, notes_damaged)
