# ruff: noqa: S608 - only names from the registry become part of a statement, and quoted; values are parameters
"""The embedded time series store: one DuckDB file, one process.

    write_group -> admission -> columns of a measurement (numpy) -> one transaction: names, points, touched windows
    lines, latest <- wide table a measurement and tier, rows found through the dictionary in memory

Promises: a point is (series row, time); writing it again replaces its values field by field, so a replay never doubles.
A group of batches is stored whole or not at all. Readers see committed groups only and never wait for the writer.
"""

import contextlib
import functools
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.registry import TABLES, TableDefinition
from natvakt_server.domain.series import (
    BatchKey,
    Delivery,
    Line,
    Query,
    SeriesKey,
    SeriesTable,
    SeriesUnavailable,
    Tier,
    Touched,
    WriteResult,
)
from natvakt_server.domain.tiers import RETENTION_NS, TOUCH_NS, columns_of
from natvakt_server.store.timeseries.admission import Points, TimeWindow, admit, tag_names
from natvakt_server.store.timeseries.asking import check_latest, check_query, tags_match
from natvakt_server.store.timeseries.duckdb_columns import (
    NumberedPoints,
    between,
    merge,
    newest,
    point_columns,
    rolled_columns,
    samples_of,
)
from natvakt_server.store.timeseries.duckdb_schema import DEFAULT_LIMITS, Dictionary, Limits, open_database, table_name
from natvakt_server.store.timeseries.rolling import Frame, RowKey, Samples, WideRows, roll_up_measurement, widen

ROLLED_ROWS_A_COMMIT = 300_000
_AWAY = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException, duckdb.ConnectionException)


