"""Reads as Flux. Every value of a caller is a parameter; the text holds nothing but our own words and names of the registry.

InfluxDB 2 takes parameters as an `extern` syntax tree of options, so a value is never parsed as Flux.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.store.timeseries.line_protocol import encode_tag

Parameter = str | int
"""Text, or a moment in nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class FluxQuery:
    text: str
    parameters: Mapping[str, Parameter]

    def body(self) -> object:
        """What `POST /api/v2/query` takes."""
        statements = [_option(name, value) for name, value in self.parameters.items()]
        return {
            "type": "flux",
            "query": self.text,
            "dialect": {"annotations": ["datatype"], "header": True},
            "extern": {"type": "File", "package": None, "imports": [], "body": statements},
        }


def _option(name: str, value: Parameter) -> object:
    literal: dict[str, str] = {"type": "StringLiteral", "value": value} if isinstance(value, str) else {
        "type": "DateTimeLiteral",
        "value": format_time(value),
    }  # fmt: skip
    assignment = {"type": "VariableAssignment", "id": {"type": "Identifier", "name": name}, "init": literal}
    return {"type": "OptionStatement", "assignment": assignment}


def format_time(moment_ns: int) -> str:
    seconds, fraction = divmod(moment_ns, SECOND_NS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:09d}Z"


@dataclass(frozen=True, slots=True)
class Selection:
    """Points of one measurement of one tenant. `devices` None: all of them; `tags` by name, exact."""

    bucket: str
    tenant: str
    measurement: str
    start_ns: int
    end_ns: int
    fields: Sequence[str] = ()
    devices: Sequence[str] | None = None
    tags: Mapping[str, str] | None = None


def select(wanted: Selection, newest_only: bool = False) -> FluxQuery:
    """Rows of `device, site`, the tags, `_field, _time, _value`. Field and tag names must have been checked by `asking`."""
    parameters: dict[str, Parameter] = {
        "bucket": wanted.bucket,
        "tenant": encode_tag(wanted.tenant),
        "measurement": wanted.measurement,
        "start": wanted.start_ns,
        "stop": wanted.end_ns,
    }
    text = [
        "from(bucket: bucket)",
        "range(start: start, stop: stop)",
        "filter(fn: (r) => r._measurement == measurement and r.tenant == tenant)",
    ]
    if wanted.devices is not None:
        text.append(_any_of("device", wanted.devices, parameters))
    if wanted.fields:
        text.append(_any_of("_field", wanted.fields, parameters))
    for name, value in (wanted.tags or {}).items():
        text.append(_any_of(name, [value], parameters) if value else f'filter(fn: (r) => not exists r["{name}"])')
    if newest_only:
        text.append("last()")
    text.append('drop(columns: ["_start", "_stop", "_measurement", "tenant"])')
    return FluxQuery(" |> ".join(text), parameters)


def _any_of(column: str, values: Sequence[str], parameters: dict[str, Parameter]) -> str:
    tests = []
    for value in values:
        name = f"p{len(parameters)}"
        parameters[name] = encode_tag(value)
        tests.append(f'r["{column}"] == {name}')
    return f"filter(fn: (r) => {' or '.join(tests)})"


def tenants_of(bucket: str, measurement: str, start_ns: int, end_ns: int) -> FluxQuery:
    """Rows of `_value`: tenants with a point of the measurement in the span."""
    text = (
        "from(bucket: bucket) |> range(start: start, stop: stop) |> filter(fn: (r) => r._measurement == measurement) "
        '|> keep(columns: ["tenant"]) |> group() |> distinct(column: "tenant")'
    )
    return FluxQuery(text, {"bucket": bucket, "measurement": measurement, "start": start_ns, "stop": end_ns})


def oldest(bucket: str, measurement: str, start_ns: int, end_ns: int, count: int) -> FluxQuery:
    """Rows of `_time, _value, tenant`: the first `count` points of a measurement, whatever their tags."""
    text = (
        "from(bucket: bucket) |> range(start: start, stop: stop) |> filter(fn: (r) => r._measurement == measurement) "
        f'|> group() |> sort(columns: ["_time"]) |> limit(n: {int(count)}) |> keep(columns: ["_time", "_value", "tenant"])'
    )
    return FluxQuery(text, {"bucket": bucket, "measurement": measurement, "start": start_ns, "stop": end_ns})


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Rows that share a header. `types` by column name, in Flux's words (`double`, `long`, `unsignedLong` ...)."""

    types: Mapping[str, str]
    columns: Mapping[str, int]
    rows: Iterator[list[str]]


def result_tables(lines: Iterator[str]) -> Iterator[ResultTable]:
    """Annotated CSV, read while it comes; each table's rows must be read before the next table is asked for.

    Raises SeriesUnavailable where the server broke off with an error in the middle of its answer.
    """
    reader = csv.reader(lines)
    for row in reader:
        if not row:
            continue
        if "error" in row[:2]:
            raise SeriesUnavailable(f"InfluxDB broke off its answer: {' '.join(next(reader, []))[:400]}")
        if row[0] != "#datatype":
            raise SeriesUnavailable(f"InfluxDB answered something else than annotated CSV: {','.join(row)[:100]!r}")
        header = next(reader)
        if "error" in header:
            raise SeriesUnavailable(f"InfluxDB broke off its answer: {' '.join(next(reader, []))[:400]}")
        yield ResultTable(
            dict(zip(header[1:], row[1:], strict=True)), {name: place for place, name in enumerate(header) if name}, _until_blank(reader)
        )


def _until_blank(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    for row in reader:
        if not row:
            return
        yield row


class TimeReader:
    """RFC 3339 to nanoseconds; the same second comes again and again, so it is parsed once."""

    def __init__(self) -> None:
        self._seconds: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        second = text[:19]
        start = self._seconds.get(second)
        if start is None:
            start = self._seconds[second] = round(datetime.fromisoformat(second).replace(tzinfo=UTC).timestamp()) * SECOND_NS
        fraction = text[20:-1]
        return start + int(fraction.ljust(9, "0")) if fraction else start
