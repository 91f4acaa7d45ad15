"""From a text to a `Configuration`, in one pass over its lines.

    line ─► inside a body (banner, certificate, header)? ─► its kind ─► whose child: the nearest line above with a smaller indent,
                                                                        or the head of a flat block that is still open

Depth comes from indentation, as devices write it; comments never close anything, for the command line does not either. Every line is
looked at once; the search for the end of a banner is bounded.
"""

from dataclasses import dataclass, field

from natvakt_server.domain.configuration import dialects as d
from natvakt_server.domain.configuration.model import NOWHERE, Configuration, Kind, Line, Problem, Trouble, split_lines

BANNER_LINES_LIMIT = 500
CONTROL_C = "^C"
_TAB_COLUMNS = 8
_PROMPT_LINES = 4  # prompts and echoes stand at either end of what a terminal gave


@dataclass(slots=True)
class _Frame:
    """An open line. `flat`: children stand at its own depth until its end."""

    indent: int
    place: int
    block: d.Flat | None = None
    flat: bool = False
    fresh: bool = True


@dataclass(slots=True)
class _Builder:
    """Grows the columns of the lines to be."""

    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)

    def add(self, number: int, text: str, indent: int, kind: Kind, parent: int) -> int:
        self.numbers.append(number)
        self.texts.append(text)
        self.indents.append(indent)
        self.kinds.append(kind)
        self.parents.append(parent)
        return len(self.numbers) - 1

    def problem(self, trouble: Trouble, number: int, text: str) -> None:
        self.problems.append(Problem(trouble, number, text))

    def lines(self) -> tuple[Line, ...]:
        ends = list(range(1, len(self.numbers) + 1))
        for place in range(len(ends) - 1, -1, -1):
            parent = self.parents[place]
            if parent != NOWHERE and ends[parent] < ends[place]:
                ends[parent] = ends[place]
        columns = zip(self.numbers, self.texts, self.indents, self.kinds, self.parents, ends, strict=True)
        return tuple(Line(place, *values) for place, values in enumerate(columns))


def parse(text: str, system: str | None = None) -> Configuration:
    """Reads any text; what is wrong with it stands in `problems`. `system` is a word of `registry.OPERATING_SYSTEMS`; None: as it looks."""
    raw = list(split_lines(text.removeprefix("\ufeff")))
    dialect = d.dialect_of(system) if system is not None else d.detected(raw) or d.GENERIC
    reader = _Reader(raw, dialect)
    at = 0
    while at < len(raw):
        at = reader.read(at)
    reader.close()
    built = reader.builder
    return Configuration(dialect.name, built.lines(), len(raw), tuple(built.problems))


