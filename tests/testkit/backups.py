"""Edges of the readers of backup jobs, made by hand: a disk in memory and programs that say what they are told to."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import BinaryIO

from natvakt_agent.model.backup import Command, FileFacts, Finished


@dataclass
class MemoryFiles:
    """Paths to contents and the second they were written; `denied` may not be read."""

    contents: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    opened: list[str] = field(default_factory=list)

    def write(self, path: str, content: bytes | str, modified: int) -> None:
        self.contents[path] = (content.encode() if isinstance(content, str) else content, modified)

    def _read(self, path: str) -> tuple[bytes, int]:
        if path in self.denied:
            raise PermissionError(13, "Permission denied", path)
        if path not in self.contents:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self.contents[path]

    def facts(self, path: str) -> FileFacts:
        inside = [self.contents[each] for each in self.contents if each.startswith(path + "/")]
        if inside and path not in self.contents:
            return FileFacts(path, sum(len(content) for content, _ in inside), max(modified for _, modified in inside), is_folder=True)
        content, modified = self._read(path)
        return FileFacts(path, len(content), modified)

    def matching(self, folder: str, pattern: str, most: int) -> Sequence[FileFacts]:
        if folder in self.denied:
            raise PermissionError(13, "Permission denied", folder)
        children = {folder + "/" + path.removeprefix(folder + "/").split("/")[0] for path in self.contents if path.startswith(folder + "/")}
        if not children:
            raise FileNotFoundError(2, "No such file or directory", folder)
        return [self.facts(path) for path in sorted(children) if fnmatch(PurePosixPath(path).name, pattern)][:most]

    def head(self, path: str, octets: int) -> bytes:
        return self._read(path)[0][:octets]

    def tail(self, path: str, octets: int) -> bytes:
        return self._read(path)[0][-octets:]

    def open(self, path: str) -> BinaryIO:
        self.opened.append(path)
        return io.BytesIO(self._read(path)[0])


@dataclass
class ToldPrograms:
    """Answers by the words that are among a command's arguments; remembers what was started."""

    answers: Mapping[str, Finished]
    started: list[Command] = field(default_factory=list)

    def run(self, command: Command, timeout_seconds: float) -> Finished:
        assert timeout_seconds > 0
        self.started.append(command)
        return next(answer for word, answer in self.answers.items() if word in command.arguments)
