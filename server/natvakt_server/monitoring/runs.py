"""What was seen of one thing over time, as runs: spans of samples that follow each other at one level.

    samples   + + + + - - -     + +        time ──►
    runs      [  good ][bad]    [good]     the gap stays a gap: nobody looked

Runs are a function of the set of samples, not of the order they came in, as long as samples keep the interval they are read at.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import IntEnum

import msgspec

SECOND_NS = 1_000_000_000
HOUR_NS = 3600 * SECOND_NS
JOIN_NS = 95 * SECOND_NS
"""Samples of one level this close are one run, where a table is read every minute."""
MANY_RUNS, MOST_RUNS = 32, 200
WIDE_JOIN_NS = 11 * 60 * SECOND_NS
"""A table that is read every ten minutes at most still makes few runs of a long time."""


class Level(IntEnum):
    """BETWEEN: under the limit that raises and above the one that clears; whatever held before holds on."""

    GOOD = 0
    BETWEEN = 1
    BAD = 2


class Run(msgspec.Struct, frozen=True, array_like=True):
    """First and last sample, UTC."""

    start_ns: int
    end_ns: int
    level: Level


def merged(runs: Sequence[Run], samples: Iterable[tuple[int, Level]], join_ns: int = JOIN_NS) -> list[Run]:
    """With more samples, early or late. Of two at the same moment the kinder one counts."""
    result = list(runs)
    for time_ns, level in samples:
        _add(result, time_ns, level, join_ns)
    return result


def _add(runs: list[Run], time_ns: int, level: Level, join_ns: int) -> None:
    place = bisect_right(runs, time_ns, key=lambda run: run.start_ns)
    before = runs[place - 1] if place else None
    if before is not None and time_ns <= before.end_ns:
        if level < before.level or (level > before.level and before.start_ns < time_ns < before.end_ns):
            runs[place - 1 : place] = _split(before, time_ns, level, join_ns)
        return
    start_ns, end_ns, first, last = time_ns, time_ns, place, place
    if before is not None and before.level == level and time_ns - before.end_ns <= join_ns:
        start_ns, first = before.start_ns, place - 1
    if place < len(runs) and runs[place].level == level and runs[place].start_ns - time_ns <= join_ns:
        end_ns, last = runs[place].end_ns, place + 1
    runs[first:last] = [Run(start_ns, end_ns, level)]


def _split(run: Run, time_ns: int, level: Level, join_ns: int) -> list[Run]:
    """Where something else was seen within a run, the run is known up to a sample's distance from it only."""
    before = Run(run.start_ns, max(run.start_ns, time_ns - join_ns), run.level)
    after = Run(min(run.end_ns, time_ns + join_ns), run.end_ns, run.level)
    own = Run(time_ns, time_ns, level)
    return [*([before] if before.end_ns < time_ns else []), own, *([after] if after.start_ns > time_ns else [])]


def kept(runs: Sequence[Run], since_ns: int) -> list[Run]:
    """Without what ended before that moment; where there are many, older ones close to each other are told as one."""
    left = [run for run in runs if run.end_ns >= since_ns]
    if len(left) <= MANY_RUNS:
        return left
    result: list[Run] = []
    for place, run in enumerate(left):
        last = result[-1] if result else None
        is_old = place < len(left) - MANY_RUNS // 2
        if is_old and last is not None and last.level == run.level and run.start_ns - last.end_ns <= WIDE_JOIN_NS:
            result[-1] = Run(last.start_ns, run.end_ns, run.level)
        else:
            result.append(run)
    return result[-MOST_RUNS:]


def level_at(runs: Sequence[Run], time_ns: int, hold_ns: int) -> Level | None:
    """As last seen at that moment; None where the last look is longer ago than `hold_ns`."""
    place = bisect_right(runs, time_ns, key=lambda run: run.start_ns)
    if not place or time_ns - runs[place - 1].end_ns > hold_ns:
        return None
    return runs[place - 1].level


def best_of(tracks: Sequence[Sequence[Run]], hold_ns: int) -> list[Run]:
    """One track out of several ways to ask: good where any of them is good, bad where all that are asked are bad.

    A good answer holds until its way is asked again, at most `hold_ns`; but not beyond the moment another way, that used to be good,
    fell. A way that never is good, as pings that a firewall drops, says nothing against the others.
    """
    told = [track for track in tracks if track]
    if len(told) < 2:
        return list(told[0]) if told else []
    starts = {run.start_ns for track in told for run in track}
    result: list[Run] = []
    for moment in _moments(told, hold_ns):
        level = _best_at(told, moment, hold_ns)
        last = result[-1] if result else None
        if level is None:
            continue
        if last is not None and last.level == level and not (moment in starts and moment - last.end_ns > hold_ns):
            result[-1] = Run(last.start_ns, moment, level)
        else:
            result.append(Run(moment, moment, level))
    return result


def _best_at(tracks: Sequence[Sequence[Run]], moment: int, hold_ns: int) -> Level | None:
    levels: list[Level] = []
    fallen_ns, good_ns = 0, 0
    for track in tracks:
        place = bisect_right(track, moment, key=lambda run: run.start_ns) - 1
        if place < 0 or moment - track[place].end_ns > hold_ns:
            continue
        run = track[place]
        levels.append(run.level)
        if run.level is Level.GOOD:
            good_ns = max(good_ns, min(moment, run.end_ns))
        elif run.level is Level.BAD and place and track[place - 1].level is Level.GOOD:
            fallen_ns = max(fallen_ns, run.start_ns)
    if not levels:
        return None
    return Level.BAD if fallen_ns > good_ns else min(levels)


def _moments(tracks: Sequence[Sequence[Run]], hold_ns: int) -> list[int]:
    """Where the level may change: ends of runs, and where one no longer counts while another goes on."""
    runs = [run for track in tracks for run in track]
    moments = {moment for run in runs for moment in (run.start_ns, run.end_ns)}
    over = {run.end_ns + hold_ns + 1 for run in runs}
    return sorted(moments | {moment for moment in over if any(run.start_ns <= moment <= run.end_ns for run in runs)})
