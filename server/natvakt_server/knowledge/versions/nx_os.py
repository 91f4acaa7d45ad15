"""Cisco NX-OS: 9.3(15), 10.2(3v), 7.0(3)I4(8a), 7.3(0)DY(1). Devices add [Maintenance Release], and 10.x writes F or M behind.

What stands before the last bracket is the train: 7.0(3)I4 and 7.0(3)I7 are different ones, I7(9) comes before I7(10).
"""

import re

from natvakt_server.knowledge.versions.version import Version, suffix, tidy, unknown

OS = "nx-os"
FORM = "9.3(15), 10.2(3v) or 7.0(3)I4(8a)"

_NX_OS = re.compile(
    r"0*(?P<major>\d{1,2})\.0*(?P<minor>\d{1,2})\((?P<first>\d{1,3}(?:\.\d{1,4}){0,2})(?P<first_letter>[a-z]{0,2})\)"
    r"(?:(?P<letters>[A-Z]{1,3})(?P<number>\d{0,2})\((?P<second>\d{1,3}(?:\.\d{1,4}){0,2})(?P<second_letter>[a-z]{0,2})\))?",
    re.ASCII,
)
_LEAD = re.compile(r"^(?:Cisco )?(?:NX-?OS)?(?:\(tm\)| Software)?[, ]*(?:version )?", re.IGNORECASE)
_TRAIL = re.compile(r"(?:[ ,]?(?:\(?[FM]\)?|\[.*|RELEASE SOFTWARE.*))*$", re.IGNORECASE)


def parse(text: str) -> Version:
    """Raises VersionUnknown."""
    bare = _LEAD.sub("", tidy(OS, text))
    found = _NX_OS.match(bare)
    if found is None or _TRAIL.fullmatch(bare[found.end() :]) is None:
        raise unknown(OS, text, FORM)
    head = f"{int(found['major'])}.{int(found['minor'])}"
    if found["letters"]:
        train = f"{head}({_dotted(found['first'])}{found['first_letter']}){found['letters']}{found['number']}"
        return _placed(text, train, found["second"], found["second_letter"])
    return _placed(text, head, found["first"], found["first_letter"])


def _placed(text: str, train: str, numbers: str, letter: str) -> Version:
    first, *rest = (int(part) for part in numbers.split("."))
    return Version(OS, text, f"{train}({_dotted(numbers)}{letter})", train, (first, tuple(rest), suffix(letter)))


def _dotted(numbers: str) -> str:
    return ".".join(str(int(part)) for part in numbers.split("."))


def major(text: str) -> int | None:
    """The first number of what may be an NX-OS version; 11 and above are ACI's, which prints like NX-OS and is another product."""
    found = _NX_OS.match(_LEAD.sub("", text.strip()))
    return int(found["major"]) if found is not None else None
