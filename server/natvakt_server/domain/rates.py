"""Growth, rates and percentiles of counters, computed on reading.

A counter only grows. Where it did not, or where the device says that counting began anew, the interval between two polls is
a *break*: what was counted in it is unknown, so it adds nothing. A break is never negative and never a spike.

Three witnesses of a break (RFC 2863, section 3.1.5 and ifCounterDiscontinuityTime; RFC 3418, sysUpTime):

- the counter itself went down;
- its discontinuity time has another value than at the poll before;
- the device booted between the two polls, told by sysUpTime against the agent's time.

A counter that went down because it wrapped may be counted on, if its width is given and a witness says nothing else happened.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from natvakt_server.domain.series import Line
from natvakt_server.domain.tiers import SECOND_NS

UPTIME_SLACK_NS = 5 * SECOND_NS
"""How far the agent's time and sysUpTime may drift apart between two polls before it means a reboot."""

UPTIME_WRAP_SECONDS = 2**32 / 100
"""sysUpTime counts hundredths in 32 bits: after 497 days it starts again without a reboot."""


class BreakReason(StrEnum):
    DECREASE = "decrease"
    DISCONTINUITY = "discontinuity-time"
    REBOOT = "reboot"


@dataclass(frozen=True, slots=True)
class Interval:
    """Counted between two polls; `seconds` is what `increase` was observed over."""

    start_ns: int
    end_ns: int
    increase: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.increase / self.seconds


@dataclass(frozen=True, slots=True)
class Break:
    start_ns: int
    end_ns: int
    reason: BreakReason


@dataclass(frozen=True, slots=True)
class Growth:
    """What a counter did, in order of time. Intervals and breaks never overlap."""

    intervals: Sequence[Interval]
    breaks: Sequence[Break] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """Sum over a window; `seconds` is how much of it was observed."""

    increase: int
    seconds: float

    @property
    def per_second(self) -> float | None:
        return self.increase / self.seconds if self.seconds > 0 else None


def reboots(uptime: Line) -> Sequence[int]:
    """Moments (agent time, ns) at which the device started, as its sysUpTime in seconds tells."""
    found: list[int] = []
    samples = list(zip(uptime.times_ns, uptime.values, strict=True))
    for (before_ns, before), (after_ns, after) in pairwise(samples):
        booted_before = before_ns - round(before * SECOND_NS)
        booted_after = after_ns - round(after * SECOND_NS)
        expected = before + (after_ns - before_ns) / SECOND_NS
        wrapped = abs(expected - UPTIME_WRAP_SECONDS - after) * SECOND_NS <= UPTIME_SLACK_NS
        if booted_after - booted_before > UPTIME_SLACK_NS and booted_after > before_ns - UPTIME_SLACK_NS and not wrapped:
            found.append(booted_after)
    return found


def growth(counter: Line, discontinuity: Line | None = None, uptime: Line | None = None, wrap_bits: int | None = None) -> Growth:
    """Intervals and breaks of a raw counter.

    `discontinuity` is ifCounterDiscontinuityTime or the like of the same row, `uptime` the device's sysUpTime in seconds. A wrap at
    `wrap_bits` is counted on only when one of the two is given: without a witness it looks like any other reset.
    """
    boots = () if uptime is None else reboots(uptime)
    witnessed = discontinuity is not None or uptime is not None
    intervals: list[Interval] = []
    breaks: list[Break] = []
    samples = list(zip(counter.times_ns, counter.values, strict=True))
    for (start_ns, before), (end_ns, after) in pairwise(samples):
        if end_ns <= start_ns:
            continue
        increase = int(after) - int(before)
        reason = _witness(start_ns, end_ns, discontinuity, boots)
        if reason is None and increase < 0:
            wrapped = _wrapped(int(before), int(after), wrap_bits) if witnessed and wrap_bits is not None else None
            if wrapped is None:
                reason = BreakReason.DECREASE
            else:
                increase = wrapped
        if reason is None:
            intervals.append(Interval(start_ns, end_ns, increase, (end_ns - start_ns) / SECOND_NS))
        else:
            breaks.append(Break(start_ns, end_ns, reason))
    return Growth(intervals, breaks)


def _witness(start_ns: int, end_ns: int, discontinuity: Line | None, boots: Sequence[int]) -> BreakReason | None:
    if any(start_ns <= boot + UPTIME_SLACK_NS and end_ns >= boot - UPTIME_SLACK_NS for boot in boots):
        return BreakReason.REBOOT
    if discontinuity is not None:
        before, after = (value_at(discontinuity, moment) for moment in (start_ns, end_ns))
        if before is not None and after is not None and before != after:
            return BreakReason.DISCONTINUITY
    return None


