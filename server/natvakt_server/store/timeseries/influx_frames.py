"""Answers of InfluxDB as runs of samples, and as the frames that roll-ups are made from."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from natvakt_server.domain.registry import TableDefinition
from natvakt_server.store.timeseries.admission import tag_names
from natvakt_server.store.timeseries.flux import ResultTable, TimeReader, result_tables
from natvakt_server.store.timeseries.line_protocol import decode_tag
from natvakt_server.store.timeseries.rolling import Frame, RowKey, Samples

_ARRAY_TYPE: Mapping[str, str] = {"unsignedLong": "Q", "long": "q", "double": "d"}


@dataclass(frozen=True, slots=True)
class Run:
    """One series as InfluxDB answered it, ascending in time. `flux_type`: unsignedLong, long or double."""

    key: RowKey
    field: str
    flux_type: str
    times_ns: list[int]
    values: list[float]


def runs_of(lines: Iterator[str], definition: TableDefinition) -> Iterator[Run]:
    names = tag_names(definition)
    time_of = TimeReader()
    for table in result_tables(lines):
        yield from _runs_of_table(table, names, time_of)


def _runs_of_table(table: ResultTable, names: Sequence[str], time_of: TimeReader) -> Iterator[Run]:
    # InfluxDB leaves a column out of the header where no series of the table has the tag: it is empty then.
    key_places = [table.columns.get(name) for name in ("site", "device", *names)]
    number_place, field_place, time_place, value_place = (table.columns[name] for name in ("table", "_field", "_time", "_value"))
    flux_type = table.types["_value"]
    parse = float if flux_type == "double" else int
    number, run = "", None
    for row in table.rows:
        if row[number_place] != number or run is None:
            if run is not None:
                yield run
            number = row[number_place]
            site, device, *tags = (decode_tag(row[place]) if place is not None else "" for place in key_places)
            run = Run(RowKey(site, device, tuple(tags)), row[field_place], flux_type, [], [])
        run.times_ns.append(time_of(row[time_place]))
        run.values.append(parse(row[value_place]))
    if run is not None:
        yield run


class _Column:
    """Samples of one field in machine numbers: an hour of a full site is five million of them."""

    def __init__(self, flux_type: str) -> None:
        self.rows = array("q")
        self.times_ns = array("q")
        self.values: array[Any] = array(_ARRAY_TYPE[flux_type])

    def samples(self) -> Samples:
        rows, times = np.array(self.rows, np.int64), np.array(self.times_ns, np.int64)
        order = np.lexsort((times, rows))
        return Samples(rows[order], times[order], np.array(self.values)[order])


def frame_of(runs: Iterable[Run]) -> Frame:
    """Runs of several answers as one frame, ordered by row and time."""
    numbers: dict[RowKey, int] = {}
    columns: dict[str, _Column] = {}
    for run in runs:
        number = numbers.setdefault(run.key, len(numbers))
        column = columns.setdefault(run.field, _Column(run.flux_type))
        column.rows.extend([number] * len(run.times_ns))
        column.times_ns.extend(run.times_ns)
        column.values.extend(run.values)
    return Frame({number: key for key, number in numbers.items()}, {name: column.samples() for name, column in columns.items()})
