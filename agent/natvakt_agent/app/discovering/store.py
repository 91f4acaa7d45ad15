"""Discovery's files in the state folder: what it remembers, and a lock so that two discoveries never ask the same devices at once."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from natvakt_agent.discovery.memory import MOST_BYTES, Memory, decoded, encoded
from natvakt_agent.vault.files import write_atomically

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

logger = logging.getLogger(__name__)


class DiscoveryBusy(Exception):
    """Another discovery runs on this state folder."""


class MemoryFile:
    """`path`: the memory; the lock lies beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Memory:
        """What is remembered; nothing where there is no file, and a word in the log where it cannot be understood."""
        try:
            if self._path.stat().st_size > MOST_BYTES:
                logger.error("discovery memory left aside path=%s reason=larger than %d bytes", self._path, MOST_BYTES)
                return Memory()
            memory = decoded(self._path.read_bytes())
        except FileNotFoundError:
            return Memory()
        except OSError as error:
            logger.error("discovery memory left aside path=%s reason=%s", self._path, error.strerror)
            return Memory()
        if memory is None:
            logger.error("discovery memory left aside path=%s reason=not understood; discovery begins anew", self._path)
            return Memory()
        return memory

    def write(self, memory: Memory) -> None:
        """Raises OSError."""
        write_atomically(self._path, encoded(memory))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock. Raises DiscoveryBusy, OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                _lock(descriptor)
            except OSError:
                raise DiscoveryBusy(
                    f"{self._path.parent}: another discovery is at work here; wait for it, or end it with Ctrl-C where it runs"
                ) from None
            yield
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
