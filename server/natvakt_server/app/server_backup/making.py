"""A backup of the server itself: one sealed file with database, time series and keys.

The database is copied before the time series. What came in between then has its points without its row of the ledger: a restored server
asks the agents for it again, and the same points are written over themselves. The other way round points would be missing for good.
"""

import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, Protocol, cast

import zstandard
from natvakt_wire.seal import RecipientPublicKey
from sqlalchemy import Engine

from natvakt_server.app.state import StatePaths
from natvakt_server.domain.refusal import Refusal
from natvakt_server.identity.backup_seal import SealingWriter
from natvakt_server.store.estate.copying import copy_database

SCHEMA, MANIFEST, KEYS = "natvakt.backup/1", "manifest.json", "keys"
COMPRESSION_LEVEL = 6


class BackupFailed(Refusal):
    """Names the file, the reason and the way out."""


class CopyableSeries(Protocol):
    def copy_to(self, folder: Path) -> Sequence[Path]: ...


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes in. None: it is another's to save (PostgreSQL, InfluxDB), and the manifest says so."""

    paths: StatePaths
    engine: Engine | None
    series: CopyableSeries | None
    revision: str
    version: str


def make_backup(contents: Contents, target: Path, recipient: RecipientPublicKey, made_ns: int, random: Callable[[int], bytes]) -> int:
    """The file is there whole or not at all. Answers its octets. Raises BackupFailed, BadDatabase, SeriesUnavailable."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(prefix="natvakt-backup-", dir=contents.paths.folder) as name, _created(draft) as file:
            parts = _collect(contents, Path(name), made_ns)
            _pack(parts, SealingWriter(file, recipient, random))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        return target.stat().st_size
    except OSError as error:
        raise BackupFailed(f"{target}: cannot be written: {error.strerror or error}; check space and owner of {target.parent}") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _created(path: Path) -> Iterator[BinaryIO]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file


def _collect(contents: Contents, folder: Path, made_ns: int) -> Sequence[tuple[str, Path]]:
    """Names in the backup and where they lie, the manifest first."""
    found: list[tuple[str, Path]] = []
    if contents.engine is not None:
        copy_database(contents.engine, folder / contents.paths.database.name)
        found.append((contents.paths.database.name, folder / contents.paths.database.name))
    if contents.series is not None:
        found.extend((path.name, path) for path in contents.series.copy_to(folder))
    found.extend((f"{KEYS}/{path.name}", path) for path in sorted(contents.paths.keys.iterdir()) if path.is_file() and path.name[0] != "_")
    manifest = {
        "schema": SCHEMA,
        "version": contents.version,
        "made_at": datetime.fromtimestamp(made_ns // 10**9, UTC).isoformat(),
        "revision": contents.revision,
        "database": contents.engine is not None,
        "series": contents.series is not None,
        "files": {name: path.stat().st_size for name, path in found},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    return [(MANIFEST, folder / MANIFEST), *found]


def _pack(parts: Sequence[tuple[str, Path]], sealing: SealingWriter) -> None:
    compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL)
    with compressor.stream_writer(cast("IO[bytes]", sealing), closefd=False) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for name, path in parts:
            archive.add(path, name, recursive=False)
    sealing.finish()
