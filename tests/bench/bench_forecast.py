"""How far forecasts are off, and how often one is made where there is nothing to forecast: on series whose truth is known.

Growing series fill a store at a known day, with weekly waves, noise and steps; level series have the same and do not grow. Printed: the
share found, the error of the date in days (median and 95th percentile) and in parts of the distance, how often the true day lies within
the interval told, and the false alarms. Weeks of an office whose last day is unlike the others, or is not, try `weekly` the same way.
"""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from natvakt_server.analysis.forecast import HOUR_NS, Reach, reach, trend
from natvakt_server.analysis.weekly import unusual

SEED = 20_261_118
SERIES = 300
START_NS = 1_792_368_000_000_000_000
LIMIT = 100.0
GOAL_FALSE_ALARMS = 0.05
GOAL_MEDIAN_ERROR = 0.10
GOAL_UNUSUAL_FOUND = 0.80


@dataclass(frozen=True, slots=True)
class Made:
    times_ns: list[int]
    values: list[float]
    true_days: float | None


def series(rng: random.Random, days: int, slope: float) -> Made:
    """Hourly: level, growth, an office week, noise that lingers, now and then a spike; half of the growing ones were emptied once."""
    level, swing, noise = rng.uniform(20, 50), rng.uniform(0, 6), rng.uniform(0.05, 1.5)
    emptied = rng.randrange(3, days // 2) if slope and rng.random() < 0.5 else None
    drift, times, values = 0.0, [], []
    for hour in range(days * 24):
        day, hour_of_day = hour // 24, hour % 24
        office = 1.0 if day % 7 < 5 and 8 <= hour_of_day < 17 else 0.0
        drift = 0.9 * drift + rng.gauss(0, noise * 0.4)
        fallen = 15.0 if emptied is not None and day >= emptied else 0.0
        spike = rng.uniform(5, 30) if rng.random() < 0.002 else 0.0
        times.append(START_NS + hour * HOUR_NS)
        values.append(level + slope * hour / 24 + swing * office + drift - fallen + spike)
    # What the trend measures is the usual level: half of the hours are above it.
    usual = level + slope * days - (15.0 if emptied is not None else 0.0)
    return Made(times, values, (LIMIT - usual) / slope if slope > 0 else None)


def report(name: str, made: list[Made], say: Callable[[str], None]) -> tuple[float, float]:
    began = time.process_time()
    told: list[Reach | None] = [reach(trend(each.times_ns, each.values), LIMIT) for each in made]
    milliseconds = (time.process_time() - began) * 1000 / len(made)
    pairs = [(found, each.true_days) for found, each in zip(told, made, strict=True) if found is not None and each.true_days is not None]
    share = sum(found is not None for found in told) / len(made)
    if not pairs:
        say(f"{name}: told of {share:.1%}, {milliseconds:.1f} ms each")
        return share, 0.0
    errors = sorted(abs(found.days - true) for found, true in pairs)
    parts = sorted(abs(found.days - true) / true for found, true in pairs)
    within = sum(found.earliest_days <= true <= found.latest_days for found, true in pairs) / len(pairs)
    say(
        f"{name}: told of {share:.1%}; date off by {median(errors):.1f} d (95 %: {errors[math.ceil(0.95 * len(errors)) - 1]:.1f} d), "
        f"{median(parts):.1%} of the distance; true day within the interval {within:.1%}; {milliseconds:.1f} ms each"
    )
    return share, median(parts)


def weeks(rng: random.Random, is_unlike: bool) -> Made:
    """Five weeks of an office by the hour; where `is_unlike`, six to twelve hours of the last day are half as much again, or half."""
    level, swing, noise = rng.uniform(5, 20), rng.uniform(20, 60), rng.uniform(0.05, 1.5)
    hours = 35 * 24 + rng.randrange(7 * 24)
    begin, factor = hours - rng.randrange(12, 22), rng.choice((0.5, 1.5))
    end = begin + rng.randrange(6, 12)
    drift, values = 0.0, []
    for hour in range(hours):
        office = 1.0 if hour // 24 % 7 < 5 and 8 <= hour % 24 < 17 else 0.0
        drift = 0.9 * drift + rng.gauss(0, noise * 0.4)
        spike = rng.uniform(5, 30) if rng.random() < 0.002 else 0.0
        values.append((level + swing * office) * (factor if is_unlike and begin <= hour < end else 1.0) + drift + spike)
    return Made([START_NS + hour * HOUR_NS for hour in range(hours)], values, None)


def told_unlike(made: list[Made]) -> float:
    return sum(unusual(each.times_ns, each.values) is not None for each in made) / len(made)


@dataclass(frozen=True, slots=True)
class Figures:
    """`median_error_share`: of the distance to the true day."""

    median_error_share: float
    false_alarms: float
    unusual_found: float
    unusual_false_alarms: float


def measure(say: Callable[[str], None]) -> Figures:
    rng = random.Random(SEED)
    growing = [series(rng, 30, rng.uniform(0.3, 1.5)) for _ in range(SERIES)]
    long = [series(rng, 90, rng.uniform(0.1, 0.5)) for _ in range(SERIES)]
    level = [series(rng, 30, 0.0) for _ in range(SERIES)]
    falling = [series(rng, 30, -rng.uniform(0.1, 0.5)) for _ in range(SERIES)]
    _, error = report("growing, 30 days", growing, say)
    report("growing, 90 days", long, say)
    false_alarms, _ = report("level, 30 days (false alarms)", level, say)
    falling_alarms, _ = report("falling, 30 days (false alarms)", falling, say)
    unlike = told_unlike([weeks(rng, is_unlike=True) for _ in range(SERIES)])
    as_ever = told_unlike([weeks(rng, is_unlike=False) for _ in range(SERIES)])
    return Figures(error, max(false_alarms, falling_alarms), unlike, as_ever)


if __name__ == "__main__":
    print(measure(print))
