# ruff: noqa: S608 - only names from the registry become part of a statement, and quoted; values are parameters
"""Columns in and out of the embedded store: numpy arrays on our side, one SQL statement on the other.

Measured: numpy columns go in at 7 M values/s of one core, Python lists through `unnest` at 0.65 M.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np

from natvakt_server.domain.registry import TableDefinition
from natvakt_server.domain.series import Number, Tier
from natvakt_server.domain.tiers import ColumnType, columns_of
from natvakt_server.store.timeseries.admission import Points
from natvakt_server.store.timeseries.duckdb_schema import quoted
from natvakt_server.store.timeseries.rolling import Array, Samples, WideRows

NUMPY_TYPE: Mapping[ColumnType, type[np.generic]] = {
    ColumnType.UNSIGNED: np.uint64,
    ColumnType.SIGNED: np.int64,
    ColumnType.FLOAT: np.float64,
}

NumberedPoints = tuple[Sequence[int], Points]
"""Points with the dictionary's number of each row."""


def point_columns(numbered: Sequence[NumberedPoints], definition: TableDefinition) -> Mapping[str, Array]:
    """One array a column over all chunks, masked where a chunk or row has no value."""
    types = columns_of(definition, Tier.RAW)
    columns: dict[str, Array] = {
        "series": np.array([number for series, _ in numbered for number in series], np.uint32),
        "time": np.array([moment for _, points in numbered for moment in points.times_ns], np.int64),
    }
    for name, kind in types.items():
        values: list[Number | None] = []
        for series, points in numbered:
            values.extend(points.columns.get(name) or [None] * len(series))
        missing = values.count(None)
        if missing == len(values):
            continue
        if missing:
            filled = np.array([0 if value is None else value for value in values], NUMPY_TYPE[kind])
            columns[name] = np.ma.masked_array(filled, mask=[value is None for value in values])
        else:
            columns[name] = np.array(values, NUMPY_TYPE[kind])
    return columns


def rolled_columns(rows: WideRows) -> Mapping[str, Array]:
    return {"series": rows.rows.astype(np.uint32), "time": rows.times_ns, **rows.columns}


def merge(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Array]) -> None:
    """Add the rows; a row that is there already, or comes twice, is united field by field and the newer value wins."""
    times = columns["time"]
    incoming, doubled = _in_order(columns)
    connection.register("incoming", incoming)
    try:
        names = [name for name in columns if name not in ("series", "time")]
        wanted = ", ".join(map(quoted, names))
        span = [int(times.min()), int(times.max())]
        source = "incoming"
        if doubled:
            united = ", ".join(f"arg_max({quoted(name)}, place) FILTER ({quoted(name)} IS NOT NULL) AS {quoted(name)}" for name in names)
            connection.execute(f"CREATE OR REPLACE TEMP TABLE arriving AS SELECT series, time, {united} FROM incoming GROUP BY ALL")
            source = "arriving"
        present = connection.execute(
            f"SELECT count(*) FROM {table} t SEMI JOIN {source} i ON t.series = i.series AND t.time = i.time "
            "WHERE t.time BETWEEN $1 AND $2",
            span,
        ).fetchall()[0][0]
        if present:
            _replace(connection, table, source, names, span)
        else:
            connection.execute(f"INSERT INTO {table} (series, time, {wanted}) SELECT series, time, {wanted} FROM {source}")
        if doubled:
            connection.execute("DROP TABLE arriving")
    finally:
        connection.unregister("incoming")


def _in_order(columns: Mapping[str, Array]) -> tuple[Mapping[str, Array], bool]:
    """The rows by series and time, with the `place` each had; and whether one comes twice."""
    order = _order(columns)
    if order is None:
        return {**columns, "place": np.arange(len(columns["time"]), dtype=np.int64)}, False
    ordered = {name: column[order] for name, column in columns.items()}
    doubled = bool(((np.diff(ordered["series"].astype(np.int64)) == 0) & (np.diff(ordered["time"]) == 0)).any())
    return ordered | {"place": order.astype(np.int64)}, doubled


