"""Time series in InfluxDB 2: one bucket a tier, one more that remembers what is to be rolled up.

    write_group -> admission -> line protocol -> POST /api/v2/write -> marks
    lines, latest <- Flux with parameters <- POST /api/v2/query

Promises: a point is (measurement, tags, time); InfluxDB unites its fields and the newer value wins, so a replay overwrites itself.
Marks are written after the points: a crash between the two repeats the batch. Where a write is refused, the lines that are to blame
are found by halving; all others are stored.
"""

import functools
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.registry import TABLES, TableDefinition
from natvakt_server.domain.series import (
    BatchKey,
    Delivery,
    Line,
    Query,
    Rejected,
    SeriesKey,
    SeriesTable,
    SeriesUnavailable,
    Tier,
    Touched,
    WriteResult,
)
from natvakt_server.domain.tiers import BELOW, DAY_NS, RETENTION_NS, SECOND_NS, TOUCH_NS, WIDTH_NS
from natvakt_server.store.timeseries.admission import TimeWindow, admit, tag_names
from natvakt_server.store.timeseries.asking import check_latest, check_query
from natvakt_server.store.timeseries.flux import FluxQuery, Selection, TimeReader, format_time, oldest, result_tables, select, tenants_of
from natvakt_server.store.timeseries.influx_connection import InfluxConnection, InfluxSettings, Refused
from natvakt_server.store.timeseries.influx_frames import Run, frame_of, runs_of
from natvakt_server.store.timeseries.influx_writing import LineWriter
from natvakt_server.store.timeseries.line_protocol import PointLine, decode_tag, lines_of_points, lines_of_rows, series_prefix
from natvakt_server.store.timeseries.rolling import Frame, roll_up_measurement, widen

MARKS = "touched"
DEVICES_A_QUERY = 100
_BUCKET_SLACK_NS = 7 * DAY_NS
_END_OF_TIME_NS = 9_000_000_000 * SECOND_NS


@dataclass(slots=True)
class _Outcome:
    written: int
    rejected: list[Rejected]


