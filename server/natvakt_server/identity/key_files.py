"""Private keys are files: one key a file, mode 0600, written whole or not at all, never rows of a database."""

import os
import re
import stat
from pathlib import Path
from typing import Protocol

from natvakt_server.domain.refusal import Refusal

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,120}", re.ASCII)


class KeyFileError(Refusal):
    """A key file cannot be read, is readable by others, or cannot be written. The text names the file and the way out."""


class KeyFiles(Protocol):
    """A folder of secrets."""

    def read(self, name: str) -> bytes | None: ...
    def write(self, name: str, content: bytes) -> None:
        """Durable when it returns. An existing file is replaced."""
        ...

    def create(self, name: str, content: bytes) -> bytes:
        """Write unless the name is taken; answers what the file holds now, so that two who create at once end with the same key."""
        ...

    def destroy(self, name: str) -> bool:
        """Overwrite and remove. False when there was none."""
        ...

    def names(self) -> list[str]: ...


class KeyDirectory:
    """`KeyFiles` in a real folder, created with mode 0700."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if os.name == "posix" and mode & 0o077:
                    raise KeyFileError(f"{path}: mode {mode:04o} lets others read it; chmod 0600 {path}")
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyFileError(f"{path}: cannot be read: {error.strerror}; check owner and mode") from error

    def write(self, name: str, content: bytes) -> None:
        draft = self._draft(name, content)
        draft.replace(self._path(name))
        self._sync_folder()

    def create(self, name: str, content: bytes) -> bytes:
        draft = self._draft(name, content)
        try:
            self._path(name).hardlink_to(draft)
        except FileExistsError:
            return self.read(name) or content
        finally:
            draft.unlink()
        self._sync_folder()
        return content

    def destroy(self, name: str) -> bool:
        path = self._path(name)
        try:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return False
        path.unlink()
        self._sync_folder()
        return True

    def names(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise KeyFileError(f"{name[:80]!r} is no name of a key file: use a-z, 0-9, '.' and '-'")
        return self._folder / name

    def _draft(self, name: str, content: bytes) -> Path:
        path = self._path(name)
        draft = path.with_name(f"_{name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if self._folder.is_dir():
                draft.unlink(missing_ok=True)
            raise KeyFileError(f"{path}: cannot be written: {error.strerror}; check owner, mode and space of {self._folder}") from error
        return draft

    def _sync_folder(self) -> None:
        if os.name != "posix":
            return
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
