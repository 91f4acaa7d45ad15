"""Cisco IOS: `MAJOR.MINOR(MAINTENANCE)TRAIN REBUILD`, as 12.3(8)XY2, 15.6(2)SP4, 12.4(12c), 15.2(7a)E0b, 12.2(18)SXF7.

An interim build has dots in the brackets: 15.2(4.0.55)E comes after 15.2(4)E and before 15.2(5)E. A mainline release has no letters
after the bracket. The train is number and letters together: 15.2E and 15.2M share no order.
"""

import re

from natvakt_server.knowledge.versions.version import Version, suffix, tidy, unknown

OS = "ios"
FORM = "15.2(7)E8, 12.4(12c) or 15.1(4)M12a"

_IOS = re.compile(
    r"(?P<major>\d{1,2})\.(?P<minor>\d{1,2})\("
    r"(?P<maintenance>\d{1,3})(?P<interim>(?:\.\d{1,4}){0,3})(?P<maintenance_letter>[a-z]{0,2})\)"
    r"(?P<letters>[A-Z]{0,4})(?P<rebuild>\d{0,3})(?P<rebuild_letter>[a-z]{0,2})",
    re.ASCII,
)
_LEAD = re.compile(r"^(?:Cisco )?(?:IOS)?(?: Software)?[, ]*(?:Version )?", re.IGNORECASE)
_TRAIL = re.compile(r"(?:[,;]? ?(?:RELEASE SOFTWARE|\(fc\d+\)|\[.*|\(.*|MAINTENANCE.*|INTERIM.*))*$", re.IGNORECASE)


def parse(text: str) -> Version:
    """Raises VersionUnknown."""
    found = match(tidy(OS, text))
    if found is None:
        raise unknown(OS, text, FORM)
    return _version(text, found)


def match(shown: str) -> re.Match[str] | None:
    """The parts of an IOS version, wherever remarks of `show version` or sysDescr stand around it."""
    bare = _LEAD.sub("", shown)
    found = _IOS.match(bare)
    if found is None or _TRAIL.fullmatch(bare[found.end() :]) is None:
        return None
    return found


def _version(text: str, found: re.Match[str]) -> Version:
    major, minor, maintenance = int(found["major"]), int(found["minor"]), int(found["maintenance"])
    interim = tuple(int(part) for part in found["interim"].split(".")[1:])
    rebuild = int(found["rebuild"]) if found["rebuild"] else 0
    train = f"{major}.{minor}{found['letters']}"
    place = (maintenance, suffix(found["maintenance_letter"]), interim, rebuild, suffix(found["rebuild_letter"]))
    inner = ".".join(map(str, (maintenance, *interim))) + found["maintenance_letter"]
    tail = (str(rebuild) if found["rebuild"] else "") + found["rebuild_letter"]
    return Version(OS, text, f"{major}.{minor}({inner}){found['letters']}{tail}", train, place)
