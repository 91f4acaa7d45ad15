"""Backup jobs: what every way to look at one answers, and the edges they are given.

A job is looked at from outside: nothing here starts, stops or changes one. What a reader tells is the newest run; whether that is late or
too small is judged by the server, which knows the history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import BinaryIO, Protocol

from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Secret


class JobState(IntEnum):
    """How the newest run ended. The codes are what is kept over time."""

    OK = 1
    WARNING = 2
    FAILED = 3
    RUNNING = 4
    NEVER = 5
    UNREADABLE = 6  # nobody could tell: the repository, file or server did not let itself be read


class JobUnreadable(Exception):
    """Nothing can be told of this job now. The text names the place, the reason and the way out, and never a secret."""


@dataclass(frozen=True, slots=True)
class JobReport:
    """The newest run of a job. Moments are whole seconds since 1970-01-01 UTC, sizes octets; None: not known.

    `last_success` is the end of the newest run that left something to restore from, `restore_test` when somebody last restored from it,
    `verified` when the stored data was last read and found whole. `detail` is one line for people.
    """

    state: JobState
    last_start: int | None = None
    last_end: int | None = None
    last_success: int | None = None
    bytes: int | None = None
    items: int | None = None
    warnings: int | None = None
    restore_test: int | None = None
    verified: int | None = None
    interval_seconds: int | None = None
    target: str | None = None
    detail: str | None = None


class JobReader(Protocol):
    """One way to look at one job. Called by one thread at a time."""

    @property
    def kind(self) -> str: ...

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:
        """Raises JobUnreadable; OSError for a file that the agent may not read."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a device. `interval_seconds`: how often it is meant to run; None: nobody said."""

    name: str
    device: str
    reader: JobReader
    interval_seconds: int | None = None
    deadline_seconds: float = 60.0
    restore_test_file: str | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file or folder. `size_bytes` of a folder is that of everything in it, `modified` the newest moment in it."""

    path: str
    size_bytes: int
    modified: int
    is_folder: bool = False


class Files(Protocol):
    """The disk, read only. Every method raises OSError."""

    def facts(self, path: str) -> FileFacts: ...

    def matching(self, folder: str, pattern: str, most: int) -> Sequence[FileFacts]:
        """What lies in the folder itself and whose name matches, in any order, the first `most` of them."""
        ...

    def head(self, path: str, octets: int) -> bytes: ...
    def tail(self, path: str, octets: int) -> bytes: ...
    def open(self, path: str) -> BinaryIO: ...


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, started without a shell. `secret` reaches it through an inherited pipe: the text `{secret_fd}` in a
    value of `environment` is replaced by the number of its descriptor."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended and what it wrote; `output` is cut at the runner's limit."""

    exit_code: int
    output: bytes
    errors: str


class Programs(Protocol):
    """Starts programs of the machine."""

    def run(self, command: Command, timeout_seconds: float) -> Finished:
        """Raises JobUnreadable when the program is not there, does not end in time, or writes beyond measure."""
        ...
