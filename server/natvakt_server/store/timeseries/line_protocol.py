"""Points as InfluxDB's line protocol, and tag values in a form that it can hold.

A tag value of InfluxDB cannot hold a line break, cannot end in a backslash and cannot be empty. So control characters, the
backslash and the percent sign are written as %XX of their code, and an empty tag is left out; reading undoes both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.registry import TableDefinition
from natvakt_server.domain.series import Number, Tier
from natvakt_server.domain.tiers import ColumnType, columns_of
from natvakt_server.store.timeseries.admission import Points, tag_names
from natvakt_server.store.timeseries.rolling import Frame, WideRows

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\%]")
_MARKED = re.compile(r"%([0-9A-F]{2})")
_STRUCTURE = re.compile(r"([ ,=])")
_SUFFIX: Mapping[ColumnType, str] = {ColumnType.UNSIGNED: "u", ColumnType.SIGNED: "i", ColumnType.FLOAT: ""}


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point as text; `samples` is how many field values it holds."""

    text: str
    samples: int


def encode_tag(value: str) -> str:
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", value)


def decode_tag(value: str) -> str:
    return _MARKED.sub(lambda match: chr(int(match[1], 16)), value)


def _escape(text: str) -> str:
    return _STRUCTURE.sub(r"\\\1", text)


def series_prefix(measurement: str, names: Sequence[str], tenant: str, site: str, device: str, values: Sequence[str]) -> str:
    """Measurement and tags, which every point of a row starts with. InfluxDB sorts tags; sorted ones save it the work."""
    tags = {"tenant": tenant, "site": site, "device": device, **dict(zip(names, values, strict=True))}
    written = [f",{name}={_escape(encode_tag(tags[name]))}" for name in sorted(tags) if tags[name]]
    return measurement + "".join(written)


def lines_of_points(points: Points, definition: TableDefinition) -> Sequence[PointLine]:
    names = tag_names(definition)
    prefixes = {row: series_prefix(points.measurement, names, points.tenant, points.site, points.device, row) for row in set(points.tags)}
    return _lines([prefixes[row] for row in points.tags], points.times_ns, points.columns, columns_of(definition, Tier.RAW))


def lines_of_rows(tenant: str, definition: TableDefinition, tier: Tier, frame: Frame, rows: WideRows) -> Sequence[PointLine]:
    names = tag_names(definition)
    prefixes = {number: series_prefix(definition.name, names, tenant, key.site, key.device, key.tags) for number, key in frame.keys.items()}
    columns = {name: column.tolist() for name, column in rows.columns.items()}
    return _lines([prefixes[number] for number in rows.rows.tolist()], rows.times_ns.tolist(), columns, columns_of(definition, tier))


def _lines(
    prefixes: Sequence[str], times_ns: Sequence[int], columns: Mapping[str, Sequence[Number | None]], types: Mapping[str, ColumnType]
) -> Sequence[PointLine]:
    texts = [_field_texts(name, column, types[name]) for name, column in columns.items()]
    found = []
    for prefix, moment, cells in zip(prefixes, times_ns, zip(*texts, strict=True), strict=True):
        present = [cell for cell in cells if cell]
        if present:
            found.append(PointLine(f"{prefix} {','.join(present)} {moment}", len(present)))
    return found


def _field_texts(name: str, column: Sequence[Number | None], kind: ColumnType) -> Sequence[str]:
    start, end = f"{name}=", _SUFFIX[kind]
    return ["" if value is None else f"{start}{value!r}{end}" for value in column]