def _order(columns: Mapping[str, Array]) -> Array | None:
    """Places of the rows by series and time; None where they stand so already, each series and time once: what is in order is not moved."""
    series, times = columns["series"].astype(np.int64), columns["time"]
    steps = np.diff(series)
    if bool(((steps > 0) | ((steps == 0) & (np.diff(times) > 0))).all()):
        return None
    order: Array = np.lexsort((times, series))
    return order


def _replace(connection: duckdb.DuckDBPyConnection, table: str, source: str, names: Sequence[str], span: Sequence[int]) -> None:
    replacements = ", ".join(f"coalesce(i.{quoted(name)}, t.{quoted(name)}) AS {quoted(name)}" for name in names)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE united AS SELECT t.* REPLACE ({replacements}) FROM {table} t "
        f"JOIN {source} i ON t.series = i.series AND t.time = i.time WHERE t.time BETWEEN $1 AND $2",
        span,
    )
    connection.execute(
        f"DELETE FROM {table} t USING {source} i WHERE t.series = i.series AND t.time = i.time AND t.time BETWEEN $1 AND $2", span
    )
    wanted = ", ".join(map(quoted, names))
    connection.execute(
        f"INSERT INTO {table} (series, time, {wanted}) SELECT i.series, i.time, {', '.join('i.' + quoted(name) for name in names)} "
        f"FROM {source} i ANTI JOIN united u ON i.series = u.series AND i.time = u.time"
    )
    connection.execute(f"INSERT INTO {table} SELECT * FROM united")
    connection.execute("DROP TABLE united")


def between(
    cursor: duckdb.DuckDBPyConnection, table: str, fields: Sequence[str], series: Sequence[int], start_ns: int, end_ns: int
) -> Mapping[str, Array]:
    """Columns of the rows in the span, ordered by series and time."""
    columns: Mapping[str, Array] = cursor.execute(
        f"SELECT series, time, {', '.join(map(quoted, fields))} FROM {table} WHERE time >= $1 AND time < $2 "
        "AND series BETWEEN $3 AND $4 AND series IN (SELECT unnest($5::UINTEGER[]))",
        [start_ns, end_ns, min(series), max(series), list(series)],
    ).fetchnumpy()
    order = _order(columns)
    return columns if order is None else {name: column[order] for name, column in columns.items()}


def newest(
    cursor: duckdb.DuckDBPyConnection, table: str, fields: Sequence[str], series: Sequence[int], since_ns: int, before_ns: int = 2**63 - 1
) -> Sequence[tuple[int, ...]]:
    """(series, time of field 1, value of field 1, time of field 2, ...): each field's newest value in the span, None where it has none."""
    columns = ", ".join(
        f"max(time) FILTER ({quoted(name)} IS NOT NULL), arg_max({quoted(name)}, time) FILTER ({quoted(name)} IS NOT NULL)"
        for name in fields
    )
    return cursor.execute(
        f"SELECT series, {columns} FROM {table} WHERE time >= $1 AND time < $2 AND series BETWEEN $3 AND $4 "
        "AND series IN (SELECT unnest($5::UINTEGER[])) GROUP BY series",
        [since_ns, before_ns, min(series), max(series), list(series)],
    ).fetchall()


def samples_of(columns: Mapping[str, Array], earlier: Sequence[tuple[int, ...]], name: str, kind: ColumnType) -> Samples:
    """One field of `between`, with its newest earlier sample from `newest` (same order of fields) put before."""
    present = ~np.ma.getmaskarray(columns[name])
    rows, times = columns["series"].astype(np.int64)[present], columns["time"].astype(np.int64)[present]
    values = np.ma.getdata(columns[name])[present]
    place = 1 + 2 * [column for column in columns if column not in ("series", "time")].index(name)
    found = [(row[0], row[place], row[place + 1]) for row in earlier if row[place] is not None]
    if found:
        first_rows, first_times, first_values = zip(*found, strict=True)
        rows = np.concatenate((np.array(first_rows, np.int64), rows))
        times = np.concatenate((np.array(first_times, np.int64), times))
        values = np.concatenate((np.array(first_values, NUMPY_TYPE[kind]), values))
        order = np.lexsort((times, rows))
        rows, times, values = rows[order], times[order], values[order]
    return Samples(rows, times, values)
