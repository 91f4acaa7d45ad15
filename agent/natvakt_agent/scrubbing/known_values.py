"""Finds secrets that are known (the vault's, and those the grammar found plain) wherever else they stand in a text, in whatever form.

    plain, reversed             searched for, also over the ends of lines
    hex, base64, URL-encoded    what looks encoded is decoded, twice over, and the secret searched for in what comes out;
                                the forms of the secret itself are searched for over the ends of lines
    type 7                      searched for from each place of the key stream, so that neither salt nor what stands before it matters

A secret shorter than `MIN_LETTERS` is looked for as a whole word only: letters that short stand everywhere.
"""

import base64
import binascii
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import hexdigits
from urllib.parse import quote, quote_plus, unquote

from natvakt_wire.scrubbing import type_seven
from natvakt_wire.scrubbing.grammar import GRAMMAR
from natvakt_wire.scrubbing.marks import MARK
from natvakt_wire.scrubbing.vocabulary import WORDS

Decoder = Callable[[str], Iterable[str]]
MIN_LETTERS = 5
MAX_DEPTH = 2
LONGEST_COMMAND = max(map(len, GRAMMAR.words | WORDS))
_HEX = re.compile(r"[0-9A-Fa-f]{6,}|(?<![0-9A-Za-z])[0-9A-Fa-f]{2,}(?:[ :.-][0-9A-Fa-f]{2,})+(?![0-9A-Za-z])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
_ESCAPED = re.compile(r"(?<!\S)\S*?(?:%|\\x)[0-9A-Fa-f]{2}\S*")
_LINE_END = r"(?<![ \t])[ \t]*(?:\\[ \t]*)?(?:\r\n|\n|\r)[ \t]*"
_JOINS = (re.compile(_LINE_END), re.compile(_LINE_END + r"(?:(?:!|#|//|\^C|description|remark|\d+ remark)[ \t]*)?"))
"""What may stand between two halves of a secret: a line's end, and what begins the next line of a remark."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a known secret stands: columns of the whole text."""

    start: int
    end: int
    value: str


class KnownValues:
    """The secrets to look for. `values` are never shown: not in a repr, not in an error."""

    def __init__(self, values: Iterable[str]) -> None:
        chosen = sorted({value for value in values if value.strip()}, key=lambda value: (-len(value), value))
        self._long = [value for value in chosen if len(value) >= MIN_LETTERS]
        self._short = [value for value in chosen if len(value) < MIN_LETTERS]
        self._any = re.compile("|".join(map(re.escape, self._long))) if self._long else None
        self._words = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, self._short))})(?![\w-])") if self._short else None
        self._shortest = min((len(value.encode()) for value in self._long), default=0)
        self._type7 = [(type_seven.encode(value, offset)[2:].lower(), value) for value in self._long for offset in range(type_seven.SALTS)]
        self._forms = [(form, value) for value in self._long for form in dict.fromkeys(_forms(value))]

    def __repr__(self) -> str:
        return f"KnownValues({len(self._long) + len(self._short)} secrets)"

    def places(self, text: str) -> list[Place]:
        """Every place, in order; places that touch the same columns are told as one."""
        found = [*self._plain(text), *self._encoded(text), *self._over_lines(text)]
        marks = [match.span() for match in MARK.finditer(text)]
        return _merged(place for place in found if not _is_inside(place, marks) and not _is_part_of_a_command(place, text))

    def _plain(self, text: str) -> Iterator[Place]:
        for expression in (self._any, self._words):
            for match in expression.finditer(text) if expression else ():
                yield Place(*match.span(), match[0])

    def _encoded(self, text: str) -> Iterator[Place]:
        if self._any is None:
            return
        known: dict[str, str | None] = {}
        for shape, decode in _DECODERS:
            for match in shape.finditer(text):
                piece = match[0]
                if len(piece) < self._shortest * 4 // 3:
                    continue  # no encoding is shorter than base64
                if piece not in known:
                    known[piece] = self._inside(piece, decode, MAX_DEPTH)
                if value := known[piece]:
                    yield Place(match.start(), match.start() + len(piece), value)
            known.clear()

    def _inside(self, piece: str, decode: Decoder, depth: int) -> str | None:
        """The secret that an encoded piece holds, itself or under a second encoding."""
        for plain in decode(piece):
            if found := self._search(plain):
                return found
            if depth > 1 and plain.isprintable():
                for shape, deeper in _DECODERS:
                    for match in shape.finditer(plain):
                        if value := self._inside(match[0], deeper, depth - 1):
                            return value
        return None

    def _search(self, plain: str) -> str | None:
        found = self._any.search(plain) if self._any else None
        return found[0] if found else None

    def _over_lines(self, text: str) -> Iterator[Place]:
        """The text with its lines run together; a form found there that a line's end runs through is a place."""
        for join in _JOINS:
            joined, origin = _run_together(text, join)
            folded = joined.lower()
            for form, value in self._forms:
                haystack, needle = (folded, form.lower()) if _is_caseless(form) else (joined, form)
                at = haystack.find(needle)
                while at >= 0:
                    yield Place(origin(at), origin(at + len(form) - 1) + 1, value)
                    at = haystack.find(needle, at + 1)
            for form, value in self._type7:
                at = folded.find(form)
                while at >= 0:
                    yield Place(*_whole_hex(text, origin(at), origin(at + len(form) - 1) + 1), value)
                    at = folded.find(form, at + 1)


