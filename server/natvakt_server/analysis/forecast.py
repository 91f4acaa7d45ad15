"""When something will be full: a robust trend with its confidence, and "no trend" as an answer.

    samples ── last stretch without a great step down ── less the weekly profile ── median of each day
            ── slopes of all pairs of days ── their median (Theil 1950, Sen 1968), 99 % interval by Kendall's rank

The interval is widened where neighbouring days resemble each other (Yue and Wang 2004): a slow wave is no trend. There is one only where
the whole interval lies on one side of zero and the growth stands out of the noise. The weekly profile (median of each hour of the week) is
taken off from two weeks on, worked out on what is left after a first trend, so that it takes none of the growth; it is an estimate too, so
the fewer weeks it rests on, the wider the interval.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

DAY_NS = 86_400 * 1_000_000_000
HOUR_NS = DAY_NS // 24
HOURS_OF_WEEK = 168
LEAST_DAYS = 10
PROFILE_DAYS = 14
MOST_POINTS = 60  # days beyond that are joined in pairs, threes and so on: 1,770 slopes at most
NORMAL_99 = 2.576
DEVIATION_OF_NOISE = 1.4826  # standard deviation over median absolute deviation, of a normal distribution
LEAST_SIGNAL = 2.0  # growth over the window, in medians of the deviation from the line
STEP_SHARE, STEP_NOISE = 0.2, 6.0  # a fall of more than a fifth of the range and six times the usual step starts a new stretch
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Trend:
    """`slope` a day with its 99 % interval; `level`: where the line stands at the last sample, known to `level_error`."""

    slope: float
    low: float
    high: float
    level: float
    level_error: float


@dataclass(frozen=True, slots=True)
class Reach:
    """Days from the last sample until a limit is met: at the trend's slope, at the steepest and at the flattest of its interval."""

    days: float
    earliest_days: float
    latest_days: float


def trend(times_ns: Sequence[int], values: Sequence[float]) -> Trend | None:
    """None where there is no trend, or where less than LEAST_DAYS days say so."""
    if not times_ns or times_ns[-1] - times_ns[0] < (LEAST_DAYS - 1) * DAY_NS:
        return None
    days = _daily(times_ns, values)
    start = _last_stretch(days)
    if start:
        first_ns = days_start(times_ns[0]) + round(days[start][0]) * DAY_NS
        kept = [place for place, time_ns in enumerate(times_ns) if time_ns >= first_ns]
        times_ns, values = [times_ns[place] for place in kept], [values[place] for place in kept]
        days = _daily(times_ns, values)
    if len(days) < LEAST_DAYS:
        return None
    rough = median(_slopes(_joined(days)))
    weeks = (days[-1][0] - days[0][0]) / 7
    if weeks * 7 < PROFILE_DAYS:
        return _confident(_joined(days), 1.0)
    days = _daily(times_ns, _without_profile(times_ns, values, rough))
    return _confident(_joined(days), weeks / (weeks - 1))


def reach(found: Trend | None, limit: float, level: float | None = None) -> Reach | None:
    """None where the trend does not lead to the limit. `level`: what stands now, where that is known better than by the line."""
    if found is None:
        return None
    left = limit - (found.level if level is None else level)
    if left <= 0:
        return Reach(0.0, 0.0, 0.0)
    if found.slope <= 0:
        return None
    error = found.level_error if level is None else 0.0
    return Reach(left / found.slope, max(left - error, 0.0) / found.high, (left + error) / found.low)


def days_start(time_ns: int) -> int:
    return time_ns - time_ns % DAY_NS


def _daily(times_ns: Sequence[int], values: Sequence[float]) -> list[Point]:
    """Median of each day, at the middle of its samples, in days from the first day's start."""
    origin = days_start(times_ns[0])
    grouped = itertools.groupby(zip(times_ns, values, strict=True), lambda sample: sample[0] // DAY_NS)
    points = []
    for _, group in grouped:
        samples = list(group)
        middle = (samples[0][0] + samples[-1][0]) / 2
        points.append(((middle - origin) / DAY_NS, median(value for _, value in samples)))
    return points


def _last_stretch(days: Sequence[Point]) -> int:
    """Where the last stretch begins: after the last great fall, such as a restart that emptied the memory."""
    if len(days) < 3:
        return 0
    steps = [later[1] - earlier[1] for earlier, later in itertools.pairwise(days)]
    spread = max(value for _, value in days) - min(value for _, value in days)
    usual = median(abs(step) for step in steps)
    falls = [place + 1 for place, step in enumerate(steps) if -step > max(STEP_SHARE * spread, STEP_NOISE * usual)]
    return falls[-1] if falls else 0


def _without_profile(times_ns: Sequence[int], values: Sequence[float], slope: float) -> list[float]:
    left = [value - slope * (time_ns - times_ns[0]) / DAY_NS for time_ns, value in zip(times_ns, values, strict=True)]
    hours: dict[int, list[float]] = defaultdict(list)
    for time_ns, value in zip(times_ns, left, strict=True):
        hours[time_ns // HOUR_NS % HOURS_OF_WEEK].append(value)
    usual = median(left)
    profile = {hour: median(found) - usual for hour, found in hours.items()}
    return [value - profile[time_ns // HOUR_NS % HOURS_OF_WEEK] for time_ns, value in zip(times_ns, values, strict=True)]


def _joined(days: Sequence[Point]) -> list[Point]:
    width = math.ceil(len(days) / MOST_POINTS)
    if width == 1:
        return list(days)
    groups = [days[place : place + width] for place in range(len(days) % width, len(days), width)]
    return [(sum(x for x, _ in group) / len(group), median(y for _, y in group)) for group in groups]


def _slopes(points: Sequence[Point]) -> list[float]:
    return sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(points, 2))


def _confident(points: Sequence[Point], widened: float) -> Trend | None:
    """`widened`: by how much the variance is larger than the points themselves show."""
    slopes, count = _slopes(points), len(points)
    slope = median(slopes)
    intercept = median(y - slope * x for x, y in points)
    rest = [y - intercept - slope * x for x, y in points]
    inflation = _inflation(rest) * widened
    deviation = math.sqrt(count * (count - 1) * (2 * count + 5) / 18 * inflation)
    noise = median(abs(each) for each in rest)
    low, high = _interval(slopes, NORMAL_99 * deviation)
    if low <= 0 <= high or abs(slope) * (points[-1][0] - points[0][0]) < LEAST_SIGNAL * noise:
        return None
    level_error = 2 * NORMAL_99 * DEVIATION_OF_NOISE * noise * math.sqrt(inflation / count)
    return Trend(slope, low, high, intercept + slope * points[-1][0], level_error)


def _interval(slopes: Sequence[float], width: float) -> Point:
    """Slopes whose ranks lie that wide around the middle (Gilbert 1987, chapter 16)."""
    low = slopes[max(0, math.floor((len(slopes) - width) / 2) - 1)]
    return low, slopes[min(len(slopes) - 1, math.ceil((len(slopes) + width) / 2))]


def _inflation(rest: Sequence[float]) -> float:
    """How much less the days say because each resembles the one before; 1 where they do not."""
    mean = sum(rest) / len(rest)
    power = sum((each - mean) ** 2 for each in rest)
    if power == 0:
        return 1.0
    likeness = sum((a - mean) * (b - mean) for a, b in itertools.pairwise(rest)) / power
    likeness = min(max(likeness, 0.0), 0.9)
    return (1 + likeness) / (1 - likeness)
