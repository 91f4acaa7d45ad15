"""Roll-ups, computed in one place for every store so that all give the same numbers.

A store hands over a `Frame` of the tier below and takes one back. The arithmetic is that of `domain.rates`, done by columns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from natvakt_server.domain.rates import UPTIME_SLACK_NS, reboots
from natvakt_server.domain.registry import Kind, TableDefinition
from natvakt_server.domain.series import Line, SeriesKey, Tier
from natvakt_server.domain.tiers import BELOW, HOUR_NS, SECOND_NS, WIDTH_NS, columns_of, window_start

LOOKBACK_NS = 2 * HOUR_NS
"""How far before a span the sample is looked for that its first interval starts from."""

DISCONTINUITY_FIELD = "ifCounterDiscontinuityTime"
UPTIME = ("device", "sysUpTime")

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class RowKey:
    """What identifies a row of a measurement of one tenant; tag values by sorted tag name."""

    site: str
    device: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Samples:
    """One field of many rows, ordered by row and time. `rows` are numbers of the frame's keys."""

    rows: npt.NDArray[np.int64]
    times_ns: npt.NDArray[np.int64]
    values: Array

    def after(self, start_ns: int) -> "Samples":
        mask = self.times_ns >= start_ns
        return Samples(self.rows[mask], self.times_ns[mask], self.values[mask])


@dataclass(frozen=True, slots=True)
class Frame:
    keys: Mapping[int, RowKey]
    fields: Mapping[str, Samples]


FrameReader = Callable[[str, Sequence[str], Tier, int, int, int], Frame]
"""(measurement, fields, tier, start_ns, end_ns, lookback_ns): all rows of one tenant in the span and, where lookback is above 0,
each field's newest sample before it."""


def roll_up_measurement(read: FrameReader, definition: TableDefinition, tier: Tier, start_ns: int, end_ns: int) -> Frame:
    """The rows of `tier` whose windows start in the span; it is widened to whole windows."""
    width_ns, below = WIDTH_NS[tier], BELOW[tier]
    start_ns, end_ns = window_start(start_ns, width_ns), window_start(end_ns + width_ns - 1, width_ns)
    counts = any(series.kind is Kind.COUNTER for series in definition.series.values())
    lookback_ns = LOOKBACK_NS if below is Tier.RAW and counts else 0
    frame = read(definition.name, list(columns_of(definition, below)), below, start_ns, end_ns, lookback_ns)
    boots = _boots(read, start_ns, end_ns) if lookback_ns and frame.fields else {}
    rolled: dict[str, Samples] = {}
    for name, series in definition.series.items():
        if name not in frame.fields:
            continue
        if below is not Tier.RAW:
            rolled |= _from_rolled(series.kind, name, frame, width_ns)
        elif series.kind is Kind.COUNTER:
            rolled |= _from_counter(name, frame, width_ns, start_ns, boots)
        else:
            rolled |= _from_values(series.kind, name, frame.fields[name].after(start_ns), width_ns)
    return Frame(frame.keys, rolled)


def _boots(read: FrameReader, start_ns: int, end_ns: int) -> Mapping[str, Sequence[int]]:
    measurement, field = UPTIME
    frame = read(measurement, [field], Tier.RAW, start_ns, end_ns, LOOKBACK_NS)
    samples = frame.fields.get(field)
    if samples is None:
        return {}
    found: dict[str, Sequence[int]] = {}
    for row, key in frame.keys.items():
        mask = samples.rows == row
        line = Line(SeriesKey(measurement, key.device, (), field), samples.times_ns[mask].tolist(), samples.values[mask].tolist())
        if moments := reboots(line):
            found[key.device] = moments
    return found


