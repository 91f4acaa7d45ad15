"""From a backup to a server: into an empty place, whole or not at all.

Sessions and one-time links of the time of the backup are ended: what was revoked since would hold again. Agents need nobody's help: the
marks that the restored server shows are behind what they were told, so they send the rest again (promise 27).
"""

import json
import re
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import zstandard
from natvakt_wire.seal import RecipientPrivateKey

from natvakt_server.app.server_backup.making import MANIFEST, SCHEMA, BackupFailed
from natvakt_server.app.state import StatePaths
from natvakt_server.identity.backup_seal import OpeningReader

_NAMES = re.compile(r"manifest\.json|estate\.sqlite|series\.duckdb(\.wal)?|keys/[a-z0-9][a-z0-9.-]{0,120}", re.ASCII)
LONGEST_MANIFEST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    version: str
    made_at: str
    revision: str
    database: bool
    series: bool
    files: Mapping[str, int]


def verify(source: Path, opener: RecipientPrivateKey) -> Manifest:
    """Reads and opens everything and keeps nothing. Raises BackupFailed, CannotOpenBackup."""
    return _unpack(source, opener, None)


def restore(source: Path, opener: RecipientPrivateKey, paths: StatePaths) -> Manifest:
    """Files in their places, the folder not yet marked as a server. Raises BackupFailed, CannotOpenBackup, StateError."""
    if paths.folder.exists() and any(paths.folder.iterdir()):
        raise BackupFailed(f"{paths.folder} is not empty: a server is restored into an empty place; move it aside first")
    draft = paths.folder.with_name(f"{paths.folder.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        (draft / "keys").mkdir(parents=True, mode=0o700)
        draft.chmod(0o700)
        manifest = _unpack(source, opener, draft)
        if paths.folder.exists():
            paths.folder.rmdir()
        draft.replace(paths.folder)
    except OSError as error:
        raise BackupFailed(
            f"{paths.folder}: cannot be written: {error.strerror or error}; check space and owner of {paths.root}"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    paths.create()
    return manifest


def _unpack(source: Path, opener: RecipientPrivateKey, folder: Path | None) -> Manifest:
    """Into `folder`, or nowhere."""
    found: dict[str, int] = {}
    manifest: Manifest | None = None
    try:
        with source.open("rb") as file:
            reader = OpeningReader(cast("Any", file), opener)
            unpacked = zstandard.ZstdDecompressor().stream_reader(cast("IO[bytes]", reader))
            with tarfile.open(fileobj=unpacked, mode="r|") as archive:
                for member in archive:
                    content = archive.extractfile(member) if member.isreg() and _NAMES.fullmatch(member.name) else None
                    if content is None:
                        raise BackupFailed(f"{source}: holds {member.name[:80]!r}, which no backup has; take another copy of it")
                    if manifest is None:
                        manifest = _manifest(source, member.name, content.read(LONGEST_MANIFEST_BYTES))
                        continue
                    found[member.name] = _keep(content, folder / member.name if folder else None)
            reader.read()  # the last chunk says that nothing is cut off
    except (tarfile.TarError, zstandard.ZstdError) as error:
        raise BackupFailed(f"{source}: opens, and is not whole inside: {error}; take another copy of it") from error
    except OSError as error:
        raise BackupFailed(f"{source}: cannot be read: {error.strerror or error}") from error
    if manifest is None or found != manifest.files:
        raise BackupFailed(f"{source}: files are missing inside; take another copy of it")
    return manifest


def _keep(content: IO[bytes], target: Path | None) -> int:
    if target is None:
        octets = 0
        while piece := content.read(1 << 20):
            octets += len(piece)
        return octets
    target.touch(mode=0o600)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
        return file.tell()


def _manifest(source: Path, name: str, content: bytes) -> Manifest:
    try:
        told = json.loads(content) if name == MANIFEST else {}
        if told.get("schema") != SCHEMA:
            raise BackupFailed(f"{source}: is of another kind ({told.get('schema')!r}); restore it with the version that made it")
        return Manifest(
            str(told["version"]),
            str(told["made_at"]),
            str(told["revision"]),
            bool(told["database"]),
            bool(told["series"]),
            dict(told["files"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupFailed(f"{source}: its manifest cannot be read; take another copy of it") from error
