"""From a stored line to the numbers a rule can judge.

Counters are judged by their increase without discontinuities (`domain.rates`), gauges by distribution and trend, states
by their changes. Days and work hours are those of the customer's time zone.
"""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from natvakt_server.analysis.evidence import NANOSECONDS, History
from natvakt_server.domain.rates import Growth, percentile
from natvakt_server.domain.registry import Kind
from natvakt_server.domain.series import Line

WORK_DAYS = range(5)
WORK_HOURS = range(8, 17)
NS_PER_DAY = 86_400 * NANOSECONDS


def summarise(line: Line, kind: Kind, window_days: int, zone: ZoneInfo, growth: Growth | None = None) -> History:
    """One line of at least one sample. `growth`: what a counter did, made by `domain.rates`; unused for other kinds."""
    moments = [local(t, zone) for t in line.times_ns]
    base = History(
        table=line.key.measurement,
        key=dict(line.key.tags),
        field=line.key.field,
        window_days=window_days,
        samples=len(line.times_ns),
        days=len({m.date() for m in moments}),
        first_ns=line.times_ns[0],
        last_ns=line.times_ns[-1],
        last=float(line.values[-1]),
    )
    if kind is Kind.COUNTER:
        return _counter(base, growth or Growth(()), zone)
    if kind is Kind.STATE:
        return _state(base, line)
    return _gauge(base, line, moments)


def local(time_ns: int, zone: ZoneInfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000)).astimezone(zone)


def _counter(base: History, growth: Growth, zone: ZoneInfo) -> History:
    daily: dict[date, float] = {}
    for interval in growth.intervals:
        day = local(interval.end_ns, zone).date()
        daily[day] = daily.get(day, 0.0) + interval.increase
    rates = [interval.per_second for interval in growth.intervals]
    return _with(
        base,
        increase=float(sum(interval.increase for interval in growth.intervals)),
        daily_increase=tuple(daily[day] for day in sorted(daily)),
        rate_p95=percentile(rates, 0.95),
        rate_max=max(rates, default=None),
        discontinuities=len(growth.breaks),
    )


def _state(base: History, line: Line) -> History:
    values = line.values
    changes = sum(a != b for a, b in itertools.pairwise(values))
    share: dict[str, float] = {}
    for value in values:
        share[str(int(value))] = share.get(str(int(value)), 0.0) + 1 / len(values)
    return _with(base, changes=changes, previous=float(values[-2]) if len(values) > 1 else None, share=share)


def _gauge(base: History, line: Line, moments: Sequence[datetime]) -> History:
    values = [float(v) for v in line.values]
    busy = [v for v, m in zip(values, moments, strict=True) if m.weekday() in WORK_DAYS and m.hour in WORK_HOURS]
    slope, r_squared = trend(line.times_ns, values)
    return _with(
        base,
        mean=sum(values) / len(values),
        minimum=min(values),
        maximum=max(values),
        median=percentile(values, 0.5),
        p01=percentile(values, 0.01),
        p95=percentile(values, 0.95),
        work_hours_p95=percentile(busy, 0.95),
        previous=values[-2] if len(values) > 1 else None,
        slope_per_day=slope,
        r_squared=r_squared,
        discontinuities=sum(b < a for a, b in itertools.pairwise(values)),
    )


def trend(times_ns: Sequence[int], values: Sequence[float]) -> tuple[float | None, float | None]:
    """Least squares over time: slope a day and r². None, None below three samples; a flat line has r² 0."""
    count = len(values)
    if count < 3:
        return None, None
    days = [(t - times_ns[0]) / NS_PER_DAY for t in times_ns]
    mean_x, mean_y = sum(days) / count, sum(values) / count
    xx = sum((x - mean_x) ** 2 for x in days)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in zip(days, values, strict=True))
    yy = sum((y - mean_y) ** 2 for y in values)
    if xx == 0:
        return None, None
    return xy / xx, (xy * xy / (xx * yy) if yy > 0 else 0.0)


def _with(base: History, **changes: object) -> History:
    return History(**({name: getattr(base, name) for name in History.__struct_fields__} | changes))
