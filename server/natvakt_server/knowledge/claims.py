"""From the version entries of an advisory to a claim: releases by train, whole trains, ranges, or the whole product."""

from collections.abc import Iterable

from natvakt_server.knowledge.entries import NO_VERSION, parts_of, read_entry
from natvakt_server.knowledge.facts import Claim, Range
from natvakt_server.knowledge.products import family_of, systems_of
from natvakt_server.knowledge.versions.systems import parse_version, system_meant
from natvakt_server.knowledge.versions.trains import train_of
from natvakt_server.knowledge.versions.version import Place, VersionUnknown

MOST_UNREAD = 20
LONGEST_UNREAD = 80


class ClaimBuilder:
    """Gathers what is said of one operating system and one vulnerability; the order in which it is said does not matter."""

    def __init__(self, os: str, cve: str = "", family: str = "") -> None:
        self._os, self._cve, self._family = os, cve, family
        self._listed: dict[str, dict[str, Place]] = {}
        self._ranges: dict[Range, None] = {}
        self._trains: dict[str, None] = {}
        self._cleared: dict[str, None] = {}
        self._fixed: dict[str, None] = {}
        self._whole = False
        self._seen: set[str] = set()
        self._unread: dict[str, None] = {}
        self._products: dict[str, None] = {}

    def release(self, text: str) -> None:
        """One entry of a version list: a release, a train, a range in words, several of these, or nothing that is a version."""
        if text in self._seen:
            return
        self._seen.add(text)
        if self._listed_as(text):
            return
        for part in parts_of(text):
            for entry in read_entry(part):
                if entry.is_whole:
                    self._whole = True
                elif entry.between is not None:
                    self.range(entry.between)
                elif entry.cleared is not None:
                    self.cleared(entry.cleared)
                elif entry.release is not None:
                    self._release(entry.release)

    def _listed_as(self, shown: str) -> bool:
        """Whether the text is a release; one of another system is none of ours and forgotten."""
        try:
            version = parse_version(self._os, shown)
        except VersionUnknown:
            return False
        if version.os == self._os:
            self._listed.setdefault(version.train, {})[version.normalised] = version.place
        return True

    def _release(self, shown: str) -> None:
        """A release, a train, the product once more, or nothing that can be read."""
        if self._listed_as(shown):
            return
        train = train_of(self._os, shown)
        if train is not None:
            self._trains[train] = None
        elif self._os in systems_of(shown):
            self._whole = True
        else:
            self._unread[shown[:LONGEST_UNREAD]] = None

    def range(self, between: Range) -> None:
        """A range without any end says the whole product; ends that are no version of this system make it unread."""
        start = "" if between.start.strip().lower() in NO_VERSION else between.start.strip()
        end = "" if between.end.strip().lower() in NO_VERSION else between.end.strip()
        if not start and not end:
            self._whole = True
            return
        low, high = self._end_of_range(start), self._end_of_range(end)
        if low is None or high is None:
            self._unread[f"{start} - {end}"[:LONGEST_UNREAD]] = None
            return
        # "up to 9.16.*": the whole of that train, which a bare train as an included end says
        included = between.end_included or end.endswith((".*", ".x", "(x)"))
        self._ranges[Range(low, high, between.start_included, included)] = None

    def _end_of_range(self, text: str) -> str | None:
        """A release as it is normalised, or a train; None for neither."""
        if not text:
            return ""
        try:
            return parse_version(self._os, text).normalised
        except VersionUnknown:
            train = train_of(self._os, text)
            return train if train is not None and "*" not in train else None

    def fixed(self, text: str) -> None:
        self._note(self._fixed, text)

    def cleared(self, text: str) -> None:
        """A release that the source says is not affected."""
        self._note(self._cleared, text)

    def _note(self, place: dict[str, None], text: str) -> None:
        try:
            place[parse_version(self._os, text).normalised] = None
        except VersionUnknown:
            self._unread[text[:LONGEST_UNREAD]] = None

    def whole(self) -> None:
        self._whole = True

    def product(self, name: str) -> None:
        self._products[" ".join(name.split())] = None

    def build(self) -> Claim | None:
        """None where nothing was said that could ever be judged."""
        listed = {train: tuple(sorted(found, key=found.__getitem__)) for train, found in sorted(self._listed.items())}
        names_versions = bool(listed or self._ranges or self._trains)
        if not (names_versions or self._whole or self._fixed or self._cleared or self._unread):
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
            tuple(sorted(self._trains)),
            tuple(sorted(self._cleared)),
        )


class Claims:
    """Builders by operating system, vulnerability and hardware family."""

    def __init__(self) -> None:
        self._builders: dict[tuple[str, str, str], ClaimBuilder] = {}
        self._asked: dict[tuple[str, str, str, str], ClaimBuilder] = {}

    def of(self, os: str, cve: str = "", product: str = "", version: str = "", family: str = "") -> ClaimBuilder:
        """`product`: the name that was used; it is kept, and tells the family unless that is given. `version`: what will be said of it,
        since NX-OS with a version of ACI's means ACI."""
        meant = system_meant(os, version) if version else os
        asked = (meant, cve, product, family)
        builder = self._asked.get(asked)
        if builder is None:
            place = (meant, cve, family or family_of(product))
            builder = self._asked[asked] = self._builders.setdefault(place, ClaimBuilder(*place))
            if product:
                builder.product(product)
        return builder

    def build(self) -> tuple[Claim, ...]:
        found: Iterable[Claim | None] = (builder.build() for _, builder in sorted(self._builders.items()))
        return tuple(claim for claim in found if claim is not None)