class DuckDbSeries:
    """Implements SeriesGroupWriter, SeriesReader and SeriesMaintenance over one file."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        definitions: Mapping[str, TableDefinition] = TABLES,
        retention_ns: Mapping[Tier, int] = RETENTION_NS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._path, self._clock, self._definitions = path, clock, definitions
        self._retention_ns, self._limits = retention_ns, limits
        self._writing = threading.Lock()
        self._connect()

    def _connect(self) -> None:
        self._connection = open_database(self._path, self._definitions, self._limits)
        self._dictionary = Dictionary(self._connection)
        newest = self._connection.execute("SELECT coalesce(max(mark), 0) FROM touched").fetchall()
        self._mark = max(int(newest[0][0]), self._clock.wall_ns())

    def close(self) -> None:
        with self._writing:
            self._connection.close()

    def copy_to(self, folder: Path) -> Sequence[Path]:
        """The file as it stands, and its log where there is one, while readers go on. Raises SeriesUnavailable."""
        with self._writing:
            with contextlib.suppress(duckdb.Error):  # readers are at work: then the log is copied too
                self._connection.execute("CHECKPOINT")
            found = [path for path in (self._path, self._path.with_name(f"{self._path.name}.wal")) if path.exists()]
            try:
                return [Path(shutil.copyfile(path, folder / path.name)) for path in found]
            except OSError as error:
                raise SeriesUnavailable(f"time series file {self._path}: cannot be copied to {folder}: {error.strerror}") from error

    # Writing

    def write(self, batch: BatchKey, tables: Sequence[SeriesTable]) -> WriteResult:
        return self.write_group([(batch, tables)])[0]

    def write_group(self, deliveries: Sequence[Delivery]) -> Sequence[WriteResult]:
        window = TimeWindow.at(self._clock.wall_ns(), self._retention_ns[Tier.RAW])
        results: list[WriteResult] = []
        admitted: list[Points] = []
        for batch, tables in deliveries:
            outcomes = [admit(batch, table, window, self._definitions) for table in tables]
            good = [points for points, _ in outcomes if points is not None]
            admitted.extend(good)
            results.append(WriteResult(sum(map(Points.samples, good)), [entry for _, refused in outcomes for entry in refused]))
        with self._transaction() as connection:
            by_measurement: dict[str, list[NumberedPoints]] = {}
            for points in admitted:
                series = self._dictionary.find_or_add(points.tenant, points.site, points.measurement, points.device, points.tags)
                by_measurement.setdefault(points.measurement, []).append((series, points))
            for measurement, numbered in by_measurement.items():
                merge(connection, table_name(Tier.RAW, measurement), point_columns(numbered, self._definitions[measurement]))
            self._touch(connection, {(points.tenant, moment // TOUCH_NS) for points in admitted for moment in set(points.times_ns)})
        return results

    def _touch(self, connection: duckdb.DuckDBPyConnection, windows: set[tuple[str, int]]) -> None:
        """One row a tenant and window, under the mark of its newest write."""
        if not windows:
            return
        tenants, numbers = zip(*sorted(windows), strict=True)
        marks = [self._mark + 1 + place for place in range(len(numbers))]
        self._mark = marks[-1]
        starts = [number * TOUCH_NS for number in numbers]
        connection.execute(
            "DELETE FROM touched USING (SELECT unnest($1::VARCHAR[]) AS tenant, unnest($2::BIGINT[]) AS start_ns) AS arrived "
            "WHERE touched.tenant = arrived.tenant AND touched.start_ns = arrived.start_ns",
            [list(tenants), starts],
        )
        connection.execute(
            "INSERT INTO touched SELECT unnest($1::BIGINT[]), unnest($2::VARCHAR[]), unnest($3::BIGINT[])", [marks, list(tenants), starts]
        )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One writer at a time; new names are stored with the points or forgotten with them."""
        with self._writing:
            named = len(self._dictionary)
            try:
                self._connection.execute("BEGIN")
                yield self._connection
                self._dictionary.store_from(self._connection, named)
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._dictionary.forget_from(named)
                self._recover(error)
                if isinstance(error, _AWAY):
                    raise SeriesUnavailable(f"time series file {self._path}: {error}") from error
                raise

    def _recover(self, error: BaseException) -> None:
        """Roll back; after a fatal error DuckDB wants the file opened anew."""
        if isinstance(error, duckdb.FatalException | duckdb.ConnectionException):
            self._connection.close()
            self._connect()
        else:
            with contextlib.suppress(duckdb.Error):  # an error of BEGIN or COMMIT has ended the transaction already
                self._connection.execute("ROLLBACK")

    # Reading

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except _AWAY as error:
            raise SeriesUnavailable(f"time series file {self._path}: {error}") from error

    def _series_of(self, tenant: str, measurement: str, devices: Sequence[str], tags: Mapping[str, str]) -> Sequence[int]:
        names = tag_names(self._definitions[measurement])
        return [
            series
            for device in dict.fromkeys(devices)
            for row, series in list(self._dictionary.rows(tenant, measurement, device).items())
            if tags_match(names, row, tags)
        ]

    def _key(self, series: int, name: str) -> SeriesKey:
        row = self._dictionary[series]
        names = tag_names(self._definitions[row.measurement])
        return SeriesKey(row.measurement, row.device, tuple(zip(names, row.tags, strict=True)), name)

    def lines(self, tenant: str, query: Query) -> Sequence[Line]:
        check_query(query, self._definitions)
        series = self._series_of(tenant, query.measurement, query.devices, query.tags)
        fields = list(dict.fromkeys(query.fields))
        if not series or not fields or query.start_ns >= query.end_ns:
            return []
        by_field = self._samples(series, query.measurement, fields, query.tier, query.start_ns, query.end_ns, 0)
        found: list[Line] = []
        shared: dict[bytes, list[int]] = {}  # fields of a row, and rows of one poll, have the same times: half of what lines weigh
        for name, samples in by_field.items():
            edges = np.flatnonzero(np.diff(samples.rows)) + 1
            times, values = np.split(samples.times_ns, edges), np.split(samples.values, edges)
            for row, row_times, row_values in zip(samples.rows[np.concatenate(([0], edges))], times, values, strict=True):
                known = row_times.tobytes()
                if known not in shared:
                    shared[known] = row_times.tolist()
                found.append(Line(self._key(int(row), name), shared[known], row_values.tolist()))
        return sorted(found, key=lambda line: (line.key.device, line.key.tags, line.key.field))

    def latest(self, tenant: str, measurement: str, devices: Sequence[str], since_ns: int) -> Mapping[SeriesKey, tuple[int, float]]:
        check_latest(measurement, self._definitions)
        series = self._series_of(tenant, measurement, devices, {})
        names = list(self._definitions[measurement].series)
        found: dict[SeriesKey, tuple[int, float]] = {}
        if series and names:
            with self._cursor() as cursor:
                for row in newest(cursor, table_name(Tier.RAW, measurement), names, series, since_ns):
                    for name, moment, value in zip(names, row[1::2], row[2::2], strict=True):
                        if moment is not None:
                            found[self._key(row[0], name)] = (moment, value)
        return found

    def _samples(
        self, series: Sequence[int], measurement: str, fields: Sequence[str], tier: Tier, start_ns: int, end_ns: int, lookback_ns: int
    ) -> Mapping[str, Samples]:
        """By field; `rows` are numbers of the dictionary. With `lookback_ns` also each field's newest sample before the span."""
        table = table_name(tier, measurement)
        types = columns_of(self._definitions[measurement], tier)
        with self._cursor() as cursor:
            columns = between(cursor, table, fields, series, start_ns, end_ns)
            earlier = newest(cursor, table, fields, series, start_ns - lookback_ns, start_ns) if lookback_ns else []
        return {name: samples for name in fields if len((samples := samples_of(columns, earlier, name, types[name])).rows)}

    # Maintenance

    def roll_up(self, tier: Tier, start_ns: int, end_ns: int, tenant: str | None = None) -> int:
        count, ready, held = 0, [], 0
        for owner, measurement in self._dictionary.scopes():
            definition = self._definitions.get(measurement)
            if definition is None or not definition.series or tenant not in (None, owner):
                continue
            rows = widen(roll_up_measurement(functools.partial(self._tenant_frame, owner), definition, tier, start_ns, end_ns))
            if len(rows.rows):
                ready.append((measurement, rows))
                held += len(rows.rows)
            if held >= ROLLED_ROWS_A_COMMIT:
                self._keep_rolled(tier, ready)
                count, ready, held = count + held, [], 0
        self._keep_rolled(tier, ready)
        return count + held

    def _keep_rolled(self, tier: Tier, ready: Sequence[tuple[str, WideRows]]) -> None:
        """One commit for several measurements: of a small customer most have few rows, and a commit costs the same for each."""
        if ready:
            with self._transaction() as connection:
                for measurement, rows in ready:
                    merge(connection, table_name(tier, measurement), rolled_columns(rows))

    def _tenant_frame(
        self, tenant: str, measurement: str, fields: Sequence[str], tier: Tier, start_ns: int, end_ns: int, lookback_ns: int
    ) -> Frame:
        series = self._dictionary.of_tenant(tenant, measurement)
        if not series:
            return Frame({}, {})
        samples = self._samples(series, measurement, fields, tier, start_ns, end_ns, lookback_ns)
        names = {number: self._dictionary[number] for number in series}
        return Frame({number: RowKey(name.site, name.device, name.tags) for number, name in names.items()}, samples)

    def expire(self, tier: Tier, before_ns: int) -> None:
        for definition in self._definitions.values():
            if definition.series:
                with self._transaction() as connection:
                    connection.execute(f"DELETE FROM {table_name(tier, definition.name)} WHERE time < $1", [before_ns])

    def touched(self, limit: int) -> Sequence[Touched]:
        with self._cursor() as cursor:
            rows = cursor.execute("SELECT mark, tenant, start_ns FROM touched ORDER BY mark LIMIT $1", [limit]).fetchall()
        return [Touched(*row) for row in rows]

    def settle(self, through_mark: int) -> None:
        with self._transaction() as connection:
            connection.execute("DELETE FROM touched WHERE mark <= $1", [through_mark])

    def remember(self, windows: Sequence[tuple[str, int]]) -> None:
        with self._transaction() as connection:
            self._touch(connection, {(tenant, start_ns // TOUCH_NS) for tenant, start_ns in windows})

    def compact(self, start_ns: int, end_ns: int) -> int:
        """Rewrite the raw rows of the span ordered by series and time: smaller, and one series lies together."""
        moved = 0
        span = "time >= $1 AND time < $2"
        for definition in self._definitions.values():
            table = table_name(Tier.RAW, definition.name)
            if not definition.series or not self._holds(table, span, start_ns, end_ns):
                continue
            with self._transaction() as connection:
                connection.execute(f"CREATE OR REPLACE TEMP TABLE moving AS SELECT * FROM {table} WHERE {span}", [start_ns, end_ns])
                connection.execute(f"DELETE FROM {table} WHERE {span}", [start_ns, end_ns])
                connection.execute(f"INSERT INTO {table} SELECT * FROM moving ORDER BY series, time")
                moved += int(connection.execute("SELECT count(*) FROM moving").fetchall()[0][0])
                connection.execute("DROP TABLE moving")
        return moved

    def _holds(self, table: str, span: str, start_ns: int, end_ns: int) -> bool:
        """Most tables of most customers are empty: looking costs a tenth of laying nothing in order."""
        with self._cursor() as cursor:
            return cursor.execute(f"SELECT 1 FROM {table} WHERE {span} LIMIT 1", [start_ns, end_ns]).fetchone() is not None
