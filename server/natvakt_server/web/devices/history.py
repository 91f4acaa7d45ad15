"""Series of one device as charts and tables use them: rates of counters and means of gauges, whatever the tier.

A counter's line comes from growth between polls, never from the counter itself; what a reboot or a reset hid is absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from natvakt_server.domain.rates import Growth, growth, growth_of_roll_up, window_rates
from natvakt_server.domain.registry import TABLES, Kind
from natvakt_server.domain.series import Line, Query, SeriesReader, Tier
from natvakt_server.domain.tiers import SECOND_NS, WIDTH_NS

RowKey = tuple[tuple[str, str], ...]
DISCONTINUITY = "ifCounterDiscontinuityTime"
GAP_FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked for: `end_ns` is exclusive."""

    start_ns: int
    end_ns: int
    tier: Tier

    @property
    def width_ns(self) -> int:
        return WIDTH_NS.get(self.tier, 0)


@dataclass(frozen=True, slots=True)
class DeviceSeries:
    """Reads the series of one device, under all the names its agents gave it."""

    reader: SeriesReader
    tenant: str
    agent_devices: tuple[str, ...]

    def growths(
        self, measurement: str, fields: Sequence[str], span: Span, tags: Mapping[str, str] | None = None
    ) -> Mapping[RowKey, Mapping[str, Growth]]:
        """By row and field, what each counter gained."""
        raw = span.tier is Tier.RAW
        columns = list(fields) if raw else [name + suffix for name in fields for suffix in ("_increase", "_seconds")]
        if raw and DISCONTINUITY in TABLES[measurement].series:
            columns.append(DISCONTINUITY)
        rows = self._rows(measurement, columns, span, tags or {})
        uptime = self._uptime(span) if raw else None
        return {
            row: {name: made for name in fields if (made := _growth(lines, name, span, uptime)) is not None} for row, lines in rows.items()
        }

    def gauges(self, measurement: str, fields: Sequence[str], span: Span) -> Mapping[RowKey, Mapping[str, Line]]:
        assert all(TABLES[measurement].series[name].kind is not Kind.COUNTER for name in fields)
        return self._rows(measurement, fields, span, {})

    def latest(self, measurement: str, since_ns: int) -> Mapping[RowKey, Mapping[str, float]]:
        """By row and field, the newest value."""
        found: dict[RowKey, dict[str, tuple[int, float]]] = {}
        for key, (moment_ns, value) in self.reader.latest(self.tenant, measurement, self.agent_devices, since_ns).items():
            row = found.setdefault(key.tags, {})
            if moment_ns >= row.get(key.field, (0, 0.0))[0]:
                row[key.field] = (moment_ns, value)
        return {row: {name: value for name, (_, value) in fields.items()} for row, fields in found.items()}

    def _uptime(self, span: Span) -> Line | None:
        return self._rows("device", ("sysUpTime",), span, {}).get((), {}).get("sysUpTime")

    def _rows(self, measurement: str, columns: Sequence[str], span: Span, tags: Mapping[str, str]) -> dict[RowKey, dict[str, Line]]:
        query = Query(measurement, columns, self.agent_devices, span.start_ns, span.end_ns, dict(tags), span.tier)
        rows: dict[RowKey, dict[str, Line]] = {}
        for line in self.reader.lines(self.tenant, query):
            fields = rows.setdefault(line.key.tags, {})
            fields[line.key.field] = _joined(fields[line.key.field], line) if line.key.field in fields else line
        return rows


def _growth(lines: Mapping[str, Line], name: str, span: Span, uptime: Line | None) -> Growth | None:
    if span.tier is Tier.RAW:
        return growth(lines[name], lines.get(DISCONTINUITY), uptime) if name in lines else None
    increase, seconds = lines.get(f"{name}_increase"), lines.get(f"{name}_seconds")
    return None if increase is None or seconds is None else growth_of_roll_up(increase, seconds, span.width_ns)


def _joined(one: Line, other: Line) -> Line:
    """A device that two agents have seen has two lines of each row."""
    samples = sorted({**dict(zip(other.times_ns, other.values, strict=True)), **dict(zip(one.times_ns, one.values, strict=True))}.items())
    return Line(one.key, [moment for moment, _ in samples], [value for _, value in samples])


def gap_limit_ns(times_ns: Sequence[int], width_ns: int) -> int:
    """Two points further apart than this have a gap between them: three times what is usual in this line."""
    usual = median(after - before for before, after in pairwise(times_ns)) if len(times_ns) > 1 else 0
    return int(GAP_FACTOR * max(usual, width_ns, SECOND_NS))


def spark_points(counted: Growth, span: Span, buckets: int, width: float, height: float) -> tuple[tuple[str, ...], float]:
    """Polylines of a rate over the span, one a stretch without a gap, and the highest rate drawn."""
    bucket_ns = max(1, (span.end_ns - span.start_ns) // buckets)
    drawn = [(moment, rate) for moment, rate in window_rates(counted, bucket_ns) if moment + bucket_ns > span.start_ns]
    top = max((rate for _, rate in drawn), default=0.0)
    stretches: list[list[str]] = []
    before = None
    for moment, rate in drawn:
        if before is None or moment - before > 2 * bucket_ns:
            stretches.append([])
        x = max(0.0, (moment - span.start_ns) / (span.end_ns - span.start_ns)) * width
        stretches[-1].append(f"{x:.1f},{height - (rate / top * height if top else 0):.1f}")
        before = moment
    return tuple(" ".join(points) for points in stretches), top
