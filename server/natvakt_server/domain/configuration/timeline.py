"""How readings of a configuration become versions. Pure, and safe against late and repeated readings.

A version is a run of readings that mean the same, kept as the first and the last time it was seen and the text of its newest reading:

    readings   A(1) A'(2)  B(5)  B(7)  A(9)        A' differs from A in noise only
    versions   A [1..2]    B [5..7]    A [9..9]

A reading inside a run of another meaning (it came late) splits that run. What was seen between the ends of a run is not kept, so the split
halves end where they are known to: at the first and at the last reading. "Still the same" about a document stretches the run that holds it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What is told of one text. `digest`: SHA-256 of it in UTF-8, hexadecimal; `document`: digest of the document it came in."""

    digest: str
    document: str
    system: str  # the grammar it is written in; empty where it looks like none
    lines: int
    octets: int
    complete: bool | None
    incomplete_reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """`row`: number of the stored row, None for one that is not stored yet. `changed_*` are of its first reading."""

    meaning: str  # semantic digest, hexadecimal
    first_ns: int
    last_ns: int
    facts: TextFacts
    changed_at: str = ""
    changed_by: str = ""
    changed_ns: int = 0
    row: int | None = None


def observe(runs: Sequence[Run], seen: Run) -> Sequence[Run]:
    """Runs in the order of time, with one more reading (`first_ns` = `last_ns`) in its place."""
    at = bisect_right(runs, seen.first_ns, key=lambda run: run.first_ns)
    before = runs[at - 1] if at else None
    after = runs[at] if at < len(runs) else None
    if before is not None and before.meaning == seen.meaning:
        return runs if seen.last_ns < before.last_ns else _put(runs, at - 1, 1, replace(before, last_ns=seen.last_ns, facts=seen.facts))
    if before is not None and seen.first_ns <= before.last_ns:
        return _split(runs, at - 1, before, seen)
    if after is not None and after.meaning == seen.meaning:
        earlier = replace(after, first_ns=seen.first_ns, changed_at=seen.changed_at, changed_by=seen.changed_by, changed_ns=seen.changed_ns)
        return _put(runs, at, 1, earlier)
    return _put(runs, at, 0, seen)


def confirm(runs: Sequence[Run], document: str, time_ns: int) -> Sequence[Run]:
    """The document was still the same at that time. Nothing happens where another one was seen since."""
    at = bisect_right(runs, time_ns, key=lambda run: run.first_ns) - 1
    if at < 0 or runs[at].facts.document != document or time_ns <= runs[at].last_ns:
        return runs
    return _put(runs, at, 1, replace(runs[at], last_ns=time_ns))


def joined(runs: Sequence[Run]) -> Sequence[Run]:
    """Runs of one device that several agents looked at, as one line of time: neighbours of one meaning become one."""
    found: list[Run] = []
    for run in sorted(runs, key=lambda each: (each.first_ns, each.last_ns)):
        if found and found[-1].meaning == run.meaning:
            newer = run if run.last_ns >= found[-1].last_ns else found[-1]
            found[-1] = replace(found[-1], last_ns=newer.last_ns, facts=newer.facts)
        else:
            found.append(run)
    return found


def _split(runs: Sequence[Run], at: int, around: Run, seen: Run) -> Sequence[Run]:
    if seen.first_ns in (around.first_ns, around.last_ns):
        return runs  # two meanings at one moment: the first to be told holds
    head, tail = replace(around, last_ns=around.first_ns), replace(around, first_ns=around.last_ns, row=None)
    return _put(runs, at, 1, head, seen, tail)


def _put(runs: Sequence[Run], at: int, instead_of: int, *new: Run) -> Sequence[Run]:
    return (*runs[:at], *new, *runs[at + instead_of :])
