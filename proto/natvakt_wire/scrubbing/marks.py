"""The mark that takes a secret's place.

    <natvakt:snmp-community:len=6:eq=3f9a0c12b7de:well-known>
    <natvakt:user-password:type=7:len=9:eq=0b14c7d2e8f1>

One word without blanks, so that whoever reads the line finds the words before and after it where they were. `type` is the encryption the
line named (a digit, or a word such as `encrypted`), `len` the secret's length in characters where it could be read (plain or type 7),
`eq` a keyed hash: equal secrets of one site have equal ones, whatever their kind and whether plain or type 7. Without a site's key
(`check-config` on a file) there is no `eq`.
"""

import re
from dataclasses import dataclass

from natvakt_wire.scrubbing.kinds import KINDS

EQUALITY_DIGITS = 12
_MARK = (
    r"<natvakt:(?P<kind>[a-z0-9-]{1,32})(?::type=(?P<type>[a-z0-9-]{1,16}))?(?::len=(?P<length>[0-9]{1,6}))?"
    rf"(?::eq=(?P<equality>[0-9a-f]{{{EQUALITY_DIGITS}}}))?(?P<known>:well-known)?>"
)
MARK = re.compile(_MARK)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is still known of a removed secret. `length` in characters, None where only a hash of it was there."""

    kind: str
    encryption: str | None = None
    length: int | None = None
    equality: str | None = None
    well_known: bool = False

    def __str__(self) -> str:
        parts = [f"<natvakt:{self.kind}"]
        parts += [f"type={self.encryption}"] if self.encryption else []
        parts += [f"len={self.length}"] if self.length is not None else []
        parts += [f"eq={self.equality}"] if self.equality else []
        return ":".join([*parts, *(["well-known"] if self.well_known else [])]) + ">"


def parse_mark(word: str) -> Mark | None:
    """The mark a word is, or None: a word that only resembles one is text like any other."""
    found = MARK.fullmatch(word)
    return _mark(found) if found and found["kind"] in KINDS else None


def find_marks(line: str) -> list[tuple[int, int, Mark]]:
    """Start, end and content of every mark in a line."""
    return [(found.start(), found.end(), _mark(found)) for found in MARK.finditer(line) if found["kind"] in KINDS]


def _mark(found: re.Match[str]) -> Mark:
    length = found["length"]
    return Mark(found["kind"], found["type"], int(length) if length else None, found["equality"], bool(found["known"]))
