"""Carve whole records out of the raw bytes of a damaged SQLite file.

SQLite stops where its structure is broken: one flipped bit in an interior page, or in the log, hides thousands of sound rows. Records of
the spool check themselves (see `records`), so they can be found by their magic word in any page image and trusted when their SHA-256 fits.

Needed of the file format (sqlite.org/fileformat2.html): a table row's payload is a record header and the columns; what does not fit the
leaf page (section 1.6) continues in a chain of overflow pages, each starting with the number of the next. The log (section 4) holds page
images behind 24 bytes of frame header. Nothing else is read: no page header, no cell pointer, no schema.
"""

from collections.abc import Iterator

from natvakt_agent.spool.records import (
    BATCH_MAGIC,
    HEAD_BYTES,
    LANE_MAGIC,
    SESSION_MAGIC,
    BatchRecord,
    DamagedRecord,
    LaneNote,
    SessionNote,
    decode_batch,
    decode_head,
    decode_note,
    record_bytes,
)

PAGE_BYTES = 4096
WAL_HEADER_BYTES = 32
WAL_FRAME_BYTES = 24 + PAGE_BYTES

_MAX_LOCAL = PAGE_BYTES - 35
_MIN_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
_OVERFLOW_BYTES = PAGE_BYTES - 4

Found = BatchRecord | LaneNote | SessionNote


def wal_frames(wal_bytes: int) -> int:
    """How many frames a log of that size has begun."""
    return max(0, -(-(wal_bytes - WAL_HEADER_BYTES) // WAL_FRAME_BYTES))


def committed_part(wal: bytes) -> bytes:
    """The log up to its last commit mark. What a power cut tore off behind it was never reported durable and must not count as lost."""
    end = 0
    for start in range(WAL_HEADER_BYTES, len(wal) - WAL_FRAME_BYTES + 1, WAL_FRAME_BYTES):
        if wal[start + 4 : start + 8] != bytes(4):
            end = start + WAL_FRAME_BYTES
    return wal[:end]


def carve(database: bytes, wal: bytes) -> Iterator[Found]:
    """Every sound record, older images first; the same record may come more than once."""
    pages = _latest_pages(database, wal)
    for image in _images(database, wal):
        for magic in (SESSION_MAGIC, LANE_MAGIC, BATCH_MAGIC):
            start = image.find(magic)
            while start >= 0:
                found = _record_at(image, start, pages) if magic == BATCH_MAGIC else _note_at(image, start)
                if found is not None:
                    yield found
                start = image.find(magic, start + 1)


def _images(database: bytes, wal: bytes) -> Iterator[bytes]:
    for start in range(0, len(database), PAGE_BYTES):
        yield database[start : start + PAGE_BYTES]
    for start in range(WAL_HEADER_BYTES, len(wal), WAL_FRAME_BYTES):
        yield wal[start + 24 : start + WAL_FRAME_BYTES]


def _latest_pages(database: bytes, wal: bytes) -> dict[int, bytes]:
    """Page images of the log by page number, the last one wins; pages that are only in the database are added on the way."""
    pages = {number + 1: database[start : start + PAGE_BYTES] for number, start in enumerate(range(0, len(database), PAGE_BYTES))}
    for start in range(WAL_HEADER_BYTES, len(wal), WAL_FRAME_BYTES):
        image = wal[start + 24 : start + WAL_FRAME_BYTES]
        if len(image) == PAGE_BYTES:
            pages[int.from_bytes(wal[start : start + 4], "big")] = image
    return pages


def _note_at(image: bytes, start: int) -> LaneNote | SessionNote | None:
    try:
        return decode_note(image[start:])
    except DamagedRecord:
        return None


def _record_at(image: bytes, start: int, pages: dict[int, bytes]) -> BatchRecord | None:
    try:
        head = decode_head(image[start : start + HEAD_BYTES])
        return decode_batch(_payload(image, start, record_bytes(head), pages))
    except DamagedRecord:
        return None


def _payload(image: bytes, start: int, size: int, pages: dict[int, bytes]) -> bytes:
    """`size` bytes of the row's blob that begins at `start` of a leaf page, gathered along its overflow chain."""
    record_header_bytes = 2 + _varint_bytes(2 * size + 12)
    local = _local_bytes(record_header_bytes + size) - record_header_bytes
    if local >= size:
        return image[start : start + size]
    parts = [image[start : start + local]]
    following = int.from_bytes(image[start + local : start + local + 4], "big")
    missing = size - local
    while missing > 0 and following in pages:
        page = pages[following]
        parts.append(page[4 : 4 + min(missing, _OVERFLOW_BYTES)])
        missing -= _OVERFLOW_BYTES
        following = int.from_bytes(page[:4], "big")
    return b"".join(parts)


def _local_bytes(payload: int) -> int:
    if payload <= _MAX_LOCAL:
        return payload
    wanted = _MIN_LOCAL + (payload - _MIN_LOCAL) % _OVERFLOW_BYTES
    return wanted if wanted <= _MAX_LOCAL else _MIN_LOCAL


def _varint_bytes(value: int) -> int:
    return max(1, -(-value.bit_length() // 7))
