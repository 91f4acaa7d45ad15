"""The roll-ups done by columns say the same as the plain arithmetic of `domain.rates`, whatever the data."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.rates import growth, total
from natvakt_server.domain.registry import Kind, Series, TableDefinition
from natvakt_server.domain.series import Line, SeriesKey, Tier
from natvakt_server.domain.tiers import HOUR_NS, WIDTH_NS
from natvakt_server.store.timeseries.rolling import Frame, RowKey, Samples, roll_up_measurement, widen
from testkit.series import T0

DEFINITION = TableDefinition(
    "interface",
    ("ifIndex",),
    {
        "octets": Series(Kind.COUNTER),
        "ifCounterDiscontinuityTime": Series(Kind.GAUGE),
        "level": Series(Kind.GAUGE),
        "state": Series(Kind.STATE),
    },
)

Row = tuple[int, int | None, float | None, float | None, int | None]
"""Seconds after T0, and the four fields."""

rows = st.lists(
    st.tuples(
        st.integers(0, 3 * 3600 - 1),
        st.none() | st.integers(0, 1000) | st.integers(2**64 - 1000, 2**64 - 1),
        st.none() | st.sampled_from([0.0, 7.0]),
        st.none() | st.floats(-1e6, 1e6),
        st.none() | st.integers(-5, 5),
    ),
    max_size=40,
    unique_by=lambda row: row[0],
).map(sorted)

TYPES = {"octets": np.uint64, "ifCounterDiscontinuityTime": np.float64, "level": np.float64, "state": np.int64}


def frame_of(devices: Sequence[Sequence[Row]]) -> Frame:
    fields = {}
    for place, name in enumerate(DEFINITION.series):
        cells = [(number, T0 + row[0] * 10**9, row[place + 1]) for number, row_list in enumerate(devices) for row in row_list]
        present = [cell for cell in cells if cell[2] is not None]
        if present:
            numbers, times, values = zip(*present, strict=True)
            fields[name] = Samples(np.array(numbers, np.int64), np.array(times, np.int64), np.array(values, TYPES[name]))
    return Frame({number: RowKey("hq", f"device-{number}", ("1",)) for number in range(len(devices))}, fields)


def roll(raw: Frame, tier: Tier) -> Frame:
    """Every tier from the one below, as the stores do it."""
    made = {Tier.RAW: raw}
    for step in (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR):
        made[step] = roll_up_measurement(
            lambda name, fields, below, *_: made[below] if name == "interface" else Frame({}, {}), DEFINITION, step, T0, T0 + 3 * HOUR_NS
        )
    return made[tier]


def cells(frame: Frame, name: str, row: int) -> dict[int, float]:
    if name not in frame.fields:
        return {}
    samples = frame.fields[name]
    mask = samples.rows == row
    return dict(zip(samples.times_ns[mask].tolist(), samples.values[mask].tolist(), strict=True))


@given(st.lists(rows, min_size=1, max_size=3), st.sampled_from([Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR]))
def test_counters_roll_up_to_what_rates_says(devices: list[list[Row]], tier: Tier) -> None:
    rolled = roll(frame_of(devices), tier)
    for number, device in enumerate(devices):
        lines = [
            Line(
                SeriesKey("interface", "d", (), name),
                [T0 + row[0] * 10**9 for row in device if row[place] is not None],
                [row[place] for row in device if row[place] is not None],
            )
            for place, name in ((1, "octets"), (2, "ifCounterDiscontinuityTime"))
        ]
        counted = growth(lines[0], lines[1])
        increase, seconds = cells(rolled, "octets_increase", number), cells(rolled, "octets_seconds", number)
        assert set(increase) == {moment - moment % WIDTH_NS[tier] for moment in lines[0].times_ns}
        for start, value in increase.items():
            expected = total(counted, start, start + WIDTH_NS[tier])
            assert value == expected.increase % 2**64  # only made-up counters add up to more within an hour
            assert seconds[start] == expected.seconds


@given(st.lists(rows, min_size=1, max_size=3), st.sampled_from([Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR]))
def test_gauges_and_states_roll_up_to_what_their_windows_hold(devices: list[list[Row]], tier: Tier) -> None:
    rolled = roll(frame_of(devices), tier)
    for number, device in enumerate(devices):
        windows: dict[int, list[Row]] = {}
        for row in device:
            moment = T0 + row[0] * 10**9
            windows.setdefault(moment - moment % WIDTH_NS[tier], []).append(row)
        levels = {start: values for start, held in windows.items() if (values := [row[3] for row in held if row[3] is not None])}
        states = {start: values for start, held in windows.items() if (values := [row[4] for row in held if row[4] is not None])}
        assert cells(rolled, "state", number) == {start: values[-1] for start, values in states.items()}
        assert cells(rolled, "level_min", number) == {start: min(values) for start, values in levels.items()}
        assert cells(rolled, "level_max", number) == {start: max(values) for start, values in levels.items()}
        assert cells(rolled, "level_last", number) == {start: values[-1] for start, values in levels.items()}
        assert cells(rolled, "level_count", number) == {start: len(values) for start, values in levels.items()}
        means = cells(rolled, "level", number)
        assert means.keys() == levels.keys()
        for start, values in levels.items():
            assert abs(means[start] - sum(values) / len(values)) <= 1e-6


@given(st.lists(rows, min_size=1, max_size=3))
def test_widening_keeps_every_value_in_one_row_a_key_and_time(devices: list[list[Row]]) -> None:
    frame = frame_of(devices)
    wide = widen(frame)
    pairs = list(zip(wide.rows.tolist(), wide.times_ns.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    for name, samples in frame.fields.items():
        column = dict(zip(pairs, wide.columns[name].tolist(), strict=True))
        expected = dict(zip(zip(samples.rows.tolist(), samples.times_ns.tolist(), strict=True), samples.values.tolist(), strict=True))
        assert {pair: value for pair, value in column.items() if value is not None} == expected
