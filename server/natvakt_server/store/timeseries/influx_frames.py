"""Answers of InfluxDB as rows, and as the frames that roll-ups are made from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from natvakt_server.domain.registry import TableDefinition
from natvakt_server.store.timeseries.admission import tag_names
from natvakt_server.store.timeseries.flux import ResultTable, TimeReader, result_tables
from natvakt_server.store.timeseries.line_protocol import decode_tag
from natvakt_server.store.timeseries.rolling import Frame, RowKey, Samples

_NUMPY_TYPE: Mapping[str, type[np.generic]] = {"unsignedLong": np.uint64, "long": np.int64, "double": np.float64}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as InfluxDB answered it. `flux_type`: unsignedLong, long or double."""

    key: RowKey
    field: str
    time_ns: int
    value: float
    flux_type: str


def cells_of(lines: Iterator[str], definition: TableDefinition) -> Iterator[Cell]:
    """Cells in the order of the answer: series after series, ascending in time."""
    names = tag_names(definition)
    time_of = TimeReader()
    for table in result_tables(lines):
        yield from _cells_of_table(table, names, time_of)


def _cells_of_table(table: ResultTable, names: Sequence[str], time_of: TimeReader) -> Iterator[Cell]:
    # InfluxDB leaves a column out of the header where no series of the table has the tag: it is empty then.
    key_places = [table.columns.get(name) for name in ("site", "device", *names)]
    field_place, time_place, value_place = (table.columns[name] for name in ("_field", "_time", "_value"))
    number_place = table.columns["table"]
    flux_type = table.types["_value"]
    parse = float if flux_type == "double" else int
    number, key = "", RowKey("", "", ())
    for row in table.rows:
        if row[number_place] != number:
            number = row[number_place]
            site, device, *tags = (decode_tag(row[place]) if place is not None else "" for place in key_places)
            key = RowKey(site, device, tuple(tags))
        yield Cell(key, row[field_place], time_of(row[time_place]), parse(row[value_place]), flux_type)


class FrameBuilder:
    """Collects cells of several answers into one frame, ordered by row and time."""

    def __init__(self) -> None:
        self._numbers: dict[RowKey, int] = {}
        self._columns: dict[str, tuple[list[int], list[int], list[float]]] = {}
        self._types: dict[str, type[np.generic]] = {}

    def add(self, cells: Iterator[Cell]) -> None:
        for cell in cells:
            number = self._numbers.setdefault(cell.key, len(self._numbers))
            column = self._columns.get(cell.field)
            if column is None:
                column = self._columns[cell.field] = ([], [], [])
                self._types[cell.field] = _NUMPY_TYPE[cell.flux_type]
            column[0].append(number)
            column[1].append(cell.time_ns)
            column[2].append(cell.value)

    def frame(self) -> Frame:
        fields = {}
        for name, (numbers, times, values) in self._columns.items():
            rows, moments = np.array(numbers, np.int64), np.array(times, np.int64)
            order = np.lexsort((moments, rows))
            fields[name] = Samples(rows[order], moments[order], np.array(values, self._types[name])[order])
        return Frame({number: key for key, number in self._numbers.items()}, fields)
