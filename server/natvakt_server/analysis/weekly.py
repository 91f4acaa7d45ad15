"""What is unusual for its hour of the week: the newest day held against the weeks before it.

    samples ── mean of each hour ── the weeks before: median of each hour of the week = profile, and how far hours stray from it
            ── the newest day: hours that stray far more ── enough of them ─► Unusual

An hour strays where it is off its profile by more than STRAY times the usual deviation (the median absolute one, as a standard deviation),
and by more than a tenth of the profile. One stray hour is a backup that ran late; LEAST_HOURS of them on one side within a day are told.
Without LEAST_WEEKS weeks before that day there is no profile and no answer.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from natvakt_server.analysis.forecast import DEVIATION_OF_NOISE, HOUR_NS, HOURS_OF_WEEK

DAY_HOURS = 24
LEAST_WEEKS = 3
LEAST_HOURS = 4
STRAY = 3.5
STRAY_SHARE = 0.1  # of the profile: what strays by less nobody would call unusual
CENTRE_OF_THREE = 1.5  # a median of few weeks is itself off; the fewer, the wider


@dataclass(frozen=True, slots=True)
class Unusual:
    """`hours` of the newest day stray to one side; `value` is their mean, `usual` that of the profile in the same hours."""

    hours: int
    value: float
    usual: float


def unusual(times_ns: Sequence[int], values: Sequence[float]) -> Unusual | None:
    """None where the newest day is as ever, or where too little is known of the weeks before."""
    means = _hours(times_ns, values)
    if not means:
        return None
    newest = max(means)
    before = {hour: value for hour, value in means.items() if hour <= newest - DAY_HOURS}
    if not before or newest - DAY_HOURS - min(before) < LEAST_WEEKS * HOURS_OF_WEEK - DAY_HOURS:
        return None
    profile, deviation = _profile(before)
    strayed: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for hour in range(newest - DAY_HOURS + 1, newest + 1):
        usual = profile.get(hour % HOURS_OF_WEEK)
        if usual is None or hour not in means:
            continue
        off = means[hour] - usual
        if abs(off) > max(STRAY * deviation, STRAY_SHARE * abs(usual)):
            strayed[off > 0].append((means[hour], usual))
    told = max(strayed.values(), key=len)
    if len(told) < LEAST_HOURS:
        return None
    return Unusual(len(told), sum(value for value, _ in told) / len(told), sum(usual for _, usual in told) / len(told))


def _hours(times_ns: Sequence[int], values: Sequence[float]) -> dict[int, float]:
    """The mean of each hour; an hour without samples was not observed and is not zero."""
    grouped: dict[int, list[float]] = defaultdict(list)
    for time_ns, value in zip(times_ns, values, strict=True):
        grouped[time_ns // HOUR_NS].append(value)
    return {hour: sum(found) / len(found) for hour, found in grouped.items()}


def _profile(means: dict[int, float]) -> tuple[dict[int, float], float]:
    """By hour of the week, and the usual deviation from it as a standard deviation."""
    grouped: dict[int, list[float]] = defaultdict(list)
    for hour, value in means.items():
        grouped[hour % HOURS_OF_WEEK].append(value)
    profile = {hour: median(found) for hour, found in grouped.items() if len(found) >= LEAST_WEEKS - 1}
    rest = [abs(value - profile[hour % HOURS_OF_WEEK]) for hour, value in means.items() if hour % HOURS_OF_WEEK in profile]
    # The middle of three values is one of them: it is off by nothing, so zeros would make the deviation look smaller than it is.
    told = [each for each in rest if each > 0] or [0.0]
    return profile, CENTRE_OF_THREE * DEVIATION_OF_NOISE * median(told)
