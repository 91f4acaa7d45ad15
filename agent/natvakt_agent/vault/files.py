"""Small files that matter: written whole or not at all, and read only where nobody else can read them."""

import os
import stat
from pathlib import Path

from natvakt_agent.vault.errors import KeyUnavailable

MAX_SECRET_FILE_BYTES = 64 * 1024


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, mode 0600, durable when this returns. A crash leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_private(path: Path, what: str) -> bytes:
    """The content of a file that only its owner may read; /dev/fd/N and pipes are taken as they are.

    Raises KeyUnavailable for a missing file, wrong rights, another owner, a symbolic link or more than 64 KiB.
    """
    try:
        is_descriptor = path.parts[:3] == ("/", "dev", "fd") or str(path) == "/dev/stdin"
        descriptor = os.open(path, os.O_RDONLY if is_descriptor else os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise KeyUnavailable(f"{what} {path}: {error.strerror}; create it with mode 0600 or name another") from None
    try:
        if not is_descriptor:
            _refuse_shared(os.fstat(descriptor), path, what)
        content = _read_all(descriptor)
    finally:
        os.close(descriptor)
    if len(content) > MAX_SECRET_FILE_BYTES:
        raise KeyUnavailable(f"{what} {path}: is larger than {MAX_SECRET_FILE_BYTES} bytes; name the right file")
    return content


def _read_all(descriptor: int) -> bytes:
    """Up to one byte more than the limit; a pipe gives its content piece by piece."""
    content = b""
    while len(content) <= MAX_SECRET_FILE_BYTES and (piece := os.read(descriptor, MAX_SECRET_FILE_BYTES + 1 - len(content))):
        content += piece
    return content


def _refuse_shared(status: os.stat_result, path: Path, what: str) -> None:
    if os.name != "posix":
        return
    if not stat.S_ISREG(status.st_mode):
        raise KeyUnavailable(f"{what} {path}: is not a regular file; name one")
    if status.st_mode & 0o077:
        raise KeyUnavailable(f"{what} {path}: mode {stat.S_IMODE(status.st_mode):04o} lets others read it; chmod 0600 {path}")
    if status.st_uid not in (os.geteuid(), 0):
        raise KeyUnavailable(f"{what} {path}: belongs to user {status.st_uid}; chown it to the user the agent runs as")
