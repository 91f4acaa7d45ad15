"""The charts of a device: which there are, and their lines over a time range.

Every chart of a page shows the same range. A line carries its own times; where nothing was observed there is a null, so that a gap is
drawn as a gap. Data is JSON; the same lines, averaged over a few rows, are a table for reading aloud.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from natvakt_server.domain.estate import Row
from natvakt_server.domain.rates import Growth, rates, total
from natvakt_server.domain.series import Line, Tier
from natvakt_server.domain.tiers import HOUR_NS, LONGEST_SPAN_NS, RETENTION_NS, SECOND_NS, choose_tier
from natvakt_server.web.devices.history import DeviceSeries, RowKey, Span, gap_limit_ns
from natvakt_server.web.speech import Speech

RANGES: Mapping[str, int] = {"6h": 6 * HOUR_NS, "24h": 24 * HOUR_NS, "7d": 7 * 24 * HOUR_NS, "30d": 30 * 24 * HOUR_NS}
DEFAULT_RANGE = "24h"
MOST_LINES = 6
TABLE_ROWS = 24
Points = list[tuple[int, float]]
Documents = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class ChartLine:
    label: str
    points: Sequence[tuple[int, float]]

    def mean(self) -> float:
        return sum(value for _, value in self.points) / len(self.points) if self.points else 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    lines: Sequence[ChartLine]
    breaks_ns: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Whose series, which span, what the documents say of the rows, and the interface where only one is wanted."""

    series: DeviceSeries
    documents: Documents
    span: Span
    interface: str
    speech: Speech


@dataclass(frozen=True, slots=True)
class Chart:
    """`unit` is what the axis shows: bit/s and B are scaled, % and others written as they are. `needs`: the table without which there is
    nothing to draw."""

    name: str
    needs: str
    unit: str
    draw: Callable[[Question], Drawn]
    per_interface: bool = False


def span_of(range_name: str, now_ns: int) -> Span:
    """The tier for this range. Minutes are skipped: many interfaces at five minutes are a page, at one minute a wait."""
    end_ns = now_ns + SECOND_NS
    start_ns = end_ns - RANGES.get(range_name, RANGES[DEFAULT_RANGE])
    tier = choose_tier(start_ns, end_ns, now_ns + SECOND_NS, RETENTION_NS)
    beyond_raw = end_ns - start_ns > LONGEST_SPAN_NS[Tier.RAW] + SECOND_NS
    if tier is Tier.MINUTE:
        tier = Tier.FIVE_MINUTES if beyond_raw else Tier.RAW
    return Span(start_ns, end_ns, tier)


def _traffic(question: Question) -> Drawn:
    return _counters(question, {"ifHCInOctets": "chart-in", "ifHCOutOctets": "chart-out"}, lambda rate: 8 * rate)


def _errors(question: Question) -> Drawn:
    words = {
        "ifInErrors": "chart-in-errors",
        "ifOutErrors": "chart-out-errors",
        "ifInDiscards": "chart-in-discards",
        "ifOutDiscards": "chart-out-discards",
    }
    drawn = _counters(question, words, lambda rate: 60 * rate)
    if question.interface:
        return drawn
    return Drawn([line for line in drawn.lines if line.mean() > 0] or drawn.lines[:1], drawn.breaks_ns)


def _counters(question: Question, words: Mapping[str, str], scale: Callable[[float], float]) -> Drawn:
    """The busiest rows, each field a line; or all fields of the one interface that was asked for."""
    grown = _grown(question, list(words))
    names = labels(question.documents.get("interface", ()), "ifIndex", "ifName", "ifDescr")
    lines, breaks = [], set()
    for row, fields in grown.items():
        name = names.get(dict(row).get("ifIndex", ""), dict(row).get("ifIndex", ""))
        for field, counted in fields.items():
            lines.append(ChartLine(f"{name} {question.speech(words[field])}", _rate_points(counted, question.span, scale)))
            breaks |= {each.end_ns for each in counted.breaks}
    return Drawn(_busiest(lines), sorted(breaks))


def _grown(question: Question, fields: Sequence[str]) -> Mapping[RowKey, Mapping[str, Growth]]:
    """The busiest are found by the hour, which is a few values a port; only they are then read finely."""
    series, span = question.series, question.span
    if question.interface:
        return series.growths("interface", fields, span, {"ifIndex": question.interface})
    hourly = series.growths("interface", fields, replace(span, tier=Tier.HOUR))
    sums = [(total(counted, span.start_ns, span.end_ns).increase, row) for row, found in hourly.items() for counted in found.values()]
    busiest = dict.fromkeys(row for _, row in sorted(sums, key=lambda each: (-each[0], each[1]))[:MOST_LINES])
    if not busiest or span.tier is Tier.HOUR:
        return hourly or series.growths("interface", fields, span)  # too young for hours
    return {row: found for wanted in busiest for row, found in series.growths("interface", fields, span, dict(wanted)).items()}


def _rate_points(counted: Growth, span: Span, scale: Callable[[float], float]) -> Points:
    """Rolled-up windows are drawn at their start, so that all lines of a chart share their times."""
    return [(moment + 1 - span.width_ns if span.width_ns else moment, scale(rate)) for moment, rate in rates(counted)]


