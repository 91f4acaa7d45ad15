"""Cisco Unified Communications Manager (and what shares its numbering): 12.0, 12.5(1)SU7a, 14SU4a; devices print 11.5.1.12900-21.

Some advisories write a build in brackets, 10.5(2.10000.5), which is 10.5.2.10000-5.
Which service update a build is stands in a table that the partner keeps: without it a build is ordered among builds only.
"""

import re

from natvakt_server.knowledge.versions.version import BUILDS as BUILD_TRAIN
from natvakt_server.knowledge.versions.version import Place, Version, suffix, tidy, unknown

OS = "cucm"
FORM = "12.5(1)SU7a, 14SU4a or 11.5.1.12900-21"
NEW_STYLE_FROM = 14
"""From 14 on a release has no second number: 14SU3."""

_RELEASE = re.compile(
    r"0*(?P<major>\d{1,2})(?:\.0*(?P<minor>\d{1,2}))?(?:\(0*(?P<maintenance>\d{1,2})(?P<letter>[a-z]?)\))?"
    r"(?: ?-?SU ?0*(?P<update>\d{1,2})(?P<update_letter>[a-z]?))?",
    re.ASCII | re.IGNORECASE,
)
_BUILD = re.compile(
    r"0*(?P<major>\d{1,2})\.0*(?P<minor>\d{1,2})\.0*(?P<maintenance>\d{1,2})\.0*(?P<build>\d{4,6})(?:-0*(?P<number>\d{1,4}))?", re.ASCII
)
_BRACKET_BUILD = re.compile(
    r"0*(?P<major>\d{1,2})\.0*(?P<minor>\d{1,2})\(0*(?P<maintenance>\d{1,2})\.0*(?P<build>\d{4,6})(?:\.0*(?P<number>\d{1,4}))?\)", re.ASCII
)
_LEAD = re.compile(r"^(?:Cisco )?(?:Unified (?:Communications Manager|CM)|CUCM)?(?: Software)? ?(?:Release |Version )?", re.IGNORECASE)
RELEASES, BUILDS = 0, 1


def parse(text: str) -> Version:
    """Raises VersionUnknown."""
    shown = _LEAD.sub("", tidy(OS, text))
    built = _BUILD.fullmatch(shown) or _BRACKET_BUILD.fullmatch(shown)
    if built is not None:
        return _built(text, built)
    found = _RELEASE.fullmatch(shown)
    if found is None:
        raise unknown(OS, text, FORM)
    major = int(found["major"])
    update, update_letter = int(found["update"] or 0), (found["update_letter"] or "").lower()
    tail = f"SU{update}{update_letter}" if found["update"] else ""
    if major >= NEW_STYLE_FROM:
        return Version(OS, text, f"{major}{tail}", str(major), (RELEASES, 0, suffix(""), update, suffix(update_letter)))
    if found["minor"] is None:
        raise unknown(OS, text, FORM)
    minor, maintenance, letter = int(found["minor"]), int(found["maintenance"] or 0), (found["letter"] or "").lower()
    inner = f"({maintenance}{letter})" if found["maintenance"] else ""
    place: Place = (RELEASES, maintenance, suffix(letter), update, suffix(update_letter))
    return Version(OS, text, f"{major}.{minor}{inner}{tail}", f"{major}.{minor}", place)


def _built(text: str, found: re.Match[str]) -> Version:
    major, minor, maintenance = (int(found[name]) for name in ("major", "minor", "maintenance"))
    build, number = int(found["build"]), int(found["number"] or 0)
    shown = f"{major}.{minor}.{maintenance}.{build}" + (f"-{number}" if found["number"] else "")
    train = (str(major) if major >= NEW_STYLE_FROM else f"{major}.{minor}") + BUILD_TRAIN
    return Version(OS, text, shown, train, (BUILDS, maintenance, suffix(""), build, (number,)))
