"""How the end of a database dump tells that it is whole.

| What made it | Begins | Whole when |
|---|---|---|
| pg_dump, plain | a comment `PostgreSQL database dump` | it ends with `PostgreSQL database dump complete` |
| pg_dumpall | `PostgreSQL database cluster dump` | it ends with `PostgreSQL database cluster dump complete` |
| pg_dump, custom | `PGDMP` | the archive has no end mark: its beginning and its compression are checked |
| mysqldump, mariadb-dump | `MySQL dump`, `MariaDB dump` | it ends with `Dump completed` |
| SQL Server `BACKUP` | a block `TAPE` (Microsoft Tape Format) | a block `ESET`, the end of the set, is among the last ones |

Compressed ones (gzip, bzip2, xz) are read through, which also tests their checksums.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

HEAD_OCTETS = 4096
TAIL_OCTETS = 256 * 1024
STEP_OCTETS = 1024 * 1024
MTF_BLOCK_OCTETS = 512

POSTGRESQL, MYSQL, MSSQL = "postgresql", "mysql", "mssql"


@dataclass(frozen=True, slots=True)
class Ends:
    """First and last octets of what was dumped. `broken`: why it could not be read to its end."""

    head: bytes
    tail: bytes
    is_whole_read: bool = True
    broken: str | None = None


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


# Closing them is left to whoever opened the file beneath: they hold nothing else.
OPENERS: Mapping[bytes, Callable[[BinaryIO], _Readable]] = {
    b"\x1f\x8b": lambda file: cast(_Readable, gzip.GzipFile(fileobj=file)),
    b"BZh": lambda file: cast(_Readable, bz2.BZ2File(file)),
    b"\xfd7zXZ\x00": lambda file: cast(_Readable, lzma.LZMAFile(file)),  # noqa: SIM115
}


def opener(head: bytes) -> Callable[[BinaryIO], _Readable] | None:
    return next((made for magic, made in OPENERS.items() if head.startswith(magic)), None)


def read_through(file: BinaryIO, unpack: Callable[[BinaryIO], _Readable], may_go_on: Callable[[], bool]) -> Ends:
    """Unpack to the end, keep both ends. Stops when `may_go_on` says so: nothing is then known of the end."""
    head, tail = b"", b""
    try:
        packed = unpack(file)
        while part := packed.read(STEP_OCTETS):
            head = (head + part)[:HEAD_OCTETS]
            tail = (tail + part)[-TAIL_OCTETS:]
            if not may_go_on():
                return Ends(head, b"", is_whole_read=False)
    except EOFError:
        return Ends(head, tail, broken="its compression ends in the middle: the dump is cut off")
    except (OSError, zlib.error, lzma.LZMAError) as error:
        return Ends(head, tail, broken=f"its compression is damaged: {error}")
    return Ends(head, tail)


def engine_of(head: bytes) -> str | None:
    """By how it begins; None for what no engine here writes."""
    text = head[:HEAD_OCTETS]
    if text.startswith(b"PGDMP") or b"PostgreSQL database" in text:
        return POSTGRESQL
    if b"MySQL dump" in text or b"MariaDB dump" in text:
        return MYSQL
    return MSSQL if text.startswith(b"TAPE") else None


def shortfall(engine: str, ends: Ends) -> str | None:
    """Why the dump is not whole; None when it is, or when nothing speaks against it."""
    if ends.broken:
        return ends.broken
    if not ends.is_whole_read:
        return None
    return _CHECKS[engine](ends)


def _postgresql(ends: Ends) -> str | None:
    if ends.head.startswith(b"PGDMP"):
        return None
    is_cluster = b"PostgreSQL database cluster dump" in ends.head
    mark = b"-- PostgreSQL database cluster dump complete" if is_cluster else b"-- PostgreSQL database dump complete"
    return None if mark in ends.tail else f"it does not end with {mark.decode()!r}: the dump is cut off"


def _mysql(ends: Ends) -> str | None:
    return None if b"-- Dump completed" in ends.tail else "it does not end with '-- Dump completed': the dump is cut off"


def _mssql(ends: Ends) -> str | None:
    if not ends.head.startswith(b"TAPE"):
        return "it does not begin as a backup of SQL Server"
    blocks = range(len(ends.tail) % MTF_BLOCK_OCTETS, len(ends.tail), MTF_BLOCK_OCTETS)
    is_ended = any(ends.tail[start : start + 4] == b"ESET" for start in blocks)
    return None if is_ended else "its last blocks hold no end of set (ESET): the backup is cut off"


_CHECKS: Mapping[str, Callable[[Ends], str | None]] = {POSTGRESQL: _postgresql, MYSQL: _mysql, MSSQL: _mssql}
