"""What a device said, made fit to travel: typed, bounded, and whatever is not is left out and counted (promise 30)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from natvakt_agent.model.observation import TableObservation, Value

MAX_TAG_BYTES = 1024
MAX_TEXT_BYTES = 64 * 1024
MAX_LONG_TEXT_BYTES = 1024 * 1024
LONG_TEXTS = frozenset({("configuration", "text"), ("command_output", "text")})
"""Whole texts of a device; a document that does not fit one batch goes in parts."""
MIN_INTEGER = -(2**63)
MAX_INTEGER = 2**64 - 1
Number = int | float


@dataclass(frozen=True, slots=True)
class SeriesBlock:
    """The series of one table at one time, in columns of equal length. Tags are in the order of the table's key."""

    tags: Mapping[str, Sequence[str]]
    fields: Mapping[str, Sequence[Number | None]]
    rows: int

    @property
    def cells(self) -> int:
        """Values that are there."""
        return sum(len(column) - column.count(None) for column in self.fields.values())

    def pieces(self, most_rows: int) -> "Iterator[SeriesBlock]":
        """The block in order, in pieces of at most `most_rows`."""
        for start in range(0, self.rows, most_rows):
            part = slice(start, start + most_rows)
            yield SeriesBlock(_cut(self.tags, part), _cut(self.fields, part), min(most_rows, self.rows - start))


Item = TypeVar("Item")


def _cut(columns: Mapping[str, Sequence[Item]], part: slice) -> Mapping[str, Sequence[Item]]:
    return {name: column[part] for name, column in columns.items()}


@dataclass(slots=True)
class Refused:
    """How many rows or cells were left out, by reason."""

    counts: dict[str, int] = field(default_factory=dict)

    def count(self, reason: str) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1


def series_block(table: TableObservation, refused: Refused) -> SeriesBlock:
    """The series part of every row that has one; of rows with equal keys the last one counts.

    Columns are made whole, not cell by cell: this is the agent's busiest code.
    """
    columns = {name: _numbers([row.get(name) for row in table.rows], refused) for name in table.series}
    columns = {name: column for name, column in columns.items() if column.count(None) < len(column)}
    tags = [_tags(table.key, row, refused) for row in table.rows]
    has_full_column = any(None not in column for column in columns.values())
    places: dict[tuple[str, ...], int] = {}
    for place, tag in enumerate(tags):
        if tag is not None and (has_full_column or any(column[place] is not None for column in columns.values())):
            if tag in places:
                refused.count("repeated-key")
            places[tag] = place
    if len(places) < len(tags):
        columns = {name: [column[place] for place in places.values()] for name, column in columns.items()}
    return SeriesBlock(dict(zip(table.key, zip(*places, strict=True), strict=True)) if places else {}, columns, len(places))


def document_rows(table: TableObservation, refused: Refused) -> list[Mapping[str, Value]]:
    """Key and document fields of every row, in the order of the key, absent values left out."""
    rows: dict[tuple[str, ...], Mapping[str, Value]] = {}
    for row in table.rows:
        if _tags(table.key, row, Refused() if table.series else refused) is None:  # of a series it is counted there
            continue
        cleaned = {name: _clean(value, refused, _most_bytes(table.name, name)) for name, value in row.items() if name not in table.series}
        key = tuple(str(row.get(name, "")) for name in table.key)
        if key in rows:
            refused.count("repeated-key")
        rows[key] = {name: value for name, value in cleaned.items() if value is not None}
    return [rows[key] for key in sorted(rows, key=_natural)]


def has_document(table: TableObservation) -> bool:
    """Whether the table holds state: a field that is neither key nor series, or no series at all."""
    known = table.series | set(table.key)
    return not table.series or not set[str]().union(*table.rows) <= known


def _natural(key: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(part), "") if part.isdecimal() and part.isascii() and len(part) < 20 else (1, 0, part) for part in key)


def _tags(key: Sequence[str], row: Mapping[str, Value], refused: Refused) -> tuple[str, ...] | None:
    tags = []
    for name in key:
        value = row.get(name)
        text = "" if value is None else _text(str(value))
        if not text or _size(text) > MAX_TAG_BYTES:
            refused.count("key-missing" if not text else "key-too-long")
            return None
        tags.append(text)
    return tuple(tags)


def _numbers(column: list[Value], refused: Refused) -> Sequence[Number | None]:
    """A column as numbers: judged by its extremes where all are of one kind, else cell by cell."""
    present: list[Any] = [value for value in column if value is not None]
    kinds = set(map(type, present))
    is_fit = (kinds == {int} and min(present) >= MIN_INTEGER and max(present) <= MAX_INTEGER) or (
        kinds == {float} and all(map(math.isfinite, present))
    )
    if is_fit:
        return cast("list[Number | None]", column)
    return [_number(value, refused) for value in column]


def _number(value: Value, refused: Refused) -> Number | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        refused.count("text-as-number")
        return None
    return _bounded(value, refused)


def _most_bytes(table: str, field_name: str) -> int:
    return MAX_LONG_TEXT_BYTES if (table, field_name) in LONG_TEXTS else MAX_TEXT_BYTES


def _clean(value: Value, refused: Refused, most_bytes: int = MAX_TEXT_BYTES) -> Value:
    if isinstance(value, bool) or value is None:
        return value
    if not isinstance(value, str):
        return _bounded(value, refused)
    text = _text(value)
    if _size(text) > most_bytes:
        refused.count("text-too-long")
        return text.encode()[:most_bytes].decode(errors="ignore")
    return text


def _bounded(value: Number | None, refused: Refused) -> Number | None:
    if isinstance(value, float) and not math.isfinite(value):
        refused.count("not-finite")
        return None
    if isinstance(value, int) and not MIN_INTEGER <= value <= MAX_INTEGER:
        refused.count("not-64-bit")
        return None
    return value


def _text(value: str) -> str:
    """Without lone surrogates, which no UTF-8 can carry."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def _size(text: str) -> int:
    """Octets in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())
