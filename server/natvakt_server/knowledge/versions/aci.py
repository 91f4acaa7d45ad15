"""Cisco ACI mode: 14.1(1l) on the switches, 4.1(1l) on the controller; devices print 14.0(1h) [build 14.0(1h)].

Looks like NX-OS and is another product: its advisories name it apart.
"""

import re

from natvakt_server.knowledge.versions.version import Version, suffix, tidy, unknown

OS = "aci"
FORM = "14.1(1l) or 5.2(1g)"

_ACI = re.compile(r"(?:n9000-)?0*(?P<major>\d{1,2})\.0*(?P<minor>\d{1,2})\(0*(?P<number>\d{1,3})(?P<letter>[a-z]{0,2})\)", re.ASCII)
_TRAIL = re.compile(r"(?: ?\[.*)?$")
SWITCH_OFFSET = 10
"""A switch release is its controller's with 10 added to the first number: 5.2(1g) and 15.2(1g)."""


def parse(text: str) -> Version:
    """Raises VersionUnknown."""
    bare = tidy(OS, text)
    found = _ACI.match(bare)
    if found is None or _TRAIL.fullmatch(bare[found.end() :]) is None:
        raise unknown(OS, text, FORM)
    train = f"{int(found['major'])}.{int(found['minor'])}"
    number = int(found["number"])
    return Version(OS, text, f"{train}({number}{found['letter']})", train, (number, suffix(found["letter"])))
