"""From a stored line to the numbers a rule can judge.

Counters are judged by their increase without discontinuities (`domain.rates`), gauges by distribution and trend, states
by their changes. Days and work hours are those of the customer's time zone.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from natvakt_server.analysis import forecast, weekly
from natvakt_server.analysis.evidence import NANOSECONDS, History
from natvakt_server.domain.rates import Growth, percentile
from natvakt_server.domain.registry import Kind
from natvakt_server.domain.series import Line

WORK_DAYS = range(5)
WORK_HOURS = range(8, 17)
WORTH_A_LOOK = 0.1  # a straight line that explains less than a tenth of a series is no trend, whatever its confidence
LONG_DAYS = 60  # from that window on, rates have a trend and a weekly profile
NS_PER_DAY = 86_400 * NANOSECONDS
NS_PER_HOUR = 3_600 * NANOSECONDS


@dataclass(frozen=True, slots=True)
class Steps:
    """What a counter did, as columns: where each step ended, how much it added, over how many seconds; and how often it broke."""

    ends_ns: Sequence[int]
    amounts: Sequence[float]
    seconds: Sequence[float]
    breaks: int = 0

    @classmethod
    def of_growth(cls, growth: Growth) -> "Steps":
        known = growth.intervals
        return cls([i.end_ns for i in known], [i.increase for i in known], [i.seconds for i in known], len(growth.breaks))

    @classmethod
    def of_roll_up(cls, increase: Line, seconds: Line, width_ns: int) -> "Steps":
        """From the `_increase` and `_seconds` columns of a rolled-up tier, whose windows are `width_ns` wide."""
        if increase.times_ns == seconds.times_ns and min(seconds.values, default=0.0) > 0:  # as ever: every window was covered
            return cls([t + width_ns - 1 for t in increase.times_ns], increase.values, seconds.values)
        covered = dict(zip(seconds.times_ns, seconds.values, strict=True))
        known = [
            (t + width_ns - 1, v, s) for t, v in zip(increase.times_ns, increase.values, strict=True) if (s := covered.get(t, 0.0)) > 0
        ]
        return cls([t for t, _, _ in known], [v for _, v, _ in known], [s for _, _, s in known])


def summarise(line: Line, kind: Kind, window_days: int, zone: ZoneInfo, steps: Steps | None = None, *, by_hour: bool = False) -> History:
    """One line of at least one sample. `steps`: what a counter did; unused for other kinds, as is `by_hour`."""
    places = [place(t, zone) for t in line.times_ns]
    base = History(
        table=line.key.measurement,
        key=dict(line.key.tags),
        field=line.key.field,
        window_days=window_days,
        samples=len(line.times_ns),
        days=len({day for day, _ in places}),
        first_ns=line.times_ns[0],
        last_ns=line.times_ns[-1],
        last=float(line.values[-1]),
    )
    if kind is Kind.COUNTER:
        return _counter(base, steps or Steps((), (), ()), zone, by_hour=by_hour)
    if kind is Kind.STATE:
        return _state(base, line)
    return _gauge(base, line, places)


@lru_cache(maxsize=1 << 17)
def place(time_ns: int, zone: ZoneInfo) -> tuple[int, bool]:
    """Day (as an ordinal) and whether it is work time there. Series of one tier share their times, so each is worked out once."""
    moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000)).astimezone(zone)
    return moment.toordinal(), moment.weekday() in WORK_DAYS and moment.hour in WORK_HOURS


def _counter(base: History, steps: Steps, zone: ZoneInfo, *, by_hour: bool) -> History:
    daily: dict[int, float] = {}
    for end_ns, amount in zip(steps.ends_ns, steps.amounts, strict=True):
        day, _ = place(end_ns, zone)
        daily[day] = daily.get(day, 0.0) + amount
    rates = [amount / seconds for amount, seconds in zip(steps.amounts, steps.seconds, strict=True)]
    counted = _with(
        base,
        increase=float(sum(steps.amounts)),
        daily_increase=tuple(daily[day] for day in sorted(daily)),
        rate_p95=percentile(rates, 0.95),
        rate_max=max(rates, default=None),
        discontinuities=steps.breaks,
        hours=_hours(steps) if by_hour else (),
    )
    return _long(counted, steps.ends_ns, rates) if base.window_days >= LONG_DAYS else counted


def _hours(steps: Steps) -> tuple[tuple[int, float], ...]:
    """A step counts for the hour it ended in."""
    found: dict[int, float] = {}
    for end_ns, amount in zip(steps.ends_ns, steps.amounts, strict=True):
        hour = (end_ns - 1) // NS_PER_HOUR
        found[hour] = found.get(hour, 0.0) + amount
    return tuple(sorted(found.items()))


def _long(base: History, ends_ns: Sequence[int], rates: Sequence[float]) -> History:
    """Trend of the daily 95th percentiles (of hourly rates, where only those are kept), and the newest day against its week."""
    days = [(end_ns // NS_PER_DAY, rate) for end_ns, rate in zip(ends_ns, rates, strict=True)]
    peaks = [(day, percentile([rate for _, rate in found], 0.95)) for day, found in itertools.groupby(days, lambda each: each[0])]
    times, values = [day * NS_PER_DAY for day, _ in peaks], [peak or 0.0 for _, peak in peaks]
    _, r_squared = trend(times, values)
    robust = forecast.trend(times, values) if (r_squared or 0.0) > WORTH_A_LOOK else None
    stray = weekly.unusual(ends_ns, rates)
    return _with(
        base,
        growth_per_day=robust.slope if robust is not None else None,
        growth_low=robust.low if robust is not None else None,
        growth_high=robust.high if robust is not None else None,
        growth_level=robust.level if robust is not None else None,
        unusual_hours=stray.hours if stray is not None else 0,
        unusual_value=stray.value if stray is not None else None,
        usual_value=stray.usual if stray is not None else None,
    )


def _state(base: History, line: Line) -> History:
    values = line.values
    changes = sum(a != b for a, b in itertools.pairwise(values))
    share: dict[str, float] = {}
    for value in values:
        share[str(int(value))] = share.get(str(int(value)), 0.0) + 1 / len(values)
    return _with(base, changes=changes, previous=float(values[-2]) if len(values) > 1 else None, share=share)


def _gauge(base: History, line: Line, places: Sequence[tuple[int, bool]]) -> History:
    values = [float(v) for v in line.values]
    busy = [value for value, (_, at_work) in zip(values, places, strict=True) if at_work]
    slope, r_squared = trend(line.times_ns, values)
    hours = hourly_means(line.times_ns, values)
    robust = forecast.trend(line.times_ns, values) if (r_squared or 0.0) > WORTH_A_LOOK else None
    return _with(
        base,
        mean=sum(values) / len(values),
        minimum=min(values),
        maximum=max(values),
        median=percentile(values, 0.5),
        p01=percentile(values, 0.01),
        p05=percentile(values, 0.05),
        p95=percentile(values, 0.95),
        work_hours_p95=percentile(busy, 0.95),
        highest_hour=max(hours),
        lowest_hour=min(hours),
        previous=values[-2] if len(values) > 1 else None,
        slope_per_day=slope,
        r_squared=r_squared,
        growth_per_day=robust.slope if robust is not None else None,
        growth_low=robust.low if robust is not None else None,
        growth_high=robust.high if robust is not None else None,
        discontinuities=sum(b < a for a, b in itertools.pairwise(values)),
    )


def hourly_means(times_ns: Sequence[int], values: Sequence[float]) -> Sequence[float]:
    """The mean of every hour (of UTC) with a sample, in order; at least one sample."""
    return [
        sum(found) / len(found)
        for found in ([value for _, value in group] for _, group in itertools.groupby(zip(times_ns, values, strict=True), _hour))
    ]


def _hour(sample: tuple[int, float]) -> int:
    return sample[0] // NS_PER_HOUR


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
