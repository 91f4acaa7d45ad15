"""The disk as readers of backup jobs see it: read only, and never more of it than asked for."""

import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from natvakt_agent.model.backup import FileFacts

MOST_ENTRIES = 200_000
"""Of one folder's tree: beyond it a size would cost the disk more than the job that is looked at."""


class LocalFiles:
    def facts(self, path: str) -> FileFacts:
        found = Path(path).stat()
        if stat.S_ISDIR(found.st_mode):
            return _of_folder(path, int(found.st_mtime))
        return FileFacts(path, found.st_size, int(found.st_mtime))

    def matching(self, folder: str, pattern: str, most: int) -> Sequence[FileFacts]:
        with os.scandir(folder) as entries:
            names = [entry.path for entry in islice((each for each in entries if fnmatch(each.name, pattern)), most)]
        return list(self._present(names))

    def _present(self, paths: Sequence[str]) -> Iterator[FileFacts]:
        for path in paths:
            try:
                yield self.facts(path)
            except FileNotFoundError:  # rotated away meanwhile, or a link to nowhere
                continue

    def head(self, path: str, octets: int) -> bytes:
        with Path(path).open("rb") as file:
            return file.read(octets)

    def tail(self, path: str, octets: int) -> bytes:
        with Path(path).open("rb") as file:
            length = file.seek(0, os.SEEK_END)
            file.seek(max(0, length - octets))
            return file.read(octets)

    def open(self, path: str) -> BinaryIO:
        return Path(path).open("rb")


def _of_folder(path: str, modified: int) -> FileFacts:
    size_bytes, newest = 0, modified
    for found in islice(_inside(path), MOST_ENTRIES):
        size_bytes += found.st_size
        newest = max(newest, int(found.st_mtime))
    return FileFacts(path, size_bytes, newest, is_folder=True)


def _inside(path: str) -> Iterator[os.stat_result]:
    """Files below a folder; links are not followed, what may not be read is passed over."""
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                yield (Path(folder) / name).lstat()
            except OSError:
                continue