@dataclass(frozen=True, slots=True)
class _Groups:
    """Runs of samples that share row and window."""

    firsts: npt.NDArray[np.int64]
    lasts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    windows_ns: npt.NDArray[np.int64]

    @classmethod
    def of(cls, samples: Samples, width_ns: int) -> "_Groups":
        windows = samples.times_ns - samples.times_ns % width_ns
        changes = (np.diff(samples.rows) != 0) | (np.diff(windows) != 0)
        firsts = np.concatenate(([0], np.flatnonzero(changes) + 1)).astype(np.int64)
        lasts = np.concatenate((firsts[1:], [len(windows)])).astype(np.int64) - 1
        return cls(firsts, lasts, samples.rows[firsts], windows[firsts])

    def samples(self, values: Array) -> Samples:
        return Samples(self.rows, self.windows_ns, values)


def _from_values(kind: Kind, name: str, samples: Samples, width_ns: int) -> Mapping[str, Samples]:
    if not len(samples.rows):
        return {}
    groups = _Groups.of(samples, width_ns)
    last = samples.values[groups.lasts]
    if kind is Kind.STATE:
        return {name: groups.samples(last)}
    counts = groups.lasts - groups.firsts + 1
    values = samples.values.astype(np.float64)
    return {
        name: groups.samples(np.add.reduceat(values, groups.firsts) / counts),
        f"{name}_min": groups.samples(np.minimum.reduceat(values, groups.firsts)),
        f"{name}_max": groups.samples(np.maximum.reduceat(values, groups.firsts)),
        f"{name}_last": groups.samples(last),
        f"{name}_count": groups.samples(counts.astype(np.uint64)),
    }


def _from_counter(name: str, frame: Frame, width_ns: int, start_ns: int, boots: Mapping[str, Sequence[int]]) -> Mapping[str, Samples]:
    samples = frame.fields[name]
    inside = samples.after(start_ns)
    if not len(inside.rows):
        return {}
    rows, times = samples.rows[1:], samples.times_ns[1:]
    before, after = samples.values[:-1], samples.values[1:]
    whole = (rows == samples.rows[:-1]) & (after >= before)
    discontinuity = frame.fields.get(DISCONTINUITY_FIELD)
    if discontinuity is not None:
        whole &= ~_changed(samples, discontinuity)
    for row, key in frame.keys.items():
        for boot in boots.get(key.device, ()):
            touches = (samples.times_ns[:-1] <= boot + UPTIME_SLACK_NS) & (times >= boot - UPTIME_SLACK_NS)
            whole &= ~((rows == row) & touches)
    # What was counted up to each sample; nothing up to the very first one, and nothing over a break.
    # Unsigned all the way: mixed with signed integers numpy would go through floats and lose the low bits.
    increase = np.concatenate((np.zeros(1, np.uint64), np.where(whole, after - before, np.uint64(0))))
    seconds = np.concatenate((np.zeros(1), np.where(whole, (times - samples.times_ns[:-1]) / SECOND_NS, 0.0)))
    kept = samples.times_ns >= start_ns
    groups = _Groups.of(inside, width_ns)
    return {
        name: groups.samples(inside.values[groups.lasts]),
        f"{name}_increase": groups.samples(np.add.reduceat(increase[kept], groups.firsts)),
        f"{name}_seconds": groups.samples(np.add.reduceat(seconds[kept], groups.firsts)),
    }


def _changed(samples: Samples, witness: Samples) -> npt.NDArray[np.bool_]:
    """For each interval of the counter: did its row's newest witness value differ between the two ends?"""
    count = len(witness.rows)
    rows = np.concatenate((witness.rows, samples.rows))
    times = np.concatenate((witness.times_ns, samples.times_ns))
    is_sample = np.concatenate((np.zeros(count, np.int8), np.ones(len(samples.rows), np.int8)))
    order = np.lexsort((is_sample, times, rows))
    newest = np.maximum.accumulate(np.where(is_sample[order] == 0, np.arange(len(order)), -1))
    at = order[newest[is_sample[order] == 1]]  # samples keep their order: they are sorted by row and time already
    known = (newest[is_sample[order] == 1] >= 0) & (at < count)
    at = np.where(known, at, 0)
    known &= witness.rows[at] == samples.rows
    values = witness.values[at]
    changed: npt.NDArray[np.bool_] = known[1:] & known[:-1] & (values[1:] != values[:-1])
    return changed


