"""Rows of many devices and polls, gathered into the columns of one measurement."""

from collections.abc import Sequence

from natvakt_wire.batch import Cell, Table

from natvakt_agent.pipeline.cells import Number, SeriesBlock


class ColumnBuilder:
    """One table in the making. All its rows have the same tag names; a field that a row lacks is absent there."""

    def __init__(self, measurement: str, tag_names: tuple[str, ...]) -> None:
        self._measurement = measurement
        self._devices: list[str] = []
        self._times: list[int] = []
        self._tags: dict[str, list[str]] = {name: [] for name in tag_names}
        self._fields: dict[str, list[Number | None]] = {}

    def __len__(self) -> int:
        return len(self._times)

    def add(self, device: str, monotonic_ns: int, block: SeriesBlock) -> None:
        before = len(self._times)
        self._devices.extend([device] * block.rows)
        self._times.extend([monotonic_ns] * block.rows)
        for name, values in block.tags.items():
            self._tags[name].extend(values)
        for name in block.fields.keys() - self._fields.keys():
            self._fields[name] = [None] * before
        for name, column in self._fields.items():
            column.extend(block.fields.get(name) or [None] * block.rows)

    def table(self, wall_offset_ns: int) -> Table:
        """The columns, dated by the wall clock as it stood at closing: monotonic time plus this offset."""
        times = [monotonic_ns + wall_offset_ns for monotonic_ns in self._times]
        fields = {name: one_type(column) for name, column in sorted(self._fields.items())}
        return Table(self._measurement, self._devices, times, self._tags, fields)


def one_type(column: Sequence[Number | None]) -> Sequence[Cell]:
    """A column is all integers or all floats: where a gauge was read as both, as floats."""
    if float in set(map(type, column)):
        return [None if cell is None else float(cell) for cell in column]
    return column


def halves(table: Table) -> tuple[Table, Table]:
    """The table cut in two, for a batch that turned out too large."""
    middle = len(table.times_ns) // 2

    def cut(part: slice) -> Table:
        return Table(
            table.measurement,
            table.devices[part],
            table.times_ns[part],
            {name: column[part] for name, column in table.tags.items()},
            {name: column[part] for name, column in table.fields.items()},
        )

    return cut(slice(None, middle)), cut(slice(middle, None))


def count_cells(table: Table) -> int:
    """Values that are there."""
    return sum(len(column) - column.count(None) for column in table.fields.values())
