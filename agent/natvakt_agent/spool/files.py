"""The files of a spool: which segments are open, which one of each class takes new records, and how they come and go."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import apsw
from natvakt_wire.envelope import LaneClass

from natvakt_agent.spool.disk import Disk
from natvakt_agent.spool.segment import WAL_SUFFIX, Segment, SegmentName

RESERVE_NAME = "reserve"
STATUS_NAME = "status.json"
_ASIDE_SUFFIX = ".aside"
_ASIDE_FILES_KEPT = 4


@dataclass(frozen=True, slots=True)
class SpoolOptions:
    """Bytes on disk and seconds. A segment is never more than a sixteenth of the cap, so that little goes at a time."""

    cap_bytes: int = 1024**3
    segment_bytes: int = 256 * 1024**2
    segment_seconds: int = 24 * 3600
    reserve_bytes: int = 64 * 1024**2
    keep_acked_seconds: int = 24 * 3600
    wal_bytes: int = 4 * 1024**2

    @property
    def rotate_bytes(self) -> int:
        return min(self.segment_bytes, self.cap_bytes // 16)


class SpoolFiles:
    """Open segments by name. Sizes of segments that take no more records are remembered, not asked again."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self._open: dict[SegmentName, Segment] = {}
        self._current: dict[LaneClass, SegmentName] = {}
        self._sizes: dict[SegmentName, int] = {}
        self._next_number = 1
        self._aside_bytes = 0

    def found(self) -> Sequence[SegmentName]:
        """Segments on disk, oldest first. Logs whose database is gone are set aside; new numbers start above everything seen."""
        files = self.disk.names()
        segments = sorted((name for name in map(SegmentName.parse, files) if name is not None), key=lambda name: name.number)
        known = {name.file for name in segments}
        for file in files:
            owner = SegmentName.parse(file.removesuffix(WAL_SUFFIX)) if file.endswith(WAL_SUFFIX) else None
            if owner is not None and owner.file not in known:
                self._set_file_aside(file)
            stem = SegmentName.parse(file.split(_ASIDE_SUFFIX)[0].removesuffix(WAL_SUFFIX))
            if stem is not None:
                self._next_number = max(self._next_number, stem.number + 1)
        self._trim_aside()
        return segments

    def make_durable(self, name: SegmentName) -> None:
        """Before a segment of an earlier process is opened: it may have died between a write and its fsync, and what is read back from the
        page cache must not be sent, acknowledged and then forgotten at a power cut, which would give its place away twice."""
        for file in (name.file, name.file + WAL_SUFFIX):
            if self.disk.size(file):
                self.disk.sync_file(file)

    def adopt(self, segment: Segment) -> None:
        self._open[segment.name] = segment
        newest = self._current.get(segment.name.lane_class)
        if newest is None or newest.number < segment.name.number:
            self._current[segment.name.lane_class] = segment.name

    def create(self, lane_class: LaneClass) -> Segment:
        """A new, empty segment that takes the class's records from now on."""
        name = SegmentName(lane_class, self._next_number)
        self._next_number += 1
        try:
            segment = Segment.create(self.disk, name)
        except (apsw.Error, OSError):
            self._delete_file(name)
            raise
        self.adopt(segment)
        return segment

    def segment(self, name: SegmentName) -> Segment:
        return self._open[name]

    def current(self, lane_class: LaneClass) -> Segment | None:
        name = self._current.get(lane_class)
        return self._open[name] if name is not None else None

    def is_current(self, name: SegmentName) -> bool:
        return self._current.get(name.lane_class) == name

    def __iter__(self) -> Iterator[Segment]:
        return iter([self._open[name] for name in sorted(self._open, key=lambda name: name.number)])

    @property
    def bytes_on_disk(self) -> int:
        """Segments, their logs and what was set aside; the reserve does not count."""
        return self._aside_bytes + sum(self.size(name) for name in self._open)

    def size(self, name: SegmentName) -> int:
        if self.is_current(name):
            return self._open[name].bytes_on_disk
        if name not in self._sizes:
            self._sizes[name] = self._open[name].bytes_on_disk
        return self._sizes[name]

    def delete(self, name: SegmentName) -> None:
        self._release(name)
        self._delete_file(name)

    def set_aside(self, name: SegmentName) -> None:
        """Rename the file and its log out of the way; nobody has to delete anything by hand."""
        self._release(name)
        for file in (name.file, name.file + WAL_SUFFIX):
            if self.disk.size(file) or file in self.disk.names():
                self._set_file_aside(file)
        self._trim_aside()

    def drop_aside(self) -> bool:
        """Free what was set aside; True when there was something."""
        freed = self._aside_bytes > 0
        for file in self._aside_files():
            self.disk.delete(file)
        self._aside_bytes = 0
        return freed

    def close(self, names: Iterable[SegmentName] | None = None) -> None:
        for name in list(names if names is not None else self._open):
            self._release(name)

    def _release(self, name: SegmentName) -> None:
        segment = self._open.pop(name, None)
        self._sizes.pop(name, None)
        if self._current.get(name.lane_class) == name:
            del self._current[name.lane_class]
            for other in self._open:
                if other.lane_class is name.lane_class:
                    self._current[name.lane_class] = max(other, self._current.get(name.lane_class, other), key=lambda held: held.number)
        if segment is not None:
            segment.close()

    def _delete_file(self, name: SegmentName) -> None:
        with suppress(OSError):
            self.disk.delete(name.file + WAL_SUFFIX)
            self.disk.delete(name.file)

    def _set_file_aside(self, file: str) -> None:
        self.disk.rename(file, file + _ASIDE_SUFFIX)

    def _aside_files(self) -> Sequence[str]:
        return [file for file in self.disk.names() if file.endswith(_ASIDE_SUFFIX)]

    def _trim_aside(self) -> None:
        aside = sorted(self._aside_files(), key=lambda file: file.partition("-")[2])
        for file in aside[: -_ASIDE_FILES_KEPT or None]:
            self.disk.delete(file)
        self._aside_bytes = sum(self.disk.size(file) for file in aside[-_ASIDE_FILES_KEPT:])
