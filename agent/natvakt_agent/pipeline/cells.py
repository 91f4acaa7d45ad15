"""What a device said, made fit to travel: typed, bounded, and whatever is not is left out and counted (promise 30)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_agent.model.observation import TableObservation, Value

MAX_TAG_BYTES = 1024
MAX_TEXT_BYTES = 64 * 1024
MIN_INTEGER = -(2**63)
MAX_INTEGER = 2**64 - 1
Number = int | float


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One row of one table at one time. `tags` are in the order of the table's key."""

    tags: tuple[tuple[str, str], ...]
    fields: Mapping[str, Number]


@dataclass(slots=True)
class Refused:
    """How many rows or cells were left out, by reason."""

    counts: dict[str, int] = field(default_factory=dict)

    def count(self, reason: str) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1


def series_rows(table: TableObservation, refused: Refused) -> Sequence[SeriesRow]:
    """The series part of every row that has one; of rows with equal keys the last one counts."""
    rows: dict[tuple[tuple[str, str], ...], SeriesRow] = {}
    for row in table.rows:
        fields = {name: number for name in table.series if (number := _number(row.get(name), refused)) is not None}
        tags = _tags(table.key, row, refused)
        if fields and tags is not None:
            if tags in rows:
                refused.count("repeated-key")
            rows[tags] = SeriesRow(tags, fields)
    return list(rows.values())


def document_rows(table: TableObservation, refused: Refused) -> list[Mapping[str, Value]]:
    """Key and document fields of every row, in the order of the key, absent values left out."""
    rows: dict[tuple[str, ...], Mapping[str, Value]] = {}
    for row in table.rows:
        if _tags(table.key, row, Refused() if table.series else refused) is None:  # of a series it is counted there
            continue
        cleaned = {name: _clean(value, refused) for name, value in row.items() if name not in table.series}
        key = tuple(str(row.get(name, "")) for name in table.key)
        if key in rows:
            refused.count("repeated-key")
        rows[key] = {name: value for name, value in cleaned.items() if value is not None}
    return [rows[key] for key in sorted(rows, key=_natural)]


def has_document(table: TableObservation) -> bool:
    """Whether the table holds state: a field that is neither key nor series, or no series at all."""
    known = table.series | set(table.key)
    return not table.series or any(name not in known for row in table.rows for name in row)


def _natural(key: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(part), "") if part.isdecimal() and part.isascii() and len(part) < 20 else (1, 0, part) for part in key)


def _tags(key: Sequence[str], row: Mapping[str, Value], refused: Refused) -> tuple[tuple[str, str], ...] | None:
    tags = []
    for name in key:
        value = row.get(name)
        text = "" if value is None else _text(str(value))
        if not text or len(text.encode()) > MAX_TAG_BYTES:
            refused.count("key-missing" if not text else "key-too-long")
            return None
        tags.append((name, text))
    return tuple(tags)


def _number(value: Value, refused: Refused) -> Number | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        refused.count("text-as-number")
        return None
    return _bounded(value, refused)


def _clean(value: Value, refused: Refused) -> Value:
    if isinstance(value, bool) or value is None:
        return value
    if not isinstance(value, str):
        return _bounded(value, refused)
    text = _text(value)
    if len(text.encode()) > MAX_TEXT_BYTES:
        refused.count("text-too-long")
        return text.encode()[:MAX_TEXT_BYTES].decode(errors="ignore")
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
    return value.encode("utf-8", "replace").decode()
