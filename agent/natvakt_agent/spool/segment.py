"""One file of the spool: a SQLite database in WAL mode with synchronous=FULL, both set and read back.

A segment holds records of one lane class. Rows are only added; a segment goes as a whole, by unlink. Its notes (lane counters, session)
are written in the transaction of the batch they belong to.

    batch(id INTEGER PRIMARY KEY, record BLOB)   framed records, see `records`
    note(id INTEGER PRIMARY KEY, record BLOB)    0 and 1: session, twice against bit rot; 2 + lane: that lane's counters

Checkpoints are made here on purpose and never by SQLite itself: SQLite drops their errors, and an fsync that failed once must not be asked
again on the same file (promise 8). SQLite's locks are exclusive, so no shared-memory file is needed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import apsw
from natvakt_wire.envelope import LaneClass

from natvakt_agent.model.delivery import BatchHead
from natvakt_agent.spool.disk import Disk
from natvakt_agent.spool.records import (
    HEAD_BYTES,
    BatchRecord,
    DamagedRecord,
    LaneNote,
    SessionNote,
    decode_batch,
    decode_head,
    decode_note,
)
from natvakt_agent.spool.salvage import PAGE_BYTES, wal_frames

SUFFIX = ".db"
WAL_SUFFIX = "-wal"
_FORMAT = 1
_TABLES = {
    "batch": (2, "CREATE TABLE batch(id INTEGER PRIMARY KEY, record BLOB NOT NULL)"),
    "note": (3, "CREATE TABLE note(id INTEGER PRIMARY KEY, record BLOB NOT NULL)"),
}
"""Name, root page and text of each table, as SQLite files them in a new database."""

_SESSION_ROWS = (0, 1)
_FIRST_LANE_ROW = 2
_CACHE_KIB = 256


@dataclass(frozen=True, slots=True)
class SegmentName:
    """`metrics-00000007.db`; numbers rise over all classes, so the newest word on anything is in the highest."""

    lane_class: LaneClass
    number: int

    @property
    def file(self) -> str:
        return f"{self.lane_class}-{self.number:08d}{SUFFIX}"

    @classmethod
    def parse(cls, file: str) -> "SegmentName | None":
        stem, dash, number = file.removesuffix(SUFFIX).partition("-")
        if not file.endswith(SUFFIX) or not dash or not number.isdigit() or stem not in tuple(LaneClass):
            return None
        return cls(LaneClass(stem), int(number))


class Segment:
    """An open file. Every method may raise apsw.FullError, apsw.IOError, apsw.CorruptError and their kin."""

    def __init__(self, disk: Disk, name: SegmentName, connection: apsw.Connection) -> None:
        self.name = name
        self.names_synced = False
        self._disk = disk
        self._connection = connection
        self._file = name.file
        self._wal_file = name.file + WAL_SUFFIX

    @classmethod
    def create(cls, disk: Disk, name: SegmentName) -> "Segment":
        segment = cls._connect(disk, name, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
        try:
            with segment.transaction():
                segment._connection.execute("; ".join((f"PRAGMA user_version={_FORMAT}", *(text for _, text in _TABLES.values()))))
        except BaseException:
            segment.close()
            raise
        return segment

    @classmethod
    def open(cls, disk: Disk, name: SegmentName) -> "Segment":
        return cls._connect(disk, name, apsw.SQLITE_OPEN_READWRITE)

    @classmethod
    def _connect(cls, disk: Disk, name: SegmentName, flags: int) -> "Segment":
        connection = apsw.Connection(disk.path(name.file), flags=flags, vfs=disk.vfs)
        try:
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            connection.wal_autocheckpoint(0)
            connection.execute(
                f"PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-{_CACHE_KIB}; PRAGMA trusted_schema=OFF; PRAGMA page_size={PAGE_BYTES}"
            )
            journal = connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            synchronous = connection.pragma("synchronous")
            if journal != "wal" or synchronous != 2:
                raise apsw.CantOpenError(f"{name.file}: journal_mode {journal}, synchronous {synchronous}; wal and 2 are needed")
        except BaseException:
            with suppress(apsw.Error):
                connection.close()
            raise
        return cls(disk, name, connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits, with the names of new files forced to the platter before it returns, or rolls back."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                with suppress(apsw.Error):
                    self._connection.execute("ROLLBACK")
            raise
        if not self.names_synced:
            self._disk.sync_directory()
            self.names_synced = True

    def insert(self, record: bytes) -> int:
        """Row number of the new record. Call it inside `transaction`."""
        self._connection.execute("INSERT INTO batch(record) VALUES (?)", (record,))
        return self._connection.last_insert_rowid()

    def put_lane(self, lane: int, note: bytes) -> None:
        self._connection.execute("REPLACE INTO note(id, record) VALUES (?, ?)", (_FIRST_LANE_ROW + lane, note))

    def put_session(self, note: bytes) -> None:
        for row in _SESSION_ROWS:
            self._connection.execute("REPLACE INTO note(id, record) VALUES (?, ?)", (row, note))

    def heads(self) -> Iterator[tuple[int, BatchHead | None]]:
        """Row number and head of every record, without touching the sealed bytes; None for a damaged head."""
        rows = [row for (row,) in self._connection.execute("SELECT id FROM batch ORDER BY id")]
        for row in rows:
            yield row, self._head(row)

    def _head(self, row: int) -> BatchHead | None:
        """A blob opened for each row: a value that a flipped bit made no blob (`SQLError`) closes the handle it was reached through."""
        try:
            with self._connection.blob_open("main", "batch", "record", row, False) as blob:
                octets = blob.read(HEAD_BYTES)
            return decode_head(octets)
        except (DamagedRecord, apsw.SQLError):
            return None

    def record(self, row: int) -> BatchRecord:
        """The whole record, its SHA-256 verified. Raises DamagedRecord."""
        for (data,) in self._connection.execute("SELECT CAST(record AS BLOB) FROM batch WHERE id = ?", (row,)):
            return decode_batch(_blob(data))
        raise DamagedRecord(f"row {row} of {self.name.file} is gone")

    def notes(self) -> tuple[Sequence[LaneNote | SessionNote], int]:
        """The sound notes, and how many are damaged."""
        sound: list[LaneNote | SessionNote] = []
        damaged = 0
        for (data,) in self._connection.execute("SELECT CAST(record AS BLOB) FROM note ORDER BY id"):
            try:
                sound.append(decode_note(_blob(data)))
            except DamagedRecord:
                damaged += 1
        return sound, damaged

    @property
    def empty(self) -> bool:
        """A file whose creation was cut short: sound, and without tables."""
        return self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)

    def check_schema(self) -> None:
        """A flipped bit in the schema can leave one that SQLite accepts and that finds other rows, or none: apsw.CorruptError."""
        rows = self._connection.execute("SELECT CAST(name AS BLOB), rootpage, CAST(sql AS BLOB) FROM sqlite_master").fetchall()
        expected = [(name.encode(), root, text.encode()) for name, (root, text) in _TABLES.items()]
        if rows != expected:
            raise apsw.CorruptError(f"{self.name.file}: its tables are {rows}, expected {expected}")

    def check(self) -> None:
        """SQLite's quick_check; raises apsw.CorruptError with its first complaint."""
        for (complaint,) in self._connection.execute("PRAGMA quick_check(1)"):
            if complaint != "ok":
                raise apsw.CorruptError(f"{self.name.file}: {complaint}")

    def lost_frames(self) -> bool:
        """True when the log holds frames that SQLite did not take up: a torn tail, or a flipped bit that hides sound commits behind it."""
        frames, _ = self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)
        return wal_frames(self.wal_bytes) > max(frames, 0)

    @property
    def wal_bytes(self) -> int:
        return self._disk.size(self._wal_file)

    @property
    def bytes_on_disk(self) -> int:
        return self._disk.size(self._file) + self.wal_bytes

    def checkpoint(self) -> None:
        """Move the log into the database file and empty it."""
        self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def close(self) -> None:
        with suppress(apsw.Error):
            self._connection.close()


def _blob(value: object) -> bytes:
    """A flipped bit in a row's header can turn a blob into anything that SQLite stores: text is read as its octets, the rest is none."""
    if not isinstance(value, bytes):
        raise DamagedRecord(f"a record is stored as {type(value).__name__}")
    return value