def _is_inside(place: Place, marks: Sequence[tuple[int, int]]) -> bool:
    """Whether a place lies in a mark: the letters of a mark are no secret, whatever they spell."""
    at = bisect_right(marks, (place.start, sys.maxsize)) - 1
    return at >= 0 and place.start < marks[at][1]


def _is_part_of_a_command(place: Place, text: str) -> bool:
    """Whether a place is only some letters of a word of the command language: taken out, they hide nothing and tear the line apart."""
    start, end = place.start, place.end
    if end - start > LONGEST_COMMAND:
        return False
    while start > 0 and not text[start - 1].isspace() and end - start <= LONGEST_COMMAND:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - start <= LONGEST_COMMAND:
        end += 1
    word = text[start:end].lower()
    return end - start > place.end - place.start and (word in GRAMMAR.words or word in WORDS)


def _whole_hex(text: str, start: int, end: int) -> tuple[int, int]:
    """The run of hex digits around a place: the salt before a type 7 text goes with it."""
    while start > 0 and text[start - 1] in hexdigits:
        start -= 1
    while end < len(text) and text[end] in hexdigits:
        end += 1
    return start, end


def _forms(value: str) -> Iterator[str]:
    """The secret in each form that stands for it letter by letter."""
    raw = value.encode()
    yield value
    yield value[::-1]
    yield raw.hex()
    yield quote(value, safe="")
    yield quote_plus(value)
    yield "".join(f"%{byte:02X}" for byte in raw)
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        core = encoded[(0, 2, 3)[shift] : len(encoded) - (1 if (shift + len(raw)) % 3 else 0)]
        yield core
        yield core.replace("+", "-").replace("/", "_")


def _is_caseless(form: str) -> bool:
    return re.fullmatch(r"(?:[0-9a-f]{2})+|(?:%[0-9A-F]{2})+", form) is not None


def _run_together(text: str, join: re.Pattern[str]) -> tuple[str, Callable[[int], int]]:
    """The text without its line ends and what stands around them, and the way back from a place in it to the text's own."""
    pieces: list[str] = []
    starts: list[int] = []
    offsets: list[int] = []
    place = length = 0
    for match in join.finditer(text):
        pieces.append(text[place : match.start()])
        starts.append(length)
        offsets.append(place)
        length += match.start() - place
        place = match.end()
    pieces.append(text[place:])
    starts.append(length)
    offsets.append(place)

    def origin(at: int) -> int:
        piece = bisect_right(starts, at) - 1
        return offsets[piece] + at - starts[piece]

    return "".join(pieces), origin


def decodings(text: str) -> Iterator[str]:
    """What stands in a text as hex or base64 of something printable."""
    for shape, decode in ((_HEX, _from_hex), (_BASE64, _from_base64)):
        for match in shape.finditer(text):
            yield from (plain for plain in decode(match[0]) if plain.isprintable() and plain.isascii())


def _from_hex(piece: str) -> Iterator[str]:
    digits = re.sub(r"[ :.-]|^0x", "", piece)
    for start in (0, 1):
        even = digits[start : start + (len(digits) - start) // 2 * 2]
        yield from _texts(bytes.fromhex(even))


def _from_base64(piece: str) -> Iterator[str]:
    standard = piece.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        part = standard[start:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        try:
            yield from _texts(base64.b64decode(part + "=" * (-len(part) % 4)))
        except binascii.Error:
            continue


def _texts(raw: bytes) -> Iterator[str]:
    yield raw.decode("utf-8", "replace")
    if b"\0" in raw:
        yield raw.replace(b"\0", b"").decode("utf-8", "replace")  # UTF-16 of plain letters


def _from_escapes(piece: str) -> Iterator[str]:
    yield unquote(piece.replace("\\x", "%"))
    yield unquote(piece.replace("+", " "))


_DECODERS: tuple[tuple[re.Pattern[str], Decoder], ...] = (
    (_HEX, _from_hex),
    (_BASE64, _from_base64),
    (_ESCAPED, _from_escapes),
)


def _merged(places: Iterable[Place]) -> list[Place]:
    merged: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if merged and place.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Place(last.start, max(last.end, place.end), last.value)
        else:
            merged.append(place)
    return merged
