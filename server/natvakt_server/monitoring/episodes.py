"""From runs to episodes: when something was wrong long enough to count, until it was right long enough.

    dwell       bad for this long before it counts      ─┐ short of that it never was
    clear       good for this long before it is over    ─┘
    flapping    so many falls within a window are one episode, which lasts until it was quiet for a while

A pure function of the runs: data that comes late changes the answer, not the history of how it was reached.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from natvakt_server.monitoring.runs import SECOND_NS, Level, Run

MINUTE_NS = 60 * SECOND_NS
FALL_NS = 45 * SECOND_NS


@dataclass(frozen=True, slots=True)
class Steadiness:
    dwell_ns: int
    clear_ns: int
    flaps: int = 4
    flap_window_ns: int = 30 * MINUTE_NS
    quiet_ns: int = 15 * MINUTE_NS


@dataclass(frozen=True, slots=True)
class Episode:
    """`raised_ns`: when it counted; `last_ns`: last bad sample; `end_ns`: first good one, 0 while it lasts."""

    start_ns: int
    raised_ns: int
    last_ns: int
    end_ns: int = 0
    flapping: bool = False

    def overlaps(self, start_ns: int, end_ns: int) -> bool:
        """`end_ns` 0: for ever."""
        return (not end_ns or self.start_ns <= end_ns) and (not self.end_ns or start_ns <= self.end_ns)


@dataclass(frozen=True, slots=True)
class _Span:
    """Bad from `start_ns`, last seen bad at `last_ns`, good again since `end_ns` (0: not, or not long enough)."""

    start_ns: int
    last_ns: int
    end_ns: int


def episodes(runs: Sequence[Run], steadiness: Steadiness) -> list[Episode]:
    """In order of time; they never overlap."""
    counted = [
        Episode(span.start_ns, span.start_ns + steadiness.dwell_ns, span.last_ns, span.end_ns)
        for span in _spans(runs, steadiness.clear_ns)
        if span.last_ns - span.start_ns >= steadiness.dwell_ns
    ]
    return _joined(sorted([*counted, *_flapping(runs, steadiness)], key=lambda each: each.start_ns))


def _spans(runs: Sequence[Run], clear_ns: int) -> Iterator[_Span]:
    start_ns = last_ns = good_ns = 0
    for run in runs:
        if run.level is Level.BAD:
            start_ns, last_ns, good_ns = start_ns or run.start_ns, run.end_ns, 0
        elif run.level is Level.BETWEEN:
            good_ns = 0
        elif start_ns:
            good_ns = good_ns or run.start_ns
            if run.end_ns - good_ns >= clear_ns:
                yield _Span(start_ns, last_ns, good_ns)
                start_ns = good_ns = 0
    if start_ns:
        yield _Span(start_ns, last_ns, 0)


def _flapping(runs: Sequence[Run], steadiness: Steadiness) -> Iterator[Episode]:
    """Falls from good to bad, `flaps` of them within the window, and all that follow before it was quiet."""
    falls = _falls(runs)
    place, needed = 0, steadiness.flaps
    while place + needed <= len(falls):
        raised = falls[place + needed - 1]
        if raised.start_ns - falls[place].start_ns > steadiness.flap_window_ns:
            place += 1
            continue
        last = place + needed - 1
        while last + 1 < len(falls) and falls[last + 1].start_ns - falls[last].end_ns <= steadiness.quiet_ns:
            last += 1
        last_ns = falls[last].end_ns
        yield Episode(falls[place].start_ns, raised.start_ns, last_ns, _quiet_since(runs, last_ns, steadiness.quiet_ns), True)
        place = last + 1


def _falls(runs: Sequence[Run]) -> list[Run]:
    """From good to bad for most of a minute: where several ways are asked, one that misses between two that do not is none."""
    ends = [run.start_ns for run in runs[1:]] + [runs[-1].end_ns if runs else 0]
    told = zip(pairwise(runs), ends[1:], strict=True)
    return [
        run for (before, run), end_ns in told if run.level is Level.BAD and before.level is Level.GOOD and end_ns - run.start_ns >= FALL_NS
    ]


def _quiet_since(runs: Sequence[Run], last_bad_ns: int, quiet_ns: int) -> int:
    """First good sample after the last fall, once it has been quiet for long enough; 0 before."""
    after = [run for run in runs if run.start_ns > last_bad_ns]
    if not after or after[-1].end_ns - last_bad_ns < quiet_ns:
        return 0
    return next((run.start_ns for run in after if run.level is Level.GOOD), 0)


def _joined(found: Sequence[Episode]) -> list[Episode]:
    result: list[Episode] = []
    for each in found:
        last = result[-1] if result else None
        if last is None or (last.end_ns and last.end_ns < each.start_ns):
            result.append(each)
            continue
        end_ns = max(last.end_ns, each.end_ns) if last.end_ns and each.end_ns else 0
        flapping = last.flapping or each.flapping
        times = (min(last.raised_ns, each.raised_ns), max(last.last_ns, each.last_ns))
        result[-1] = Episode(last.start_ns, *times, end_ns, flapping)
    return result
