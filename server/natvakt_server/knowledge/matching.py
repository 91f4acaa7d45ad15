"""Whether a claim holds for a version, and why.

    listed          the release is in the list
    range           it lies in a range, or in a train that is named as a whole
    whole-product   the product is named without any version
    between-listed  not listed, but between two listed releases of its train

A range with one open end holds in the train of its other end only; one with both ends holds wherever it reaches by number.
"""

import re
from collections.abc import Iterable, Sequence

from natvakt_server.knowledge.facts import Claim, Range
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.trains import is_in_train
from natvakt_server.knowledge.versions.version import Version, VersionUnknown

BASES = ("listed", "range", "whole-product", "between-listed")
"""From the strongest to the weakest."""
_NUMERIC_TRAIN = re.compile(r"(?P<major>\d+)(?:\.(?P<minor>\d+))?(?P<rest>.*)")
Bound = tuple[str, Version | None]
"""A train, and the release in it; None: the train's beginning, or its end where it closes a range."""


class Matcher:
    """Versions of claims, each parsed once: many devices are judged against the same claims."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Version | None] = {}

    def parsed(self, os: str, text: str) -> Version | None:
        place = (os, text)
        if place not in self._known:
            self._known[place] = _parsed(os, text)
        return self._known[place]

    def basis_of(self, version: Version, claim: Claim) -> str | None:
        """Why the claim holds for this version; None: it says nothing of it, or clears it."""
        if self.clears(version, claim):
            return None
        listed = self._all(version.os, claim.listed.get(version.train, ()))
        if any(version.is_same(each) for each in listed):
            return "listed"
        if any(self._is_inside(version, each) for each in claim.ranges) or any(is_in_train(version.train, each) for each in claim.trains):
            return "range"
        if claim.whole:
            return "whole-product"
        places = [each.place for each in listed]
        return "between-listed" if places and min(places) < version.place < max(places) else None

    def clears(self, version: Version, claim: Claim) -> bool:
        """Whether the source says that this release is not affected."""
        return any(version.is_same(each) for each in self._all(version.os, claim.cleared))

    def _all(self, os: str, texts: Iterable[str]) -> list[Version]:
        return [parsed for text in texts if (parsed := self.parsed(os, text)) is not None]

    def names_train(self, version: Version, claim: Claim) -> bool:
        """Whether the claim speaks of this version's train."""
        if version.train in claim.listed or any(is_in_train(version.train, each) for each in claim.trains):
            return True
        bounds = (self._bound(version.os, text) for each in claim.ranges for text in (each.start, each.end))
        return any(bound is not None and bound[0] == version.train for bound in bounds)

    def fixes(self, version: Version, fixed: Iterable[str]) -> Sequence[str]:
        """Fixed releases of the version's train that come after it, the lowest first; where its train has none, those of others."""
        parsed = self._all(version.os, dict.fromkeys(fixed))
        own = sorted((each for each in parsed if each.train == version.train), key=lambda each: each.place)
        if own:
            return tuple(each.normalised for each in own if version.place < each.place)
        return tuple(sorted(each.normalised for each in parsed))

    def _is_inside(self, version: Version, between: Range) -> bool:
        start, end = self._bound(version.os, between.start), self._bound(version.os, between.end)
        if start is None or end is None:
            train = (start or end or ("", None))[0]
            if train != version.train:
                return False
        after = start is None or _is_after(version, start, between.start_included)
        return after and (end is None or _is_before(version, end, between.end_included))

    def _bound(self, os: str, text: str) -> Bound | None:
        if not text:
            return None
        parsed = self.parsed(os, text)
        return (parsed.train, parsed) if parsed is not None else (text, None)


def _parsed(os: str, text: str) -> Version | None:
    try:
        return parse_version(os, text)
    except VersionUnknown:
        return None


def _is_after(version: Version, start: Bound, included: bool) -> bool:
    train, release = start
    if train != version.train:
        return train_precedes(train, version.train) is True
    return release is None or release.place < version.place or (included and release.place == version.place)


def _is_before(version: Version, end: Bound, included: bool) -> bool:
    train, release = end
    if train != version.train:
        return train_precedes(version.train, train) is True
    if release is None:
        return included
    return version.place < release.place or (included and release.place == version.place)


def train_precedes(one: str, other: str) -> bool | None:
    """Whether one train's number is lower; None where their letters differ, so that numbers say nothing."""
    first, second = _NUMERIC_TRAIN.fullmatch(one), _NUMERIC_TRAIN.fullmatch(other)
    if first is None or second is None or first["rest"] != second["rest"]:
        return None
    return _numbers(first) < _numbers(second)


def _numbers(found: re.Match[str]) -> tuple[int, int]:
    return int(found["major"]), int(found["minor"] or 0)
