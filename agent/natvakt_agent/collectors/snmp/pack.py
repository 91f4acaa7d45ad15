"""What an object pack is: one MIB table or scalar group as data. `pack_engine.py` walks packs; nothing here asks anything.

To add one: a file in `packs/` with a `Pack(...)` literal, one line in `packs/__init__.py`, and, for a new table, one
line in `tables.py` (and in the server's registry, which a structure test holds against it).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from natvakt_agent.collectors.snmp.oids import Index, dotted
from natvakt_agent.collectors.snmp.reading import Reader, integer
from natvakt_agent.model.observation import Value

Row = dict[str, Value]
IndexReader = Callable[[Index], Mapping[str, Value] | None]
Derivation = Callable[[Row], Iterable[Row]]

CISCO = ("1.3.6.1.4.1.9.",)


class Use(StrEnum):
    SERIES = "series"  # read at every cycle
    LASTING = "lasting"  # needed to read the series (scale, unit, allocation size), but changes only with hardware: cached
    DOCUMENT = "document"  # read for snapshots only


@dataclass(frozen=True, slots=True)
class Column:
    """One object of the table.

    A field whose name begins with `_` is material for `derive` and does not leave the pack. `instead_of` names a field
    this column fills where the better column has nothing (32-bit counters for 64-bit ones). `at` names the field that
    holds this column's index when it lives in another table (a name in ENTITY-MIB, say); the default is the row's own.
    """

    field: str
    oid: str
    read: Reader = integer
    use: Use = Use.DOCUMENT
    instead_of: bool = False
    at: str | None = None
    states: Mapping[int, str] | None = None  # what the codes of a state series mean, for people


def series(field: str, oid: str, read: Reader = integer) -> Column:
    return Column(field, oid, read, Use.SERIES)


def state(field: str, oid: str, states: Mapping[int, str]) -> Column:
    """A MIB enumeration kept over time as its code."""
    return Column(field, oid, integer, Use.SERIES, states=states)


def lasting(field: str, oid: str, read: Reader = integer) -> Column:
    return Column(field, oid, read, Use.LASTING)


def document(field: str, oid: str, read: Reader = integer) -> Column:
    return Column(field, oid, read, Use.DOCUMENT)


def instead(column: Column) -> Column:
    """`column`, asked only for what the column of the same field before it left empty."""
    return Column(column.field, column.oid, column.read, column.use, True, column.at)


def looked_up(field: str, oid: str, read: Reader, at: str) -> Column:
    """A document field from another table, at the index that the row's field `at` holds."""
    return Column(field, oid, read, Use.DOCUMENT, False, at)


def numbers(*fields: str) -> IndexReader:
    """An index of exactly these integers."""

    def read(index: Index) -> Mapping[str, Value] | None:
        return dict(zip(fields, index, strict=True)) if len(index) == len(fields) else None

    return read


def whole(field: str) -> IndexReader:
    """The whole index as dotted text: where it only has to be told apart."""

    def read(index: Index) -> Mapping[str, Value]:
        return {field: dotted(index)}

    return read


def fixed(**fields: Value) -> IndexReader:
    """A scalar group: instance 0, and the key fields it stands for."""

    def read(index: Index) -> Mapping[str, Value] | None:
        return dict(fields) if index == (0,) else None

    return read


def unchanged(row: Row) -> Iterable[Row]:
    return (row,)


@dataclass(frozen=True, slots=True)
class Pack:
    """`columns[0]` decides which rows there are. `derive` turns one raw row (with `_index`, the dotted index) into rows of the table."""

    name: str
    mib: str
    table: str
    index: IndexReader
    columns: tuple[Column, ...]
    derive: Derivation = unchanged
    applies: tuple[str, ...] = ()  # sysObjectID prefixes; none: any device
    unless: tuple[str, ...] = ()  # packs that tell the same better: this one is asked only when they gave no rows
    scalar: bool = False  # columns are asked by GET at instance 0
    most_rows: int = 5_000
