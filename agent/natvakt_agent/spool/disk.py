"""The spool's disk: SQLite reaches it through a VFS, the rest (names, renames, reserve, lock) through this port.

Tests hand in a simulated disk that tears, forgets and lies; production hands in `LocalDisk`, which uses SQLite's own VFS.
"""

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from natvakt_agent.model.delivery import SpoolRefused

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_CHUNK_BYTES = 1024 * 1024
LOCK_NAME = "spool.lock"


class Disk(Protocol):
    """Files of one folder, by name. Everything raises OSError like the system call it stands for."""

    @property
    def vfs(self) -> str | None:
        """Name of the registered SQLite VFS; None for SQLite's default."""
        ...

    @property
    def place(self) -> str:
        """How the folder is called in messages."""
        ...

    def lock(self) -> None:
        """Take the folder for this process, check that it can be used; SpoolRefused when not."""
        ...

    def unlock(self) -> None: ...
    def path(self, name: str) -> str:
        """What SQLite is to be given for `name`."""
        ...

    def names(self) -> Sequence[str]: ...
    def size(self, name: str) -> int:
        """Bytes of the file; 0 when it is not there."""
        ...

    def read(self, name: str) -> bytes: ...
    def rename(self, old: str, new: str) -> None: ...
    def delete(self, name: str) -> None:
        """A file that is not there is as good as deleted."""
        ...

    def allocate(self, name: str, size_bytes: int) -> None:
        """Create the file with its blocks really taken; nothing remains of it on failure."""
        ...

    def replace(self, name: str, content: bytes) -> None:
        """Write a small file so that readers see the old or the new one. Not forced to the platter."""
        ...

    def sync_file(self, name: str) -> None:
        """What was written to the file so far survives a power cut, whoever wrote it. Not for files that SQLite has open."""
        ...

    def sync_directory(self) -> None:
        """Names created, renamed and deleted so far survive a power cut."""
        ...


class LocalDisk:
    """A folder of the host. It is never created here: a missing mount must not become a spool in memory or on the root disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock_descriptor: int | None = None

    @property
    def vfs(self) -> str | None:
        return None

    @property
    def place(self) -> str:
        return str(self._folder)

    def lock(self) -> None:
        self._check_folder()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        try:
            descriptor = os.open(self._folder / LOCK_NAME, flags, 0o600)
        except OSError as error:
            raise self._not_writable(error) from error
        try:
            _lock_descriptor(descriptor)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        except OSError as error:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() if error.errno in (errno.EAGAIN, errno.EACCES) else ""
            os.close(descriptor)
            if error.errno in (errno.EAGAIN, errno.EACCES):
                raise SpoolRefused(
                    self.place,
                    f"another agent (process {holder or 'unknown'}) uses it",
                    "stop that agent first, or give this one another state_dir",
                ) from error
            raise self._not_writable(error) from error
        self._lock_descriptor = descriptor

    def unlock(self) -> None:
        if self._lock_descriptor is not None:
            os.close(self._lock_descriptor)
            self._lock_descriptor = None

    def _check_folder(self) -> None:
        try:
            status = self._folder.stat()
        except OSError as error:
            raise SpoolRefused(
                self.place, f"the folder cannot be reached ({error.strerror})", f"create it with: install -d -m 0700 {self.place}"
            ) from error
        if not self._folder.is_dir():
            raise SpoolRefused(self.place, "it is not a folder", "move the file away and create a folder of mode 0700")
        if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
            raise SpoolRefused(
                self.place,
                f"it belongs to user {status.st_uid}, the agent runs as user {os.geteuid()}",
                f"chown it: chown -R {os.geteuid()} {self.place}",
            )

    def _not_writable(self, error: OSError) -> SpoolRefused:
        return SpoolRefused(
            self.place,
            f"it cannot be written ({error.strerror})",
            "mount it read-write and let the agent's user own it; nothing is kept in memory instead",
        )

    def path(self, name: str) -> str:
        return str(self._folder / name)

    def names(self) -> Sequence[str]:
        return sorted(entry.name for entry in self._folder.iterdir())

    def size(self, name: str) -> int:
        try:
            return (self._folder / name).stat().st_size
        except FileNotFoundError:
            return 0

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def rename(self, old: str, new: str) -> None:
        (self._folder / old).replace(self._folder / new)

    def delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def allocate(self, name: str, size_bytes: int) -> None:
        target = self._folder / name
        try:
            with target.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, size_bytes)
                else:
                    for _ in range(0, size_bytes, _CHUNK_BYTES):
                        file.write(bytes(_CHUNK_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            target.unlink(missing_ok=True)
            raise

    def replace(self, name: str, content: bytes) -> None:
        fresh = self._folder / f"{name}.new"
        fresh.write_bytes(content)
        fresh.replace(self._folder / name)

    def sync_file(self, name: str) -> None:
        descriptor = os.open(self._folder / name, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_directory(self) -> None:
        if os.name == "nt":
            return  # NTFS journals its names itself; a folder cannot be opened for flushing
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _lock_descriptor(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
