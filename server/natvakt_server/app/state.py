"""The server's folder of state: where each thing lies, and that only one server of a kind uses it."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from natvakt_server.domain.refusal import Refusal

DEFAULT_STATE = Path("/var/lib/natvakt")
STATE_VARIABLE = "NATVAKT_STATE_DIR"


class StateError(Refusal):
    """Names the folder, what is wrong with it and the way out."""


@dataclass(frozen=True, slots=True)
class StatePaths:
    """`root` is the parent that agent and server may share; the server's own folder is `server` in it."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "server"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def gateway(self) -> Path:
        """What the worker leaves for the gateway, which reads nothing else here."""
        return self.folder / "gateway"

    @property
    def console(self) -> Path:
        """What the worker leaves for the console, which reads no other secret here."""
        return self.folder / "console"

    @property
    def database(self) -> Path:
        return self.folder / "estate.sqlite"

    @property
    def series(self) -> Path:
        return self.folder / "series.duckdb"

    @property
    def exists(self) -> bool:
        return (self.folder / "initialised").is_file()

    def create(self) -> None:
        """Make the folders, for this user only. Raises StateError."""
        self._make(self.folder, self.keys, self.gateway, self.console)

    def create_for_gateway(self) -> None:
        """A gateway on a machine of its own has no `init`: nothing here is its to make but the folder. Raises StateError."""
        self._make(self.folder, self.gateway)

    def create_for_console(self) -> None:
        """A console on a machine of its own. Raises StateError."""
        self._make(self.folder, self.console)

    def _make(self, *folders: Path) -> None:
        try:
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StateError(
                f"{self.folder}: cannot be made: {error.strerror}; check the owner of {self.root}, or set {STATE_VARIABLE}"
            ) from error

    def mark_initialised(self) -> None:
        (self.folder / "initialised").touch(mode=0o600)

    def require(self) -> None:
        if not self.exists:
            raise StateError(f"{self.folder} is no server's state yet; run `natvakt-server init` first (or set {STATE_VARIABLE})")


class FolderLock:
    """Held for as long as a process serves from a state folder: a second start is refused, not joined."""

    def __init__(self, folder: Path, role: str) -> None:
        self._path = folder / f"{role}.lock"
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Raises StateError naming the process that holds it."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateError(f"{self._path}: cannot be opened: {error.strerror}; check owner and mode of the state folder") from error
        file = os.fdopen(descriptor, "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read().strip() or "unknown"
            file.close()
            raise StateError(
                f"{self._path}: another server (process {holder}) uses this state; stop it, or give this one its own {STATE_VARIABLE}"
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
