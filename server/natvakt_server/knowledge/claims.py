"""From the version entries of an advisory to a claim: releases by train, ranges, or the whole product."""

import re
from collections.abc import Iterable

from natvakt_server.knowledge.facts import Claim, Range
from natvakt_server.knowledge.products import family_of
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import Place, VersionUnknown

NO_VERSION = frozenset(("", "n/a", "na", "unspecified", "unknown", "all", "*", "-", "0", "none", "any"))
MOST_UNREAD = 20

_BEFORE = re.compile(r"^(?:prior to|before|earlier than|<)\s*(?P<end>\S.*)$", re.IGNORECASE)
_THROUGH = re.compile(r"^(?:<=|up to|through)\s*(?P<end>\S.*)$|^(?P<and>\S.*?)\s+and (?:prior|earlier)$", re.IGNORECASE)


class ClaimBuilder:
    """Gathers what is said of one operating system and one vulnerability; the order in which it is said does not matter."""

    def __init__(self, os: str, cve: str = "", family: str = "") -> None:
        self._os, self._cve, self._family = os, cve, family
        self._listed: dict[str, dict[str, Place]] = {}
        self._ranges: dict[Range, None] = {}
        self._fixed: dict[str, None] = {}
        self._whole = False
        self._unread: dict[str, None] = {}
        self._products: dict[str, None] = {}

    def release(self, text: str) -> None:
        """One entry of a version list: a release, a range in words, or nothing that is a version."""
        shown = " ".join(text.split())
        if shown.lower() in NO_VERSION:
            self._whole = True
            return
        before, through = _BEFORE.match(shown), _THROUGH.match(shown)
        if through:
            self.range(Range(end=through["end"] or through["and"], end_included=True))
        elif before:
            self.range(Range(end=before["end"]))
        else:
            self._release(shown)

    def _release(self, shown: str) -> None:
        try:
            version = parse_version(self._os, shown)
        except VersionUnknown:
            self._unread[shown[:80]] = None
            return
        if version.os == self._os:
            self._listed.setdefault(version.train, {})[version.normalised] = version.place

    def range(self, between: Range) -> None:
        """Ends that are no version of this system are dropped; a range without any end says the whole product."""
        start = "" if between.start.lower() in NO_VERSION else between.start
        end = "" if between.end.lower() in NO_VERSION else between.end
        if not start and not end:
            self._whole = True
            return
        ends = []
        for text in (start, end):
            try:
                ends.append(parse_version(self._os, text).normalised if text and not _is_bare_train(text) else text)
            except VersionUnknown:
                self._unread[text[:80]] = None
                return
        self._ranges[Range(ends[0], ends[1], between.start_included, between.end_included)] = None

    def fixed(self, text: str) -> None:
        try:
            self._fixed[parse_version(self._os, text).normalised] = None
        except VersionUnknown:
            self._unread[text[:80]] = None

    def whole(self) -> None:
        self._whole = True

    def product(self, name: str) -> None:
        self._products[" ".join(name.split())] = None

    def build(self) -> Claim | None:
        """None where nothing was said that could ever be judged."""
        listed = {train: tuple(sorted(found, key=found.__getitem__)) for train, found in sorted(self._listed.items())}
        names_versions = bool(listed or self._ranges)
        if not names_versions and not self._whole and not self._fixed and not self._unread:
            return None
        return Claim(
            self._os,
            self._cve,
            self._family,
            listed,
            tuple(sorted(self._ranges, key=lambda each: (each.start, each.end, each.start_included, each.end_included))),
            tuple(sorted(self._fixed)),
            self._whole and not names_versions,
            tuple(sorted(self._unread))[:MOST_UNREAD],
            tuple(sorted(self._products)),
        )


def _is_bare_train(text: str) -> bool:
    """NVD starts a range at 17.3 where it means the whole train."""
    return re.fullmatch(r"\d{1,2}\.\d{1,2}", text) is not None


class Claims:
    """Builders by operating system, vulnerability and hardware family."""

    def __init__(self) -> None:
        self._builders: dict[tuple[str, str, str], ClaimBuilder] = {}

    def of(self, os: str, cve: str = "", product: str = "") -> ClaimBuilder:
        """`product`: the name that was used; it is kept, and tells the family."""
        place = (os, cve, family_of(product))
        builder = self._builders.setdefault(place, ClaimBuilder(*place))
        if product:
            builder.product(product)
        return builder

    def build(self) -> tuple[Claim, ...]:
        found: Iterable[Claim | None] = (builder.build() for _, builder in sorted(self._builders.items()))
        return tuple(claim for claim in found if claim is not None)
