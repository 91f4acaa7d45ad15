"""Systems whose versions are numbers with dots: ASA, FTD, FXOS, IOS XR, AireOS, small business switches.

asa              9.16.3.3         devices print 9.8(4)20: brackets become dots
ftd, fxos        6.4.0.4, 2.3.1.179   CPE names pad to four numbers; devices add (Build 34), FXOS prints 2.3(1.179)
ios-xr           6.7.2            devices add LNT or [Default]
aireos           8.5.140.0
small-business   2.5.9.54, 4.0.2.08-tm
"""

import re
from collections.abc import Callable

from natvakt_server.knowledge.versions.version import Version, suffix, tidy, unknown

_NUMBERS = re.compile(r"(?P<numbers>\d{1,5}(?:\.\d{1,5}){1,5})(?P<letter>[a-z]{0,2})(?P<word>-[a-z]{1,4}\b)?", re.ASCII)
_BRACKETS = re.compile(r"(?P<head>\d{1,3}\.\d{1,3})\((?P<inner>\d{1,4}(?:\.\d{1,4})*)\)(?P<tail>\d{0,4})(?P<letter>[a-z]{0,2})", re.ASCII)
_LEAD = re.compile(r"^[^\d]{0,60}?(?=\d+\.\d)")
_TRAIL = re.compile(r"(?:[ ,]*(?:\(.*|\[.*|LNT\b.*|<.*|-\d{1,5}\b|Build.*|RELEASE.*))*$", re.IGNORECASE)


def _numbers_of(os: str, text: str, form: str) -> tuple[tuple[int, ...], str, str]:
    """Numbers, rebuild letter, word behind. Raises VersionUnknown."""
    bare = _LEAD.sub("", tidy(os, text))
    bracketed = _BRACKETS.match(bare)
    found = bracketed or _NUMBERS.match(bare)
    if found is None or _TRAIL.fullmatch(bare[found.end() :]) is None:
        raise unknown(os, text, form)
    dotted = ".".join(filter(None, (found["head"], found["inner"], found["tail"]))) if bracketed else found["numbers"]
    word = "" if bracketed else found["word"] or ""
    return tuple(int(part) for part in dotted.split(".")), found["letter"], word


def _reader(os: str, form: str, padded_to: int = 0) -> Callable[[str], Version]:
    def parse(text: str) -> Version:
        numbers, letter, word = _numbers_of(os, text, form)
        while padded_to and len(numbers) > padded_to - 1 and numbers[-1] == 0:
            numbers = numbers[:-1]
        train = ".".join(map(str, numbers[:2]))
        shown = ".".join(map(str, numbers)) + letter + word
        return Version(os, text, shown, train, (_without_zeros(numbers[2:]), suffix(letter), word))

    parse.__doc__ = f"{os}: {form}. Raises VersionUnknown."
    return parse


def _without_zeros(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """7.2, 7.2.0 and 7.2.0.0 are one release."""
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


asa = _reader("asa", "9.16.3.3 or 9.8(4)20")
ftd = _reader("ftd", "6.4.0.4 or 7.2.5 (Build 208)", padded_to=4)
fmc = _reader("fmc", "7.2.5 or 6.4.0.4", padded_to=4)
fxos = _reader("fxos", "2.3.1.179 or 2.3(1.179)")
ios_xr = _reader("ios-xr", "6.7.2 or 7.9.2 LNT")
aireos = _reader("aireos", "8.5.140.0")
small_business = _reader("small-business", "2.5.9.54")
