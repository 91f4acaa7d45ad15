"""Cisco IOS XE in both numberings, and by the number of its IOS daemon.

    16.x and later   16.10.1s, 17.6.1z1, 17.3.4a    devices pad with zeros: 17.03.04a
    3.x              3.16.6bS, 3.6.7E               devices print 03.06.07E and 03.06.06.E
    IOSd only        15.3(2)S1                      the same release as 3.9.1S

The letters after a 3.x number are its train (S routers, SG and E switches); 17.3.4a comes after 17.3.4.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from natvakt_server.knowledge.versions import ios
from natvakt_server.knowledge.versions.version import Version, suffix, tidy, unknown

OS = "ios-xe"
FORM = "17.3.4a, 3.16.6bS or 15.3(2)S1"

_MODERN = re.compile(
    r"0*(?P<major>1[6-9]|[2-9]\d)\.0*(?P<minor>\d{1,2})\.0*(?P<rebuild>\d{1,3})(?P<letter>[a-zA-Z]{0,2})(?P<number>\d{0,2})", re.ASCII
)
_CLASSIC = re.compile(r"0*3\.0*(?P<minor>\d{1,2})\.0*(?P<rebuild>\d{1,3})\.?(?P<letter>[a-z]{0,2})\.?(?P<letters>[A-Z]{1,3})", re.ASCII)
_LEAD = re.compile(
    r"^(?:Cisco )?(?:IOS[ -]?XE)?(?: Software)?[, ]*(?:Version )?"
    r"(?:(?:Denali|Everest|Fuji|Gibraltar|Amsterdam|Bengaluru|Cupertino|Dublin)[ -])?",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"(?:[ ,;]? ?(?:RELEASE SOFTWARE|\(.*|\[.*|LNT.*))*$", re.IGNORECASE)

_IOSD: Mapping[tuple[str, int], tuple[int, str]] = MappingProxyType(
    {
        ("15.0S", 1): (1, "S"), ("15.1S", 1): (2, "S"), ("15.1S", 2): (3, "S"), ("15.1S", 3): (4, "S"), ("15.2S", 1): (5, "S"),
        ("15.2S", 2): (6, "S"), ("15.2S", 4): (7, "S"), ("15.3S", 1): (8, "S"), ("15.3S", 2): (9, "S"), ("15.3S", 3): (10, "S"),
        ("15.4S", 1): (11, "S"), ("15.4S", 2): (12, "S"), ("15.4S", 3): (13, "S"), ("15.5S", 1): (14, "S"), ("15.5S", 2): (15, "S"),
        ("15.5S", 3): (16, "S"), ("15.6S", 1): (17, "S"), ("15.6S", 2): (18, "S"), ("15.6SP", 2): (18, "SP"),
        ("15.0XO", 1): (1, "SG"), ("15.0SG", 2): (2, "SG"), ("15.1SG", 1): (3, "SG"), ("15.1SG", 2): (4, "SG"), ("15.1XO", 1): (3, "XO"),
        ("15.0EX", 1): (2, "SE"), ("15.0EZ", 1): (3, "SE"),
        ("15.2E", 1): (5, "E"), ("15.2E", 2): (6, "E"), ("15.2E", 3): (7, "E"), ("15.2E", 4): (8, "E"), ("15.2E", 5): (9, "E"),
        ("15.2E", 6): (10, "E"), ("15.2E", 7): (11, "E"),
    }
)  # fmt: skip
"""(train of the IOS daemon, its maintenance number) -> (minor number, letters) of the 3.x release it was shipped in."""


def parse(text: str) -> Version:
    """Raises VersionUnknown."""
    shown = tidy(OS, text)
    bare = _LEAD.sub("", shown)
    for form, build in ((_MODERN, _modern), (_CLASSIC, _classic)):
        found = form.match(bare)
        if found is not None and _TRAIL.fullmatch(bare[found.end() :]) is not None:
            return build(text, found)
    return _by_daemon(text, shown)


def _modern(text: str, found: re.Match[str]) -> Version:
    major, minor, rebuild = int(found["major"]), int(found["minor"]), int(found["rebuild"])
    number = int(found["number"]) if found["number"] else 0
    tail = found["letter"] + (str(number) if found["number"] else "")
    return Version(OS, text, f"{major}.{minor}.{rebuild}{tail}", f"{major}.{minor}", (rebuild, suffix(found["letter"]), number))


def _classic(text: str, found: re.Match[str]) -> Version:
    return _three(text, int(found["minor"]), int(found["rebuild"]), found["letter"], found["letters"])


def _three(text: str, minor: int, rebuild: int, letter: str, letters: str) -> Version:
    return Version(OS, text, f"3.{minor}.{rebuild}{letter}{letters}", f"3.{minor}{letters}", (rebuild, suffix(letter), 0))


def _by_daemon(text: str, shown: str) -> Version:
    found = ios.match(shown)
    if found is not None and not found["interim"]:
        train = f"{int(found['major'])}.{int(found['minor'])}{found['letters']}"
        release = _IOSD.get((train, int(found["maintenance"])))
        if release is not None:
            rebuild = int(found["rebuild"]) if found["rebuild"] else 0
            return _three(text, release[0], rebuild, found["maintenance_letter"] or found["rebuild_letter"], release[1])
    raise unknown(OS, text, FORM)
