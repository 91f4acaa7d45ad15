"""From the columns of a batch to series tables, one a device; what may not be stored is left out, with its reason and its number of points.

A pure function of the batch, the ledger row and the agent's quota, so that a repeat writes the same points again.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_wire.batch import Table

from natvakt_server.domain.delivery import Incoming, RejectedPoints
from natvakt_server.domain.series import Number, SeriesTable
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.series_quota import SeriesQuota

TOO_OLD = "older than the retention"
IN_FUTURE = "in the future"
OVER_QUOTA = "over the agent's series quota"
NOT_A_NUMBER = "not a number"
BAD_NAME = "a name that cannot be stored"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)
_DEVICE = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)

Fields = Mapping[str, Sequence[Number | None]]
Reasons = Counter[tuple[str, str, str]]  # measurement, device, reason -> points


def is_name(text: str) -> bool:
    """What may become a column or a key: no text of a device's choosing looks like this by accident."""
    return _NAME.fullmatch(text) is not None


def is_device(text: str) -> bool:
    return _DEVICE.fullmatch(text) is not None


def shown(text: str) -> str:
    """A name of an agent's choosing as it may stand in a table and a log: short, printable, ASCII."""
    return text[:64] if text[:64].isascii() and text[:64].isprintable() else ascii(text[:16])


@dataclass(frozen=True, slots=True)
class Shaped:
    tables: Sequence[SeriesTable]
    rejected: Sequence[RejectedPoints]


class Shaper:
    def __init__(self, limits: IngestLimits, quota: SeriesQuota) -> None:
        self._limits = limits
        self._quota = quota

    def shape(self, tables: Sequence[Table], incoming: Incoming, offset_ns: int) -> Shaped:
        reasons: Reasons = Counter()
        shaped = [part for table in tables for part in self._table(table, incoming, offset_ns, reasons)]
        rejected = [RejectedPoints(*place, points) for place, points in sorted(reasons.items())]
        return Shaped(shaped, rejected)

    def _table(self, table: Table, incoming: Incoming, offset_ns: int, reasons: Reasons) -> Sequence[SeriesTable]:
        if not self._names_fit(table):
            reasons[shown(table.measurement), "", BAD_NAME] += _points(table.fields, range(len(table.times_ns)))
            return ()
        fields = self._fields(table, incoming.agent, reasons)
        times = [time_ns + offset_ns for time_ns in table.times_ns]
        kept: dict[str, list[int]] = {}
        for row, reason in enumerate(self._judge_rows(table, times, incoming)):
            if reason:
                reasons[table.measurement, shown(table.devices[row]), reason] += _points(fields, (row,))
            else:
                kept.setdefault(table.devices[row], []).append(row)
        return [_cut(table, fields, times, device, rows) for device, rows in kept.items()]

    def _names_fit(self, table: Table) -> bool:
        names = (table.measurement, *table.tags, *table.fields)
        return len(table.tags) <= self._limits.tags and all(map(is_name, names))

    def _fields(self, table: Table, agent: str, reasons: Reasons) -> Fields:
        fields: dict[str, Sequence[Number | None]] = {}
        for name, cells in table.fields.items():
            numbers: list[Number | None] = [None if isinstance(cell, str) else cell for cell in cells]
            text = sum(isinstance(cell, str) for cell in cells)
            if text:
                reasons[table.measurement, "", NOT_A_NUMBER] += text
            if text == len(cells):
                continue
            if self._quota.admit_field(agent, table.measurement, name):
                fields[name] = numbers
            else:
                reasons[table.measurement, "", OVER_QUOTA] += sum(cell is not None for cell in numbers)
        return fields

    def _judge_rows(self, table: Table, times: Sequence[int], incoming: Incoming) -> Sequence[str]:
        """For each row the reason to leave it out, or nothing. Times are judged at the arrival: a replay is the same."""
        oldest = incoming.received_ns - self._limits.retention_ns
        newest = incoming.received_ns + self._limits.future_ns
        known: dict[tuple[str, ...], str] = {}
        reasons = []
        for row, time_ns in enumerate(times):
            if time_ns < oldest:
                reasons.append(TOO_OLD)
                continue
            if time_ns > newest:
                reasons.append(IN_FUTURE)
                continue
            key = (table.devices[row], *(column[row] for column in table.tags.values()))
            if key not in known:
                known[key] = self._judge_series(table, key, incoming.agent)
            reasons.append(known[key])
        return reasons

    def _judge_series(self, table: Table, key: Sequence[str], agent: str) -> str:
        device, *values = key
        if not is_device(device) or any(len(value) > self._limits.tag_characters for value in values):
            return BAD_NAME
        admitted = self._quota.admit_series(agent, table.measurement, device, list(zip(table.tags, values, strict=True)))
        return "" if admitted else OVER_QUOTA


def _cut(
    table: Table, fields: Mapping[str, Sequence[Number | None]], times: Sequence[int], device: str, rows: Sequence[int]
) -> SeriesTable:
    if len(rows) == len(times):
        return SeriesTable(table.measurement, device, table.tags, times, fields)
    return SeriesTable(
        table.measurement,
        device,
        {name: [column[row] for row in rows] for name, column in table.tags.items()},
        [times[row] for row in rows],
        {name: [column[row] for row in rows] for name, column in fields.items()},
    )


def _points(fields: Mapping[str, Sequence[object]], rows: Sequence[int]) -> int:
    return sum(column[row] is not None for column in fields.values() for row in rows)
