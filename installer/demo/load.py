"""How busy things are: weekly load curves with a closed-form integral, so that a counter is a pure function of time.

A curve is 2,016 five-minute levels of one week, starting Monday 00:00 local time, repeated for ever and scaled to a mean
of 1. A gauge reads `level`, a counter `count_since` of its mean rate: strictly growing, with the same rhythm.
Between two levels the load is constant, so the integral is a table look-up and one multiplication.
"""

import math
import random
from collections.abc import Callable
from itertools import accumulate

SECOND_NS = 1_000_000_000
SLOT_SECONDS = 300
WEEK_SECONDS = 7 * 86_400
SLOTS = WEEK_SECONDS // SLOT_SECONDS
SLOT_NS = SLOT_SECONDS * SECOND_NS
WEEK_NS = WEEK_SECONDS * SECOND_NS
MONDAY_OFFSET_NS = (3 * 86_400 + 3_600) * SECOND_NS  # 1970-01-01 was a Thursday; the site lives in Central European Time

Shape = Callable[[int, float], float]


class LoadCurve:
    """One week of relative load. `shape(weekday, hour)` draws it, `noise` (0 none) roughens it, `seed` makes it this one.

    Whole numbers throughout: with floats, two instants a nanosecond apart could make a counter step back by one.
    """

    def __init__(self, shape: Shape, seed: str, noise: float = 0.2) -> None:
        generator = random.Random(seed)
        levels = []
        for slot in range(SLOTS):
            weekday, second = divmod(slot * SLOT_SECONDS, 86_400)
            levels.append(shape(weekday, second / 3_600) * math.exp(generator.gauss(0, noise) - noise * noise / 2))
        mean = sum(levels) / SLOTS
        self._parts_per_million = [round(1_000_000 * level / mean) for level in levels]
        self._before = [0, *accumulate(level * SLOT_NS for level in self._parts_per_million)]
        self._latest = (-1, 0)

    def level(self, now_ns: int) -> float:
        """Load at this time as a multiple of the weekly mean."""
        return self._parts_per_million[(now_ns + MONDAY_OFFSET_NS) % WEEK_NS // SLOT_NS] / 1_000_000

    def busy_microseconds(self, now_ns: int) -> int:
        """Integral of the level since a Monday before 1970, in microseconds at mean load; never decreases."""
        if self._latest[0] == now_ns:  # every counter of a port asks for the same instant
            return self._latest[1]
        weeks, within = divmod(now_ns + MONDAY_OFFSET_NS, WEEK_NS)
        slot, rest = divmod(within, SLOT_NS)
        total = weeks * self._before[-1] + self._before[slot] + self._parts_per_million[slot] * rest
        self._latest = (now_ns, total // 1_000_000_000)
        return self._latest[1]

    def count_since(self, start_ns: int, mean_per_second: float) -> Callable[[int], int]:
        """A counter that stands at 0 until `start_ns` and then grows by `mean_per_second` in the mean of a week."""
        per_million_seconds = round(mean_per_second * 1_000_000)
        start = self.busy_microseconds(start_ns)

        def count(now_ns: int) -> int:
            grown = self.busy_microseconds(now_ns) - start
            return per_million_seconds * grown // 1_000_000_000_000 if grown > 0 else 0

        return count


def office(weekday: int, hour: float) -> float:
    """Work hours with a dip at lunch, quiet nights and weekends."""
    if weekday >= 5:
        return 0.08
    morning = 1 / (1 + math.exp(-(hour - 7.5) * 2.2))
    evening = 1 / (1 + math.exp((hour - 16.8) * 1.8))
    lunch = 1 - 0.35 * math.exp(-((hour - 12.1) ** 2) / 0.5)
    return 0.06 + morning * evening * lunch


def server(weekday: int, hour: float) -> float:
    """Office load over a floor of its own, and a backup at night."""
    backup = 1.4 * math.exp(-((hour - 2.0) ** 2) / 0.6)
    return 0.35 + 0.65 * office(weekday, hour) + backup


def steady(weekday: int, hour: float) -> float:
    """Hardly any rhythm: hello packets, telemetry, cameras."""
    return 1.0 + 0.05 * office(weekday, hour)
