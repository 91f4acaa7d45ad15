"""What differs in meaning between two configurations: lines added, removed and changed, each with its place on both sides.

Sections are matched by their heads and compared line by line; where order counts, by the longest run of common lines. A removed line and an
added one that set the same thing (`description`, `ip address`, `no shutdown` against `shutdown`) are one change. Empty exactly where the
semantic digests are equal.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from natvakt_server.backups.configurations.semantics import Semantics, flat_list, semantics
from natvakt_server.domain.configuration.model import NOWHERE, Configuration, Line

# Pairs of equal lines that an ordered comparison may look at; beyond, the two lists are told as wholly different.
ORDERED_PAIRS_LIMIT = 2_000_000
_FREE_TEXTS = frozenset({"description", "name", "remark", "title"})


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # the same words elsewhere in a list whose order counts


@dataclass(frozen=True, slots=True)
class Change:
    """`path`: the heads of the sections around it, from the top. `before` is missing where added, `after` where removed."""

    what: What
    path: tuple[str, ...]
    before: Line | None
    after: Line | None


@dataclass(slots=True)
class _Matched:
    """Children of one pair of sections: what is only on one side, and sections on both whose insides differ."""

    removed: list[int]
    added: list[int]
    inside: list[tuple[int, int]]


def difference(old: Configuration, new: Configuration) -> Sequence[Change]:
    """First what stands at the top, then section by section in the order of the new text."""
    return difference_of(semantics(old), semantics(new))


def difference_of(old: Semantics, new: Semantics) -> Sequence[Change]:
    if old.digest == new.digest:
        return ()
    found: list[Change] = []
    open_pairs = [(NOWHERE, NOWHERE)]
    while open_pairs:
        before, after = open_pairs.pop()
        matched = _match(old, new, before, after)
        found += sorted(_changes(old, new, matched), key=_number)
        open_pairs += sorted(matched.inside, key=lambda pair: pair[1], reverse=True)
    return found


def _number(change: Change) -> int:
    line = change.after or change.before
    assert line is not None
    return line.number


def _match(old: Semantics, new: Semantics, before: int, after: int) -> _Matched:
    matched = _Matched([], [], [])
    left, right = list(old.children(before)), list(new.children(after))
    if before in old.ordered or after in new.ordered:
        _match_ordered(old, new, left, right, matched)
        return matched
    left_lists, right_lists = _by_list(old, left), _by_list(new, right)
    for name in dict.fromkeys([*left_lists, *right_lists]):
        rows = left_lists.get(name, []), right_lists.get(name, [])
        if name is None:
            _match_unordered(old, new, *rows, matched)
        else:
            _match_ordered(old, new, *rows, matched)
    return matched


def _by_list(side: Semantics, places: Sequence[int]) -> dict[str | None, list[int]]:
    found: dict[str | None, list[int]] = {}
    for place in places:
        found.setdefault(flat_list(side.texts[place]), []).append(place)
    return found


def _match_unordered(old: Semantics, new: Semantics, left: Sequence[int], right: Sequence[int], matched: _Matched) -> None:
    """The same in words and insides first, then the same in words."""
    same = Counter(old.digests[place] for place in left) & Counter(new.digests[place] for place in right)
    left, right = _without(old, left, same.copy()), _without(new, right, same.copy())
    waiting: dict[str, deque[int]] = {}
    for place in left:
        waiting.setdefault(old.texts[place], deque()).append(place)
    for place in right:
        heads = waiting.get(new.texts[place])
        if heads:
            matched.inside.append((heads.popleft(), place))
        else:
            matched.added.append(place)
    matched.removed += sorted(place for heads in waiting.values() for place in heads)


def _without(side: Semantics, places: Sequence[int], same: Counter[bytes]) -> list[int]:
    rest = []
    for place in places:
        digest = side.digests[place]
        if same[digest] > 0:
            same[digest] -= 1
        else:
            rest.append(place)
    return rest


def _match_ordered(old: Semantics, new: Semantics, left: Sequence[int], right: Sequence[int], matched: _Matched) -> None:
    left_texts, right_texts = [old.texts[place] for place in left], [new.texts[place] for place in right]
    start = 0
    while start < min(len(left), len(right)) and left_texts[start] == right_texts[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left_texts[-1 - end] == right_texts[-1 - end]:
        end += 1
    pairs = [(place, place) for place in range(start)] + [(len(left) - 1 - each, len(right) - 1 - each) for each in range(end)]
    middle = slice(start, len(left) - end), slice(start, len(right) - end)
    pairs += [(start + one, start + other) for one, other in _longest(left_texts[middle[0]], right_texts[middle[1]])]
    matched.inside += [(left[one], right[other]) for one, other in pairs if old.digests[left[one]] != new.digests[right[other]]]
    kept_left, kept_right = {one for one, _ in pairs}, {other for _, other in pairs}
    matched.removed += [place for each, place in enumerate(left) if each not in kept_left]
    matched.added += [place for each, place in enumerate(right) if each not in kept_right]


def _longest(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    counts = Counter(right)
    if sum(counts[text] for text in left) > ORDERED_PAIRS_LIMIT:
        return
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        yield from ((block.a + step, block.b + step) for step in range(block.size))


def _changes(old: Semantics, new: Semantics, matched: _Matched) -> Iterator[Change]:
    couples = dict(_couples(old, new, matched.removed, matched.added))
    taken = set(couples.values())
    for place in matched.removed:
        if place in couples:
            there = couples[place]
            what = What.MOVED if old.texts[place] == new.texts[there] else What.CHANGED
            yield Change(what, _path(new, there), old.line(place), new.line(there))
        else:
            yield from (Change(What.REMOVED, _path(old, each), old.line(each), None) for each in _whole(old, place))
    for place in matched.added:
        if place not in taken:
            yield from (Change(What.ADDED, _path(new, each), None, new.line(each)) for each in _whole(new, place))


def _whole(side: Semantics, place: int) -> Iterator[int]:
    """A line and the meaningful lines below it."""
    return (each for each in range(place, side.line(place).end) if each in side.texts)


def _path(side: Semantics, place: int) -> tuple[str, ...]:
    return tuple(line.text for line in side.configuration.path(side.line(place))[:-1])


def _couples(old: Semantics, new: Semantics, removed: Sequence[int], added: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Lines without sections below that set the same thing: the same words, else all but the last, else the first two, else a free text."""
    left = [place for place in removed if not old.children(place)]
    right = [place for place in added if not new.children(place)]
    for subject in _SUBJECTS:
        one, other = _alone(old, left, subject), _alone(new, right, subject)
        couples = [(one[key], other[key]) for key in one if key in other]
        yield from couples
        gone, came = {place for place, _ in couples}, {place for _, place in couples}
        left, right = [place for place in left if place not in gone], [place for place in right if place not in came]


def _alone(side: Semantics, places: Sequence[int], subject: Callable[[str], tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """By what a line sets, where only one line on this side sets it."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place in places:
        found.setdefault(subject(side.texts[place]), []).append(place)
    return {key: held[0] for key, held in found.items() if key and len(held) == 1}


def _all_words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _all_but_the_last(text: str) -> tuple[str, ...]:
    told = _positive(text)
    return tuple(told if text.lower().startswith("no ") or len(told) == 1 else told[:-1])


def _first_two(text: str) -> tuple[str, ...]:
    told = _positive(text)
    return tuple(told[:2]) if len(told) >= 2 else ()


def _free_text(text: str) -> tuple[str, ...]:
    told = _positive(text)
    return tuple(told[:1]) if told[0] in _FREE_TEXTS else ()


def _positive(text: str) -> list[str]:
    """`no shutdown` is about what `shutdown` is about."""
    return text.lower().removeprefix("no ").split() or [""]


_SUBJECTS = (_all_words, _all_but_the_last, _first_two, _free_text)