def _cpu(question: Question) -> Drawn:
    names = labels(question.documents.get("cpu", ()), "index", "name")
    rows = question.series.gauges("cpu", ("used_ratio",), question.span)
    return Drawn(_busiest([_gauge(names, row, fields["used_ratio"], 100.0) for row, fields in rows.items() if "used_ratio" in fields]))


def _share(measurement: str) -> Callable[[Question], Drawn]:
    def draw(question: Question) -> Drawn:
        names = labels(question.documents.get(measurement, ()), "index", "name")
        lines = []
        for row, fields in question.series.gauges(measurement, ("used_bytes", "total_bytes"), question.span).items():
            if "used_bytes" in fields and "total_bytes" in fields:
                whole = dict(zip(fields["total_bytes"].times_ns, fields["total_bytes"].values, strict=True))
                used = zip(fields["used_bytes"].times_ns, fields["used_bytes"].values, strict=True)
                points = [(moment, 100 * value / whole[moment]) for moment, value in used if whole.get(moment)]
                lines.append(ChartLine(_label(names, row), points))
        return Drawn(_busiest(lines))

    return draw


def _temperature(question: Question) -> Drawn:
    sensors = [row for row in question.documents.get("sensor", ()) if str(row.get("unit")).casefold() in ("celsius", "cel", "°c")]
    names = labels(sensors, "oid", "name")
    rows = question.series.gauges("sensor", ("value",), question.span)
    return Drawn(_busiest([_gauge(names, row, fields["value"], 1.0) for row, fields in rows.items() if dict(row).get("oid", "") in names]))


def _answers(question: Question) -> Drawn:
    rows = question.series.gauges("reachability", ("up",), question.span)
    return Drawn([ChartLine(dict(row).get("method", ""), _scaled(fields["up"], 100.0)) for row, fields in rows.items() if "up" in fields])


def _delay(question: Question) -> Drawn:
    rows = question.series.gauges("reachability", ("rtt_seconds",), question.span)
    return Drawn(
        [ChartLine(dict(row).get("method", ""), _scaled(f["rtt_seconds"], 1000.0)) for row, f in rows.items() if "rtt_seconds" in f]
    )


CHARTS: tuple[Chart, ...] = (
    Chart("traffic", "interface", "bit/s", _traffic, per_interface=True),
    Chart("errors", "interface", "/min", _errors, per_interface=True),
    Chart("cpu", "cpu", "%", _cpu),
    Chart("memory", "memory", "%", _share("memory")),
    Chart("storage", "storage", "%", _share("storage")),
    Chart("temperature", "sensor", "°C", _temperature),
    Chart("answers", "reachability", "%", _answers),
    Chart("delay", "reachability", "ms", _delay),
)


def chart_named(name: str) -> Chart | None:
    return next((chart for chart in CHARTS if chart.name == name), None)


def as_data(drawn: Drawn, chart: Chart, span: Span) -> dict[str, object]:
    """What the browser draws: seconds and numbers, null where a gap is."""
    return {
        "unit": chart.unit,
        "from": span.start_ns // SECOND_NS,
        "to": span.end_ns // SECOND_NS,
        "breaks": [moment // SECOND_NS for moment in drawn.breaks_ns],
        "lines": [_line_data(line, span) for line in drawn.lines],
    }


def as_rows(drawn: Drawn, span: Span) -> Sequence[tuple[int, Sequence[float | None]]]:
    """The same in a few rows: the mean of each line over each part of the span."""
    width_ns = (span.end_ns - span.start_ns) // TABLE_ROWS
    sums: list[dict[int, tuple[float, int]]] = []
    for line in drawn.lines:
        parts: dict[int, tuple[float, int]] = {}
        for moment, value in line.points:
            place = (moment - span.start_ns) // width_ns
            total, count = parts.get(place, (0.0, 0))
            parts[place] = (total + value, count + 1)
        sums.append(parts)
    return [
        (span.start_ns + place * width_ns, [parts[place][0] / parts[place][1] if place in parts else None for parts in sums])
        for place in range(TABLE_ROWS)
    ]


def labels(rows: Sequence[Row], key: str, *names: str) -> dict[str, str]:
    """What each row is called, by its key: the first name that is not blank."""
    return {str(row.get(key)): next((str(row[name]) for name in names if row.get(name)), str(row.get(key))) for row in rows}


def _gauge(names: Mapping[str, str], row: RowKey, line: Line, factor: float) -> ChartLine:
    return ChartLine(_label(names, row), _scaled(line, factor))


def _label(names: Mapping[str, str], row: RowKey) -> str:
    key = row[0][1] if row else ""
    return names.get(key, key)


def _scaled(line: Line, factor: float) -> Points:
    return [(moment, factor * value) for moment, value in zip(line.times_ns, line.values, strict=True)]


def _busiest(lines: Sequence[ChartLine]) -> Sequence[ChartLine]:
    return sorted(lines, key=lambda line: (-line.mean(), line.label))[:MOST_LINES]


def _line_data(line: ChartLine, span: Span) -> dict[str, object]:
    limit_ns = gap_limit_ns([moment for moment, _ in line.points], span.width_ns)
    times: list[int] = []
    values: list[float | None] = []
    before = None
    for moment, value in line.points:
        if before is not None and moment - before > limit_ns:
            times.append((before + 1) // SECOND_NS + 1)
            values.append(None)
        times.append(moment // SECOND_NS)
        values.append(float(f"{value:.4g}"))
        before = moment
    return {"label": line.label, "times": times, "values": values}
