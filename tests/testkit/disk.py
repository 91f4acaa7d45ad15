"""A disk in memory that behaves like a bad one: the simulator's and the spool tests' stand-in for a folder.

It is a SQLite VFS and a `natvakt_agent.spool.disk.Disk` over the same files. Writes reach the page cache at once and the platter at `sync`;
names reach the platter at `sync_directory`. On top of that it can be told to

    kill        stop the process at the n-th call from now (kill -9: the page cache survives)
    power cut   forget writes that were not synced, keep some of them, tear the last one; forget names that were not synced
    flip        change one bit of a file
    fail        answer EIO once, or ENOSPC while more than `capacity_bytes` are in use

Randomness comes in from the outside, so a run is repeatable.
"""

import errno
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import apsw
from natvakt_agent.model.delivery import SpoolRefused

SECTOR_BYTES = 512
_vfs_numbers = itertools.count(1)


class ProcessKilled(BaseException):
    """The process that made this call is dead; nothing of it runs any more."""


@dataclass(slots=True)
class _Inode:
    cached: bytearray = field(default_factory=bytearray)
    platter: bytes = b""
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)  # (offset, data), or (size, None) for a truncation

    def write(self, data: bytes, offset: int) -> None:
        if offset > len(self.cached):
            self.cached.extend(bytes(offset - len(self.cached)))
        self.cached[offset : offset + len(data)] = data
        self.unsynced.append((offset, data))

    def truncate(self, size: int) -> None:
        del self.cached[size:]
        self.unsynced.append((size, None))

    def sync(self) -> None:
        if self.unsynced:
            self.platter = bytes(self.cached)
            self.unsynced.clear()


@dataclass(slots=True)
class DiskFaults:
    """What is to go wrong next. Counters are in calls from now; None: never."""

    kill_after: int | None = None
    sync_fails_after: int | None = None
    write_fails_after: int | None = None
    read_fails_after: int | None = None
    capacity_bytes: int | None = None
    read_only: bool = False