def _from_rolled(kind: Kind, name: str, frame: Frame, width_ns: int) -> Mapping[str, Samples]:
    if kind is Kind.GAUGE:
        return _from_rolled_gauge(name, frame, width_ns)
    samples = frame.fields[name]
    groups = _Groups.of(samples, width_ns)
    rolled = {name: groups.samples(samples.values[groups.lasts])}
    if kind is Kind.COUNTER:
        for column in (f"{name}_increase", f"{name}_seconds"):
            rolled[column] = groups.samples(np.add.reduceat(frame.fields[column].values, groups.firsts))
    return rolled


def _from_rolled_gauge(name: str, frame: Frame, width_ns: int) -> Mapping[str, Samples]:
    means, counts = frame.fields[name], frame.fields[f"{name}_count"]
    groups = _Groups.of(means, width_ns)
    sums = np.add.reduceat(means.values * counts.values.astype(np.float64), groups.firsts)
    total = np.add.reduceat(counts.values, groups.firsts)
    return {
        name: groups.samples(sums / total),
        f"{name}_min": groups.samples(np.minimum.reduceat(frame.fields[f"{name}_min"].values, groups.firsts)),
        f"{name}_max": groups.samples(np.maximum.reduceat(frame.fields[f"{name}_max"].values, groups.firsts)),
        f"{name}_last": groups.samples(frame.fields[f"{name}_last"].values[groups.lasts]),
        f"{name}_count": groups.samples(total),
    }


@dataclass(frozen=True, slots=True)
class WideRows:
    """A frame by rows: one entry for each row and time that has any value, a column masked where it lacks one."""

    rows: npt.NDArray[np.int64]
    times_ns: npt.NDArray[np.int64]
    columns: Mapping[str, Array]


def widen(frame: Frame) -> WideRows:
    """One row for each key and time of the frame, ordered by both."""
    if not frame.fields:
        empty = np.zeros(0, np.int64)
        return WideRows(empty, empty, {})
    places = _distinct_places(frame.fields)
    rows = np.concatenate([samples.rows for samples, _ in places])
    times = np.concatenate([samples.times_ns for samples, _ in places])
    order = np.lexsort((times, rows))
    starts = np.concatenate(([True], (np.diff(rows[order]) != 0) | (np.diff(times[order]) != 0)))
    at = np.empty(len(order), np.int64)
    at[order] = np.cumsum(starts) - 1
    count = int(starts.sum())
    columns: dict[str, Array] = {}
    offset = 0
    for samples, names in places:
        own = at[offset : offset + len(samples.rows)]
        offset += len(samples.rows)
        mask = np.ones(count, np.bool_)
        mask[own] = False
        for name in names:
            values = np.zeros(count, frame.fields[name].values.dtype)
            values[own] = frame.fields[name].values
            columns[name] = np.ma.masked_array(values, mask=mask) if len(own) < count else values
    return WideRows(rows[order][starts], times[order][starts], {name: columns[name] for name in frame.fields})


def _distinct_places(fields: Mapping[str, Samples]) -> Sequence[tuple[Samples, Sequence[str]]]:
    """The fields by where they have samples: most fields of a table have theirs at the same rows and times, and are placed together."""
    places: list[tuple[Samples, list[str]]] = []
    for name, samples in fields.items():
        for known, names in places:
            if _is_same(known.rows, samples.rows) and _is_same(known.times_ns, samples.times_ns):
                names.append(name)
                break
        else:
            places.append((samples, [name]))
    return places


def _is_same(one: Array, other: Array) -> bool:
    return one is other or np.array_equal(one, other)
