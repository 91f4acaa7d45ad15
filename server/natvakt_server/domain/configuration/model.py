"""A configuration as a tree of numbered lines.

Lines stand in the order of the text, each with the place of its parent and the place after its last descendant:

    place  number  text                     parent  end
    0      3       hostname hq-acc1         -1      1
    1      5       interface Vlan10         -1      4
    2      6        ip address 10.0.0.1 ..   1      3
    3      7        no shutdown              1      4

Children, descendants and paths are walks over this one tuple: no recursion, however deep a hostile text is indented.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

NOWHERE = -1
_LINE_ENDS = re.compile(r"\r\n|\n|\r")


class Kind(StrEnum):
    COMMAND = "command"
    COMMENT = "comment"  # `!`, `: ` on ASA
    CLOSING = "closing"  # `exit-address-family`, `quit`, `end-policy`, `end`: ends what stands before it, sets nothing
    BANNER = "banner"  # text between a banner's delimiters
    CERTIFICATE = "certificate"  # hexadecimal or PEM body of a certificate or key
    PREAMBLE = "preamble"  # what the device prints around: `Building configuration...`, a prompt
    MESSAGE = "message"  # what no configuration holds: `% Invalid input detected`, `--More--`


COMMANDS = frozenset({Kind.COMMAND})


class Trouble(StrEnum):
    """Why a text may not be taken for the whole configuration."""

    UNCLOSED_BANNER = "unclosed-banner"
    UNCLOSED_CERTIFICATE = "unclosed-certificate"
    UNCLOSED_BLOCK = "unclosed-block"  # a macro or list whose lines stand at its own depth
    ERROR_TEXT = "error-text"
    PAGING = "paging"


@dataclass(frozen=True, slots=True)
class Problem:
    trouble: Trouble
    number: int  # of the line, from 1
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1 over LF, CRLF or CR; `text` is the line without blanks at either end; `indent` in columns, tabs of 8."""

    place: int
    number: int
    text: str
    indent: int
    kind: Kind
    parent: int  # its place; NOWHERE at the top
    end: int  # the place after the last descendant


@dataclass(frozen=True, slots=True)
class Configuration:
    """`dialect` is the word of the grammar it was read by; blank lines are not kept, `line_count` counts them too."""

    dialect: str
    lines: tuple[Line, ...]
    line_count: int
    problems: tuple[Problem, ...] = ()

    def children(self, parent: Line | None = None, kinds: Collection[Kind] = COMMANDS) -> Iterator[Line]:
        """In the order of the text; of the whole configuration where no parent is given."""
        place, end = (0, len(self.lines)) if parent is None else (parent.place + 1, parent.end)
        while place < end:
            line = self.lines[place]
            if line.kind in kinds:
                yield line
            place = line.end

    def descendants(self, parent: Line | None = None, kinds: Collection[Kind] = COMMANDS) -> Iterator[Line]:
        """Children, their children and so on, in the order of the text."""
        inside = self.lines if parent is None else self.lines[parent.place + 1 : parent.end]
        return (line for line in inside if line.kind in kinds)

    def parent(self, line: Line) -> Line | None:
        return None if line.parent == NOWHERE else self.lines[line.parent]

    def path(self, line: Line) -> tuple[Line, ...]:
        """From the top to the line itself."""
        steps = [line]
        while steps[-1].parent != NOWHERE:
            steps.append(self.lines[steps[-1].parent])
        return tuple(reversed(steps))

    def find(self, *patterns: str, within: Line | None = None) -> list[Line]:
        """Commands that match the last pattern, below such as match the ones before it; each from the line's start, whatever its case.

        `find(r"interface ", r"switchport mode trunk$")`: the trunk lines of all interfaces.
        """
        found: list[Line | None] = [within]
        for pattern in patterns:
            wanted = re.compile(pattern, re.IGNORECASE)
            found = [line for parent in found for line in self.children(parent) if wanted.match(line.text)]
        return [line for line in found if line is not None]

    def anywhere(self, pattern: str) -> list[Line]:
        """Commands at any depth that match from their start, whatever their case."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return [line for line in self.lines if line.kind is Kind.COMMAND and wanted.match(line.text)]

    def at(self, number: int) -> Line | None:
        """The line with that number; None where it is blank or beyond the end."""
        low, high = 0, len(self.lines)
        while low < high:
            middle = (low + high) // 2
            if self.lines[middle].number < number:
                low = middle + 1
            else:
                high = middle
        return self.lines[low] if low < len(self.lines) and self.lines[low].number == number else None

    @property
    def last(self) -> Line | None:
        """The last line that is not a comment or a prompt."""
        around = (Kind.COMMENT, Kind.PREAMBLE)
        return next((line for line in reversed(self.lines) if line.kind not in around), None)


def split_lines(text: str) -> Sequence[str]:
    """Over LF, CRLF or CR; a last line without an end counts, an empty one after the last end does not."""
    lines = _LINE_ENDS.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return lines