class SimulatedDisk:
    """See the module. `calls` counts everything that would be a system call."""

    def __init__(self, random: Random, place: str = "/simulated/spool") -> None:
        self.faults = DiskFaults()
        self.calls = 0
        self.generation = 0
        self._random = random
        self._place = place
        self._names: dict[str, _Inode] = {}
        self._synced_names: dict[str, _Inode] = {}
        self._locked = False
        self._vfs_name = f"simulated-{next(_vfs_numbers)}"
        self._registered = _Vfs(self._vfs_name, self)

    # the Disk port

    @property
    def vfs(self) -> str | None:
        return self._vfs_name

    @property
    def place(self) -> str:
        return self._place

    def lock(self) -> None:
        self.call()
        if self._locked:
            raise SpoolRefused(self._place, "another agent uses it", "stop that agent first")
        if self.faults.read_only:
            raise SpoolRefused(self._place, "it cannot be written (Read-only file system)", "mount it read-write")
        self._locked = True

    def unlock(self) -> None:
        self._locked = False

    def path(self, name: str) -> str:
        return name

    def names(self) -> Sequence[str]:
        return sorted(self._names)

    def size(self, name: str) -> int:
        inode = self._names.get(name)
        return len(inode.cached) if inode is not None else 0

    def read(self, name: str) -> bytes:
        self.call()
        if name not in self._names:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", name)
        return bytes(self._names[name].cached)

    def rename(self, old: str, new: str) -> None:
        self.call()
        self._names[new] = self._names.pop(old)

    def delete(self, name: str) -> None:
        self.call()
        self._names.pop(name, None)

    def allocate(self, name: str, size_bytes: int) -> None:
        self.call()
        if self._over_capacity(size_bytes - self.size(name)):
            raise OSError(errno.ENOSPC, "No space left on device", name)
        inode = _Inode(bytearray(size_bytes))
        inode.platter = bytes(size_bytes)
        self._names[name] = inode

    def replace(self, name: str, content: bytes) -> None:
        self.call()
        if self._over_capacity(len(content) - self.size(name)):
            raise OSError(errno.ENOSPC, "No space left on device", name)
        inode = _Inode()
        inode.write(content, 0)
        self._names[name] = inode

    def sync_file(self, name: str) -> None:
        self.call()
        if name not in self._names:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", name)
        try:
            self.sync(self._names[name])
        except apsw.IOError as error:
            raise OSError(errno.EIO, "Input/output error", name) from error

    def sync_directory(self) -> None:
        self.call()
        if self._fails("sync_fails_after"):
            raise OSError(errno.EIO, "Input/output error", self._place)
        self._synced_names = dict(self._names)

    # what tests do to it

    def reboot(self) -> None:
        """The process is gone, the machine stayed up: everything written is still there."""
        self.generation += 1
        self._locked = False
        self.faults.kill_after = None

    def cut_power(self) -> None:
        """Only what was synced is certain; of the rest any part may have reached the platter."""
        self.reboot()
        self._names = self._names_after_power_cut()
        for inode in {id(inode): inode for inode in self._names.values()}.values():
            if inode.unsynced:
                inode.platter = self._platter_after_power_cut(inode)
                inode.unsynced.clear()
            inode.cached = bytearray(inode.platter)
        self._synced_names = dict(self._names)

    def flip_bit(self, name: str, bit: int) -> None:
        inode = self._names[name]
        inode.cached[bit // 8] ^= 1 << bit % 8
        inode.platter = bytes(inode.cached)
        inode.unsynced.clear()

    def snapshot(self) -> dict[str, bytes]:
        """The files as a virtual machine's snapshot would hold them."""
        return {name: bytes(inode.cached) for name, inode in self._names.items()}

    def restore(self, snapshot: dict[str, bytes]) -> None:
        self.reboot()
        self._names = {name: _Inode(bytearray(content), content) for name, content in snapshot.items()}
        self._synced_names = dict(self._names)

    @property
    def used_bytes(self) -> int:
        return sum(len(inode.cached) for inode in self._names.values())

    def discard(self) -> None:
        """Take the VFS out of SQLite; open files stay usable until they are closed."""
        self._registered.unregister()
        self._names.clear()
        self._synced_names.clear()

    # between the two

    def call(self) -> None:
        """One system call. Dies here when it was told to."""
        self.calls += 1
        if self.faults.kill_after is not None:
            self.faults.kill_after -= 1
            if self.faults.kill_after <= 0:
                self.generation += 1
                self.faults.kill_after = None
                raise ProcessKilled

    def inode(self, name: str, create: bool) -> _Inode | None:
        if name not in self._names and create:
            self._names[name] = _Inode()
        return self._names.get(name)

    def exists(self, name: str) -> bool:
        return name in self._names

    def check_write(self, grows_by: int) -> None:
        if self.faults.read_only:
            raise apsw.ReadOnlyError("read-only file system")
        if self.faults.write_fails_after is not None and self._fails("write_fails_after"):
            raise _io_error(apsw.SQLITE_IOERR_WRITE)
        if self._over_capacity(grows_by):
            raise apsw.FullError("no space left on device")

    def check_read(self) -> None:
        if self.faults.read_fails_after is not None and self._fails("read_fails_after"):
            raise _io_error(apsw.SQLITE_IOERR_READ)

    def sync(self, inode: _Inode) -> None:
        if self._fails("sync_fails_after"):
            # as Linux does: the failed pages are marked clean, what they held is lost at the next power cut, the next fsync says "done"
            inode.unsynced.clear()
            raise _io_error(apsw.SQLITE_IOERR_FSYNC)
        inode.sync()

    def _over_capacity(self, grows_by: int) -> bool:
        return self.faults.capacity_bytes is not None and grows_by > 0 and self.used_bytes + grows_by > self.faults.capacity_bytes

    def _fails(self, counter: str) -> bool:
        left = getattr(self.faults, counter)
        if left is None:
            return False
        setattr(self.faults, counter, left - 1 if left > 1 else None)
        return bool(left <= 1)

    def _names_after_power_cut(self) -> dict[str, _Inode]:
        names = dict(self._synced_names)
        for name in sorted(set(self._names) | set(names)):
            if self._names.get(name) is not names.get(name) and self._random.random() < 0.5:
                if name in self._names:
                    names[name] = self._names[name]
                else:
                    del names[name]
        return names

    def _platter_after_power_cut(self, inode: _Inode) -> bytes:
        content = bytearray(inode.platter)
        style = self._random.choice(("none", "first", "some"))
        kept = {"none": 0, "first": self._random.randrange(len(inode.unsynced) + 1), "some": len(inode.unsynced)}[style]
        for position, (offset, data) in enumerate(inode.unsynced[:kept]):
            if style == "some" and self._random.random() < 0.5:
                continue
            if data is None:
                del content[offset:]
                continue
            torn = data[: self._random.randrange(0, len(data) + 1, SECTOR_BYTES)] if position == kept - 1 else data
            if offset > len(content):
                content.extend(bytes(offset - len(content)))
            content[offset : offset + len(torn)] = torn
        return bytes(content)


def _io_error(extended: int) -> apsw.IOError:
    error = apsw.IOError("input/output error")
    error.extendedresult = extended
    error.result = extended & 0xFF
    return error


class _Vfs(apsw.VFS):
    def __init__(self, name: str, disk: SimulatedDisk) -> None:
        self._disk = disk
        super().__init__(name, base="", maxpathname=256, makedefault=False)

    def xOpen(self, name: object, flags: list[int]) -> "_File":
        self._disk.call()
        filename = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        create = bool(flags[0] & apsw.SQLITE_OPEN_CREATE)
        if create and not self._disk.exists(filename):
            self._disk.check_write(1)
        inode = self._disk.inode(filename, create)
        if inode is None:
            raise apsw.CantOpenError(f"{filename} is not there")
        flags[1] = flags[0]
        return _File(self._disk, inode)

    def xDelete(self, name: str, sync_directory: bool) -> None:
        self._disk.delete(name)
        if sync_directory:
            self._disk.sync_directory()

    def xAccess(self, name: str, flags: int) -> bool:
        return self._disk.exists(name)

    def xFullPathname(self, name: str) -> str:
        return name


class _File:
    """An open file of one process; dead when that process is."""

    def __init__(self, disk: SimulatedDisk, inode: _Inode) -> None:
        self._disk = disk
        self._inode = inode
        self._generation = disk.generation

    def _call(self) -> None:
        if self._generation != self._disk.generation:
            raise ProcessKilled
        self._disk.call()

    def xRead(self, amount: int, offset: int) -> bytes:
        self._call()
        self._disk.check_read()
        return bytes(self._inode.cached[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._call()
        self._disk.check_write(offset + len(data) - len(self._inode.cached))
        self._inode.write(bytes(data), offset)

    def xTruncate(self, size: int) -> None:
        self._call()
        self._inode.truncate(size)

    def xSync(self, flags: int) -> None:
        self._call()
        self._disk.sync(self._inode)

    def xFileSize(self) -> int:
        return len(self._inode.cached)

    def xClose(self) -> None:
        pass

    def xLock(self, level: int) -> None:
        pass

    def xUnlock(self, level: int) -> None:
        pass

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, operation: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:
        return 0
