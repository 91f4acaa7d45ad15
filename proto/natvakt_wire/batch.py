"""The columnar batch: what an agent saw in one span of time, as both ends know it.

`encode` and `decode` turn a `Batch` into the protobuf plain text that is compressed, sealed and signed, and back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = int | float | bool | str | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one measurement of one or more devices. All columns have the length of `times_ns`."""

    measurement: str
    devices: Sequence[str]
    times_ns: Sequence[int]
    tags: Mapping[str, Sequence[str]]
    fields: Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Document:
    """State of one table of one device; `body` is canonical JSON, empty when `unchanged`."""

    kind: str
    device: str
    observed_ns: int
    digest: bytes
    body: bytes = b""
    unchanged: bool = False
    part: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class ClockNote:
    boot_id: bytes
    wall_ns: int
    monotonic_ns: int


@dataclass(frozen=True, slots=True)
class Batch:
    tables: Sequence[Table]
    documents: Sequence[Document]
    clock: ClockNote