class _Reader:
    def __init__(self, raw: list[str], dialect: d.Dialect) -> None:
        self._raw = raw
        self._dialect = dialect
        self.builder = _Builder()

    def read(self, at: int) -> int:
        """Take the line with this index, and the body it opens; answers the index of the next one."""
        whole = self._raw[at]
        text = whole.strip()
        if not text:
            return at + 1
        indent = depth(whole)
        kind = self._kind(at, text)
        if kind is Kind.MESSAGE:
            self.builder.problem(Trouble.PAGING if d.PAGING.match(text) else Trouble.ERROR_TEXT, at + 1, text)
        if kind is not Kind.COMMAND:
            self._beside(at, text, indent, kind)
            return at + 1
        place = self._command(at, text, indent)
        return self._body(at, text, indent, place)

    def close(self) -> None:
        """At the end of the text: what is still open and can only be closed by its own end."""
        for frame in self.builder.frames:
            self._left_open(frame)

    def _left_open(self, frame: _Frame) -> None:
        if frame.flat or (frame.block is not None and frame.block.must_end):
            self.builder.problem(Trouble.UNCLOSED_BLOCK, self.builder.numbers[frame.place], self.builder.texts[frame.place])

    def _kind(self, at: int, text: str) -> Kind:
        if d.PAGING.match(text) or d.MESSAGES.match(text):
            return Kind.MESSAGE
        if d.CLOSING.match(text):
            return Kind.CLOSING
        if self._dialect.comment.match(text):
            return Kind.COMMENT
        if d.PREAMBLE.match(text):
            return Kind.PREAMBLE
        at_an_end = at < _PROMPT_LINES or at >= len(self._raw) - _PROMPT_LINES
        return Kind.PREAMBLE if at_an_end and d.PROMPT.match(text) else Kind.COMMAND

    def _beside(self, at: int, text: str, indent: int, kind: Kind) -> None:
        """What is no command stands under the line it is indented below, and closes a flat block where it is its end."""
        frames = self.builder.frames
        if kind is Kind.CLOSING:
            self._close(text, indent)
        under = next((frame.place for frame in reversed(frames) if frame.indent < indent), NOWHERE)
        self.builder.add(at + 1, text, indent, kind, under if kind is not Kind.PREAMBLE else NOWHERE)

    def _close(self, text: str, indent: int) -> None:
        frames = self.builder.frames
        while frames and frames[-1].indent > indent:
            frames.pop()
        for count, frame in enumerate(reversed(frames), 1):
            if frame.indent != indent:
                return
            if frame.block is not None and frame.block.end.match(text):
                del frames[-count:]
                return

    def _command(self, at: int, text: str, indent: int) -> int:
        if not self._dialect.hierarchical:
            return self.builder.add(at + 1, text, indent, Kind.COMMAND, NOWHERE)
        frames = self.builder.frames
        while frames and not self._holds(frames[-1], text, indent):
            self._left_open(frames.pop())
        parent = frames[-1].place if frames else NOWHERE
        if frames:
            frames[-1].fresh = False
        place = self.builder.add(at + 1, text, indent, Kind.COMMAND, parent)
        block = next((each for each in self._dialect.flat_blocks if each.head.match(text)), None)
        frames.append(_Frame(indent, place, block))
        return place

    def _holds(self, frame: _Frame, text: str, indent: int) -> bool:
        """Whether a line at this depth belongs to the open one. A block shows with its first line whether it is flat."""
        if indent > frame.indent:
            return True
        if indent < frame.indent or frame.block is None or frame.block.head.match(text):
            return False
        frame.flat = frame.flat or frame.fresh
        return frame.flat

    def _body(self, at: int, text: str, indent: int, place: int) -> int:
        """Lines that are no commands of their own, taken whole. Answers the index after them."""
        header = self._dialect.header_block
        if header is not None and header.head.match(text):
            return self._until(at, place, header)
        opened = self._dialect.banners.match(text)
        if opened is not None:
            return self._banner(at, text[opened.end() :], place)
        if d.CERTIFICATE_HEAD.match(text):
            return self._certificate(at, indent, place)
        return at + 1

    def _until(self, at: int, place: int, block: d.Flat) -> int:
        """A header of free lines; bounded, so that a head without an end costs a few lines and not the text."""
        last = min(len(self._raw), at + _PROMPT_LINES * 4)
        end = next((each for each in range(at + 1, last) if block.end.match(self._raw[each].strip())), at)
        for each in range(at + 1, end + 1):
            self._inside(each, Kind.PREAMBLE, place)
        return end + 1

    def _banner(self, at: int, rest: str, place: int) -> int:
        mark = CONTROL_C if rest.startswith(CONTROL_C) else rest[0]
        if mark in rest[len(mark) :]:
            return at + 1
        last = min(len(self._raw), at + 1 + BANNER_LINES_LIMIT)
        end = next((each for each in range(at + 1, last) if mark in self._raw[each]), None)
        if end is not None and self._dialect.banners.match(self._raw[end]):
            # The mark belongs to the next banner: this one was never closed.
            self.builder.problem(Trouble.UNCLOSED_BANNER, at + 1, self._raw[at].strip())
            end -= 1
        elif end is None:
            # Cut off, or the delimiter was lost: the text goes on where a device writes its separator.
            end = next((each - 1 for each in range(at + 1, last) if self._raw[each].rstrip() == "!"), last - 1)
            self.builder.problem(Trouble.UNCLOSED_BANNER, at + 1, self._raw[at].strip())
        for each in range(at + 1, end + 1):
            self._inside(each, Kind.BANNER, place)
        return end + 1

    def _certificate(self, at: int, indent: int, place: int) -> int:
        """Hexadecimal lines, or whatever stands deeper than the head (a scrubbed body), until `quit`."""
        following = at + 1
        while following < len(self._raw):
            text = self._raw[following].strip()
            if text.lower() == "quit":
                self._inside(following, Kind.CLOSING, place)
                return following + 1
            if text and not (d.CERTIFICATE_BODY.match(text) or depth(self._raw[following]) > indent):
                break
            self._inside(following, Kind.CERTIFICATE, place)
            following += 1
        if following > at + 1:
            self.builder.problem(Trouble.UNCLOSED_CERTIFICATE, at + 1, self._raw[at].strip())
        return following

    def _inside(self, at: int, kind: Kind, place: int) -> None:
        text = self._raw[at].strip()
        if text:
            self.builder.add(at + 1, text, depth(self._raw[at]), kind, place)


def depth(line: str) -> int:
    """Columns before the first character that is not blank."""
    columns = 0
    for character in line:
        if character == " ":
            columns += 1
        elif character == "\t":
            columns += _TAB_COLUMNS - columns % _TAB_COLUMNS
        else:
            break
    return columns