class InfluxSeries:
    """Implements SeriesGroupWriter, SeriesReader and SeriesMaintenance. `writer` names this process among those that write."""

    def __init__(
        self,
        settings: InfluxSettings,
        clock: Clock,
        writer: str,
        definitions: Mapping[str, TableDefinition] = TABLES,
        retention_ns: Mapping[Tier, int] = RETENTION_NS,
    ) -> None:
        self._settings, self._clock, self._writer = settings, clock, writer
        self._definitions, self._retention_ns = definitions, retention_ns
        self._connection = InfluxConnection(settings)
        self._lines = LineWriter(self._connection, settings.organisation)
        self._lock = threading.Lock()
        self._ready = False
        self._mark = 0

    def close(self) -> None:
        self._connection.close()

    def _bucket(self, tier: Tier | str) -> str:
        return f"{self._settings.bucket_prefix}_{tier}"

    def _prepare(self) -> None:
        """Make the buckets that are missing, at the first use: the server starts while InfluxDB is away."""
        if self._ready:
            return
        identity = self._organisation_id()
        present = self._bucket_names(identity)
        for name, kept_ns in [*((str(tier), self._retention_ns[tier]) for tier in Tier), (MARKS, self._retention_ns[Tier.RAW])]:
            if self._bucket(name) in present:
                continue
            seconds = (kept_ns + _BUCKET_SLACK_NS) // SECOND_NS
            rules = [{"type": "expire", "everySeconds": seconds}] if self._settings.limit_bucket_retention else []
            body = {"orgID": identity, "name": self._bucket(name), "retentionRules": rules}
            try:
                self._connection.call_json("POST", "/api/v2/buckets", {}, body)
            except Refused:  # another process may have made it just now
                if self._bucket(name) not in self._bucket_names(identity):
                    raise
        self._ready = True

    def _organisation_id(self) -> str:
        answer = self._connection.call_json("GET", "/api/v2/orgs", {"org": self._settings.organisation})
        organisations = answer.get("orgs")
        if not isinstance(organisations, list) or not organisations:
            raise SeriesUnavailable(f"InfluxDB at {self._settings.url} shows no organisation {self._settings.organisation!r} to this token")
        return str(organisations[0]["id"])

    def _bucket_names(self, organisation_id: str) -> set[str]:
        names: set[str] = set()
        while True:
            parameters = {"orgID": organisation_id, "limit": "100", "offset": str(len(names))}
            page = self._connection.call_json("GET", "/api/v2/buckets", parameters).get("buckets")
            found = {str(bucket["name"]) for bucket in page} if isinstance(page, list) else set()
            if found <= names:
                return names
            names |= found

    # Writing

    def write(self, batch: BatchKey, tables: Sequence[SeriesTable]) -> WriteResult:
        return self.write_group([(batch, tables)])[0]

    def write_group(self, deliveries: Sequence[Delivery]) -> Sequence[WriteResult]:
        window = TimeWindow.at(self._clock.wall_ns(), self._retention_ns[Tier.RAW])
        outcomes: list[_Outcome] = []
        lines: list[PointLine] = []
        origins: list[tuple[_Outcome, str]] = []
        windows: set[tuple[str, int]] = set()
        for batch, tables in deliveries:
            outcome = _Outcome(0, [])
            outcomes.append(outcome)
            for table in tables:
                points, refused = admit(batch, table, window, self._definitions)
                outcome.rejected.extend(refused)
                if points is not None:
                    made = lines_of_points(points, self._definitions[points.measurement])
                    lines.extend(made)
                    origins.extend([(outcome, points.measurement)] * len(made))
                    outcome.written += points.samples()
                    windows |= {(points.tenant, moment // TOUCH_NS) for moment in set(points.times_ns)}
        if lines:
            self._prepare()
            for place, reason in self._lines.write(self._bucket(Tier.RAW), lines):
                outcome, measurement = origins[place]
                outcome.written -= lines[place].samples
                outcome.rejected.append(Rejected(measurement, reason, lines[place].samples))
            self._touch(windows)
        return [WriteResult(outcome.written, outcome.rejected) for outcome in outcomes]

    def _touch(self, windows: set[tuple[str, int]]) -> None:
        with self._lock:
            first = max(self._mark + 1, self._clock.wall_ns())
            self._mark = first + len(windows)
        marks = []
        for place, (tenant, window) in enumerate(sorted(windows)):
            prefix = series_prefix(MARKS, ("writer",), tenant, "", "", (self._writer,))
            marks.append(PointLine(f"{prefix} start_ns={window * TOUCH_NS}i {first + place}", 1))
        self._lines.write(self._bucket(MARKS), marks)

    # Reading

    def lines(self, tenant: str, query: Query) -> Sequence[Line]:
        check_query(query, self._definitions)
        if not query.devices or not query.fields or query.start_ns >= query.end_ns:
            return []
        found: dict[SeriesKey, list[tuple[int, float]]] = {}
        for devices in _portions(query.devices):
            wanted = Selection(
                self._bucket(query.tier), tenant, query.measurement, query.start_ns, query.end_ns, query.fields, devices, query.tags
            )
            for run in self._runs(select(wanted), query.measurement):
                found.setdefault(self._key(run, query.measurement), []).extend(zip(run.times_ns, run.values, strict=True))
        lines = []
        for key in sorted(found, key=lambda key: (key.device, key.tags, key.field)):
            times, values = zip(*sorted(found[key]), strict=True)
            lines.append(Line(key, list(times), list(values)))
        return lines

    def latest(self, tenant: str, measurement: str, devices: Sequence[str], since_ns: int) -> Mapping[SeriesKey, tuple[int, float]]:
        check_latest(measurement, self._definitions)
        found: dict[SeriesKey, tuple[int, float]] = {}
        for portion in _portions(devices):
            wanted = Selection(self._bucket(Tier.RAW), tenant, measurement, since_ns, _END_OF_TIME_NS, (), portion)
            for run in self._runs(select(wanted, newest_only=True), measurement):
                key = self._key(run, measurement)
                if key not in found or run.times_ns[-1] > found[key][0]:
                    found[key] = (run.times_ns[-1], run.values[-1])
        return found

    def _key(self, run: Run, measurement: str) -> SeriesKey:
        names = tag_names(self._definitions[measurement])
        return SeriesKey(measurement, run.key.device, tuple(zip(names, run.key.tags, strict=True)), run.field)

    def _runs(self, query: FluxQuery, measurement: str) -> Iterator[Run]:
        """The answer is read while it comes."""
        self._prepare()
        with self._connection.stream("/api/v2/query", {"org": self._settings.organisation}, query.body()) as text:
            yield from runs_of(text, self._definitions[measurement])

    # Maintenance

    def roll_up(self, tier: Tier, start_ns: int, end_ns: int, tenant: str | None = None) -> int:
        self._prepare()
        width_ns, below = WIDTH_NS[tier], self._bucket(BELOW[tier])
        count = 0
        for definition in self._definitions.values():
            if not definition.series:
                continue
            every = tenants_of(below, definition.name, start_ns - width_ns, end_ns + width_ns)
            for owner in self._tenants(every) if tenant is None else [tenant]:
                frame = roll_up_measurement(functools.partial(self._tenant_frame, owner), definition, tier, start_ns, end_ns)
                rows = widen(frame)
                self._lines.write(self._bucket(tier), lines_of_rows(owner, definition, tier, frame, rows))
                count += len(rows.rows)
        return count

    def _tenants(self, query: FluxQuery) -> Sequence[str]:
        with self._connection.stream("/api/v2/query", {"org": self._settings.organisation}, query.body()) as text:
            return [decode_tag(row[table.columns["_value"]]) for table in result_tables(text) for row in table.rows]

    def _tenant_frame(
        self, tenant: str, measurement: str, fields: Sequence[str], tier: Tier, start_ns: int, end_ns: int, lookback_ns: int
    ) -> Frame:
        wanted = Selection(self._bucket(tier), tenant, measurement, start_ns, end_ns, fields)
        runs = self._runs(select(wanted), measurement)
        if lookback_ns:
            before = replace(wanted, start_ns=start_ns - lookback_ns, end_ns=start_ns)
            runs = chain(self._runs(select(before, newest_only=True), measurement), runs)
        return frame_of(runs)

    def expire(self, tier: Tier, before_ns: int) -> None:
        self._prepare()
        parameters = {"org": self._settings.organisation, "bucket": self._bucket(tier)}
        self._delete(parameters, before_ns - 1)

    def _delete(self, parameters: Mapping[str, str], through_ns: int) -> None:
        if through_ns > 0:
            span = {"start": format_time(0), "stop": format_time(through_ns)}
            self._connection.call_json("POST", "/api/v2/delete", parameters, span)

    def touched(self, limit: int) -> Sequence[Touched]:
        self._prepare()
        query = oldest(self._bucket(MARKS), MARKS, 0, _END_OF_TIME_NS, limit)
        time_of = TimeReader()
        with self._connection.stream("/api/v2/query", {"org": self._settings.organisation}, query.body()) as text:
            return [
                Touched(
                    time_of(row[table.columns["_time"]]),
                    decode_tag(row[table.columns["tenant"]]),
                    int(row[table.columns["_value"]]),
                )
                for table in result_tables(text)
                for row in table.rows
            ]

    def settle(self, through_mark: int) -> None:
        self._delete({"org": self._settings.organisation, "bucket": self._bucket(MARKS)}, through_mark)

    def remember(self, windows: Sequence[tuple[str, int]]) -> None:
        if windows:
            self._prepare()
            self._touch({(tenant, start_ns // TOUCH_NS) for tenant, start_ns in windows})

    def compact(self, start_ns: int, end_ns: int) -> int:  # noqa: ARG002 - InfluxDB compacts by itself
        return 0


def _portions(devices: Sequence[str]) -> Sequence[Sequence[str]]:
    """Distinct devices, at most so many a query as its text stays small."""
    distinct = list(dict.fromkeys(devices))
    return [distinct[start : start + DEVICES_A_QUERY] for start in range(0, len(distinct), DEVICES_A_QUERY)]
