"""Which points of an opened batch may be stored, decided once for every store.

The registry gives each field one type for ever, so no store meets a type conflict. What does not fit is refused with its
reason and counted in samples; everything else goes on.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.registry import TableDefinition
from natvakt_server.domain.series import BatchKey, Number, Rejected, SeriesTable, Tier
from natvakt_server.domain.tiers import DAY_NS, RETENTION_NS, ColumnType, columns_of

MAX_TAG_BYTES = 1024
UNSIGNED_MAX = 2**64 - 1
SIGNED_MIN, SIGNED_MAX = -(2**63), 2**63 - 1
FUTURE_NS = DAY_NS
"""A point further ahead than this is a broken clock; it would stay the newest value of its series for too long."""

_EXPECTED = {
    ColumnType.UNSIGNED: "an integer from 0 to 2^64-1",
    ColumnType.SIGNED: "an integer from -2^63 to 2^63-1",
    ColumnType.FLOAT: "a finite number",
}
_TYPES: Mapping[ColumnType, frozenset[type]] = {
    ColumnType.UNSIGNED: frozenset({int, type(None)}),
    ColumnType.SIGNED: frozenset({int, bool, type(None)}),
    ColumnType.FLOAT: frozenset({int, float, bool, type(None)}),
}


@dataclass(frozen=True, slots=True)
class Points:
    """Admitted points of one measurement of one device. `tags[i]` holds the row's tag values by sorted tag name."""

    tenant: str
    site: str
    measurement: str
    device: str
    tags: Sequence[tuple[str, ...]]
    times_ns: Sequence[int]
    columns: Mapping[str, Sequence[Number | None]]

    def samples(self) -> int:
        return sum(len(column) - column.count(None) for column in self.columns.values())


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Times a point may have, both ends inclusive."""

    first_ns: int
    last_ns: int

    @classmethod
    def at(cls, now_ns: int, raw_retention_ns: int = RETENTION_NS[Tier.RAW]) -> "TimeWindow":
        return cls(max(0, now_ns - raw_retention_ns), now_ns + FUTURE_NS)


def tag_names(definition: TableDefinition) -> tuple[str, ...]:
    return tuple(sorted(definition.key))


def admit(
    batch: BatchKey, table: SeriesTable, window: TimeWindow, definitions: Mapping[str, TableDefinition]
) -> tuple[Points | None, Sequence[Rejected]]:
    """The points to store (None when nothing is left) and what was refused, counted in samples."""
    refused: list[Rejected] = []
    definition = definitions.get(table.measurement)
    shape_error = _shape_error(table, definition)
    if definition is None or shape_error is not None:
        return None, [Rejected(table.measurement, shape_error or "", _samples(table.fields.values()))]
    columns: dict[str, Sequence[Number | None]] = {}
    types = columns_of(definition, Tier.RAW)
    for name, column in table.fields.items():
        if name not in types:
            refused.append(Rejected(table.measurement, f"field {name}: not a series of this measurement", _samples([column])))
            continue
        columns[name], bad = _check_column(name, column, types[name])
        refused.extend(Rejected(table.measurement, reason, count) for reason, count in bad)
    names = tag_names(definition)
    tags = list(zip(*(table.tags[name] for name in names), strict=True)) if names else [()] * len(table.times_ns)
    points = Points(batch.tenant, batch.site, table.measurement, table.device, tags, table.times_ns, columns)
    points, bad_rows = _check_rows(points, names, window)
    refused.extend(bad_rows)
    return (points if points.times_ns and points.columns else None), [entry for entry in refused if entry.points]


def _shape_error(table: SeriesTable, definition: TableDefinition | None) -> str | None:
    if definition is None:
        return "not a measurement of this server's registry: update the server"
    if set(table.tags) != set(definition.key):
        return f"tags {sorted(table.tags)}: the registry names {sorted(definition.key)}"
    lengths = {len(column) for column in (*table.tags.values(), *table.fields.values())}
    if lengths - {len(table.times_ns)}:
        return f"columns of {sorted(lengths)} rows beside {len(table.times_ns)} times"
    return None


def _samples(columns: Iterable[Sequence[Number | None]]) -> int:
    return sum(1 for column in columns for value in column if value is not None)


def _check_column(
    name: str, column: Sequence[Number | None], kind: ColumnType
) -> tuple[Sequence[Number | None], Sequence[tuple[str, int]]]:
    """The column in its canonical type, bad values taken out; and the reason with a count, where there were any."""
    types = set(map(type, column))
    if types <= _TYPES[kind]:
        present = column if type(None) not in types else [value for value in column if value is not None]
        if not present or _all_fit(present, kind):
            return _canonical(column, kind, types), ()
    kept: list[Number | None] = []
    bad: list[object] = []
    for value in column:
        fits = value is None or (type(value) in _TYPES[kind] and _all_fit([value], kind))
        kept.append(value if fits else None)
        if not fits:
            bad.append(value)
    reason = f"field {name}: {str(bad[0])[:40]!r} is not {_EXPECTED[kind]}"
    return _canonical(kept, kind, set(map(type, kept))), [(reason, len(bad))]


def _all_fit(values: Sequence[Number | None], kind: ColumnType) -> bool:
    numbers = [value for value in values if value is not None]
    if kind is ColumnType.FLOAT:
        try:
            return all(map(math.isfinite, numbers))
        except OverflowError:  # an integer beyond the range of a float
            return False
    lowest, highest = (0, UNSIGNED_MAX) if kind is ColumnType.UNSIGNED else (SIGNED_MIN, SIGNED_MAX)
    return min(numbers) >= lowest and max(numbers) <= highest


def _canonical(column: Sequence[Number | None], kind: ColumnType, types: set[type]) -> Sequence[Number | None]:
    if kind is ColumnType.FLOAT and types - {float, type(None)}:
        return [None if value is None else float(value) for value in column]
    if kind is ColumnType.SIGNED and bool in types:
        return [None if value is None else int(value) for value in column]
    return column


def _check_rows(points: Points, names: Sequence[str], window: TimeWindow) -> tuple[Points, Sequence[Rejected]]:
    reasons: dict[int, str] = {}
    times = points.times_ns
    if times and (min(times) < window.first_ns or max(times) > window.last_ns):
        for row, moment in enumerate(times):
            if moment < window.first_ns:
                reasons[row] = "time: older than the raw tier keeps"
            elif moment > window.last_ns:
                reasons[row] = "time: in the future"
    for tag in set(points.tags):
        problem = next((f"tag {name}: {text}" for name, value in zip(names, tag, strict=True) if (text := _tag_error(value))), None)
        if problem is not None:
            reasons.update({row: problem for row, other in enumerate(points.tags) if other == tag})
    empty: set[int] = set()
    if all(None in column for column in points.columns.values()):
        empty = {row for row in range(len(times)) if all(column[row] is None for column in points.columns.values())}
    if not reasons and not empty:
        return points, ()
    counts: dict[str, int] = {}
    for row, reason in reasons.items():
        counts[reason] = counts.get(reason, 0) + sum(column[row] is not None for column in points.columns.values())
    keep = [row for row in range(len(times)) if row not in reasons and row not in empty]
    return _select(points, keep), [Rejected(points.measurement, reason, count) for reason, count in counts.items()]


def _tag_error(value: object) -> str | None:
    if not isinstance(value, str):
        return f"{type(value).__name__} is not text"
    if value.isascii() and len(value) <= MAX_TAG_BYTES:
        return None
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        return "not valid Unicode"
    return f"{size} bytes, at most {MAX_TAG_BYTES} are taken" if size > MAX_TAG_BYTES else None


def _select(points: Points, rows: Sequence[int]) -> Points:
    return Points(
        points.tenant,
        points.site,
        points.measurement,
        points.device,
        [points.tags[row] for row in rows],
        [points.times_ns[row] for row in rows],
        {name: [column[row] for row in rows] for name, column in points.columns.items()},
    )