def _wrapped(before: int, after: int, bits: int) -> int | None:
    """The increase over a wrap, if both ends lie where a wrap leaves them: in the last and in the first quarter."""
    span = 1 << bits
    if before < span and before >= span - span // 4 and after <= span // 4:
        return after + span - before
    return None


def value_at(line: Line, moment_ns: int) -> float | None:
    """The newest value at or before a moment."""
    index = bisect_right(line.times_ns, moment_ns)
    return line.values[index - 1] if index else None


def growth_of_roll_up(increase: Line, seconds: Line, width_ns: int) -> Growth:
    """The same from the `_increase` and `_seconds` columns of a rolled-up tier, whose windows are `width_ns` wide."""
    covered = dict(zip(seconds.times_ns, seconds.values, strict=True))
    intervals = []
    for start_ns, value in zip(increase.times_ns, increase.values, strict=True):
        observed = covered.get(start_ns, 0.0)
        if observed > 0:
            intervals.append(Interval(start_ns, start_ns + width_ns - 1, int(value), observed))
    return Growth(intervals)


def total(counted: Growth, start_ns: int, end_ns: int) -> Total:
    """What was counted in the window. An interval belongs where it ends; `end_ns` is exclusive, as in every query."""
    inside = [interval for interval in counted.intervals if start_ns <= interval.end_ns < end_ns]
    return Total(sum(interval.increase for interval in inside), sum(interval.seconds for interval in inside))


def rates(counted: Growth) -> Sequence[tuple[int, float]]:
    """(end of interval in ns, per second)."""
    return [(interval.end_ns, interval.per_second) for interval in counted.intervals]


def window_rates(counted: Growth, width_ns: int) -> Sequence[tuple[int, float]]:
    """(start of window in ns, mean per second), windows aligned to the epoch as in the roll-ups; unobserved ones are absent."""
    sums: dict[int, tuple[int, float]] = {}
    for interval in counted.intervals:
        start = interval.end_ns // width_ns * width_ns
        increase, seconds = sums.get(start, (0, 0.0))
        sums[start] = (increase + interval.increase, seconds + interval.seconds)
    return [(start, increase / seconds) for start, (increase, seconds) in sorted(sums.items())]


def percentile(values: Sequence[float], fraction: float) -> float | None:
    """Nearest rank, as carriers bill: the smallest value that at least `fraction` (0..1] of all do not exceed. None without values."""
    if not 0 < fraction <= 1:
        raise ValueError(f"fraction {fraction}: a percentile lies above 0 and at or below 1, such as 0.95")
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(fraction * len(values) - 1e-9) - 1)]


def ratio(part: Growth, whole: Growth, start_ns: int, end_ns: int) -> float | None:
    """Growth of one counter over growth of another, such as errors over packets.

    Only intervals that both know are counted, so a break in one never skews the ratio. None where the whole did not grow.
    """
    known = {(interval.start_ns, interval.end_ns): interval.increase for interval in part.intervals}
    parts = wholes = 0
    for interval in whole.intervals:
        increase = known.get((interval.start_ns, interval.end_ns))
        if increase is not None and start_ns <= interval.end_ns < end_ns:
            parts += increase
            wholes += interval.increase
    return parts / wholes if wholes else None


def longest_gap_ns(times_ns: Sequence[int], start_ns: int, end_ns: int) -> int:
    """Longest stretch of the window without a sample; the whole window when there is none."""
    inside = [moment for moment in times_ns if start_ns <= moment < end_ns]
    edges = [start_ns, *inside, end_ns]
    return max(after - before for before, after in pairwise(edges))


def coverage(times_ns: Sequence[int], start_ns: int, end_ns: int, interval_ns: int) -> float:
    """Share of the polling intervals of the window that hold at least one sample, 0..1."""
    if end_ns <= start_ns or interval_ns <= 0:
        raise ValueError(f"window {start_ns}..{end_ns} every {interval_ns} ns: both must be longer than nothing")
    expected = -(-(end_ns - start_ns) // interval_ns)
    hit = {(moment - start_ns) // interval_ns for moment in times_ns if start_ns <= moment < end_ns}
    return len(hit) / expected


def by_field(lines: Sequence[Line]) -> Mapping[str, Line]:
    """Lines of one row by their field, as `growth` and `growth_of_roll_up` take them."""
    return {line.key.field: line for line in lines}
