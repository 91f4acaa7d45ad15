"""What a collector hands on: rows of tables, before they are split into series and documents.

A table is named as in the probe document, and so are its fields; the server's registry holds the same names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Value = int | float | bool | str | None


class TableStatus(StrEnum):
    """Why a table is or is not there; the server turns it into the reason of an `unknown` verdict."""

    PROVIDED = "provided"
    NOT_PROVIDED = "not-provided"  # the device answers, but has no such MIB
    NO_ACCESS = "no-access"  # credential refused, view too narrow
    UNREACHABLE = "unreachable"
    FAILED = "failed"  # answered, but what came back was refused; `detail` says what


@dataclass(frozen=True, slots=True)
class TableObservation:
    """One table of one device at one time.

    `key` names the fields that identify a row (they become tags), `series` the fields that are kept over time;
    every other field belongs to the document of the same name. A document is sent only when `snapshot` is true,
    that is, when every document field of every row was read.
    """

    name: str
    key: tuple[str, ...]
    series: frozenset[str]
    rows: Sequence[Mapping[str, Value]]
    status: TableStatus = TableStatus.PROVIDED
    detail: str | None = None
    snapshot: bool = True


@dataclass(frozen=True, slots=True)
class Cost:
    """What asking cost the device."""

    requests: int = 0
    varbinds: int = 0
    octets: int = 0
    seconds: float = 0.0
    timeouts: int = 0


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything one poll of one device told. `wall_ns` and `monotonic_ns` are the poll's start."""

    device: str
    wall_ns: int
    monotonic_ns: int
    boot_id: bytes
    tables: Sequence[TableObservation]
    cost: Cost = field(default_factory=Cost)
    errors: Sequence[str] = ()
