"""What an object pack is: one MIB table or scalar group as data. `pack_engine.py` walks packs; nothing here asks anything.

To add one: a file in `packs/` with a `Pack(...)` literal, one line in `packs/__init__.py`, and, for a new table, one
line in `tables.py` (and in the server's registry, which a structure test holds against it).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from natvakt_agent.collectors.snmp.oids import Index, dotted
from natvakt_agent.collectors.snmp.reading import Reader, integer
from natvakt_agent.model.observation import Value

Row = dict[str, Value]
IndexReader = Callable[[Index], Mapping[str, Value] | None]
Derivation = Callable[[Row], Iterable[Row]]
Settlement = Callable[[list[Row]], list[Row]]

CISCO = ("1.3.6.1.4.1.9.",)
CISCO_PRODUCTS = ("1.3.6.1.4.1.9.1.",)  # IOS, IOS-XE, IOS-XR, ASA, controllers, call servers: neither NX-OS nor Small Business
CISCO_SYSTEMS = (*CISCO_PRODUCTS, "1.3.6.1.4.1.9.12.")  # those, NX-OS and FXOS


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
    backwards: bool = False  # `at` holds text: the field becomes the index of the row whose text equals it
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
    return replace(column, instead_of=True)


def looked_up(field: str, oid: str, read: Reader = integer, *, at: str) -> Column:
    """A document field from another table, at the index that the row's field `at` holds."""
    return Column(field, oid, read, Use.DOCUMENT, False, at)


def lasting_at(field: str, oid: str, read: Reader = integer, *, at: str) -> Column:
    """A column of another table that the series cannot be read without."""
    return Column(field, oid, read, Use.LASTING, False, at)


def found_by_text(field: str, oid: str, read: Reader, at: str) -> Column:
    """A document field that is the index of the row of another table whose `oid` reads as the row's field `at`."""
    return Column(field, oid, read, Use.DOCUMENT, False, at, True)


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


def as_they_are(rows: list[Row]) -> list[Row]:
    return rows


@dataclass(frozen=True, slots=True)
class Pack:
    """One MIB table or scalar group, and the table it fills.

    The rows are those of any column; a device that has none of the first `tested` columns is not asked for the others.
    `derive` turns one raw row (with `_index`, its dotted index) into rows of the table; `settle` sees them all together,
    where one row's meaning depends on another. A pack that does not `found` rows only adds fields to rows of other packs.
    """

    name: str
    mib: str
    table: str
    index: IndexReader
    columns: tuple[Column, ...]
    derive: Derivation = unchanged
    settle: Settlement = as_they_are
    applies: tuple[str, ...] = ()  # sysObjectID prefixes; none: any device
    unless: tuple[str, ...] = ()  # packs that tell the same better: this one is asked only when they gave no rows
    only_with: tuple[str, ...] = ()  # earlier packs of the same table: this one is asked only when one of them gave rows
    founds: bool = True
    comes_and_goes: bool = False  # an empty table says nothing about the next poll: its first column is always asked
    scalar: bool = False  # columns are asked by GET at instance 0
    most_rows: int = 5_000
    tested: int = 4  # 1 where the first column is never missing: a device without the table is asked one question
