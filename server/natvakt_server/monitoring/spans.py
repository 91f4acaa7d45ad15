"""Sets of moments as spans (start inclusive, end exclusive), in order, without overlap or touching: exact to the nanosecond."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
Spans = Sequence[Span]


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, what overlaps or touches made one; empty ones are left out."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def both(left: Spans, right: Spans) -> list[Span]:
    found: list[Span] = []
    one = other = 0
    while one < len(left) and other < len(right):
        start, end = max(left[one][0], right[other][0]), min(left[one][1], right[other][1])
        if start < end:
            found.append((start, end))
        if left[one][1] < right[other][1]:
            one += 1
        else:
            other += 1
    return found


def without(spans: Spans, taken: Spans) -> list[Span]:
    found: list[Span] = []
    place = 0
    for start, end in spans:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        at, look = start, place
        while look < len(taken) and taken[look][0] < end:
            if at < taken[look][0]:
                found.append((at, taken[look][0]))
            at = max(at, taken[look][1])
            look += 1
        if at < end:
            found.append((at, end))
    return found


def length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
