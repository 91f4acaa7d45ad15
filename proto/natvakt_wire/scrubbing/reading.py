"""Finds every word of a configuration that is a secret or could be one. Pure: it removes nothing.

A line is read in four passes, and what one pass has claimed the next leaves alone: lines of encoded bytes as a whole; the grammar's
patterns; words that announce a secret (`password`, `lösenord:`) with whatever follows them, and log-ins inside addresses; and last each
remaining word by its shape.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from natvakt_wire.scrubbing.announcements import (
    ADDRESS,
    AFTER,
    ANSWER,
    ASA_BANNER,
    BANNER,
    FREE_TEXT,
    HASH,
    IN_ADDRESS,
    IN_COMMAND,
    IN_PROSE,
    IN_SNMP,
    KNOWN_VALUE,
    LABEL,
    NOT_USERS,
    SAYS,
    SPEAKS_OF_SECRETS,
    USER_AND_WORD,
    WORD,
)
from natvakt_wire.scrubbing.grammar import GRAMMAR
from natvakt_wire.scrubbing.grammar.patterns import SAFE
from natvakt_wire.scrubbing.lines import EncodedBlocks, Sections, split_lines, words_of
from natvakt_wire.scrubbing.marks import find_marks, parse_mark
from natvakt_wire.scrubbing.shapes import Context, could_be_secret, is_masked
from natvakt_wire.scrubbing.type_seven import decode
from natvakt_wire.scrubbing.vocabulary import is_ordinary
from natvakt_wire.scrubbing.well_known import EVERYWHERE

MAX_BANNER_LINES = 200
LONG_LINE = 4000
"""Letters; a longer line is no configuration line and goes as a whole."""
UNREADABLE_KINDS = frozenset(
    {"certificate", "public-key", "private-key", "encoded-text", "fingerprint", "checksum", "unknown-token", "activation-key"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret, or a word that could be one. `line` counts from 0, `start` and `end` are columns. `plain` is the secret itself where it can
    be read (plain or type 7), None for a hash of it and for what may not be a secret at all."""

    line: int
    start: int
    end: int
    kind: str
    text: str
    encryption: str | None = None
    plain: str | None = None


def find_secrets(text: str) -> list[Finding]:
    """Every finding of a text, by line and column; none overlap."""
    return Reader().find(text)


class Reader:
    """Reads texts that have most lines in common, such as one text again after a change: a line it has read it does not read again.

    It remembers the lines themselves, secrets and all: let it go with the text.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, bool], list[Finding]] = {}
        self._looks: dict[tuple[str, Context], bool] = {}

    def find(self, text: str) -> list[Finding]:
        """Every finding of a text, by line and column; none overlap."""
        lines = [content for content, _ in split_lines(text)]
        sections, blocks, banner = Sections(), EncodedBlocks(), _Banner(lines)
        found: list[Finding] = []
        for number, line in enumerate(lines):
            around = sections.enter(line)
            is_free_text = banner.holds(number)
            if kind := blocks.kind_of(line):
                found.extend(_whole_line(line, number, kind))
            elif line:
                found.extend(_moved(finding, number) for finding in self._findings(line, around, is_free_text))
        return found

    def _findings(self, line: str, around: str, is_free_text: bool) -> list[Finding]:
        words = tuple(words_of(line))
        key = (line, around if GRAMMAR.asks_for_sections(words) else "", is_free_text)
        if key not in self._read:
            self._read[key] = _Line(line, words, around, is_free_text, self._could_be_secret).findings()
        return self._read[key]

    def _could_be_secret(self, word: str, context: Context) -> bool:
        key = (word, context)
        if key not in self._looks:
            self._looks[key] = could_be_secret(word, context)
        return self._looks[key]


def _moved(finding: Finding, number: int) -> Finding:
    return Finding(number, finding.start, finding.end, finding.kind, finding.text, finding.encryption, finding.plain)


def _whole_line(line: str, number: int, kind: str) -> list[Finding]:
    stripped = line.strip()
    if parse_mark(stripped):
        return []
    start = line.index(stripped)
    return [Finding(number, start, start + len(stripped), kind, stripped)]


class _Banner:
    """Which lines stand inside a banner. A banner that never ends is only its first line."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._end = -1

    def holds(self, number: int) -> bool:
        if number <= self._end:
            return True
        begun = BANNER.match(self._lines[number])
        if begun and not ASA_BANNER.match(self._lines[number]):
            mark = begun[1]
            if mark not in self._lines[number][begun.end() :]:
                following = range(number + 1, min(number + MAX_BANNER_LINES, len(self._lines)))
                self._end = next((place for place in following if mark in self._lines[place]), -1)
        return False


class _Line:
    """One line under reading."""

    def __init__(
        self, line: str, words: Sequence[str], sections: str, is_free_text: bool, could_be_secret: Callable[[str, Context], bool]
    ) -> None:
        self._line = line
        self._words = words
        self._could_be_secret = could_be_secret
        self._sections = sections
        free = FREE_TEXT.match(line)
        self._free_from = 0 if is_free_text else free.end() if free else len(line)
        self._claimed = [(start, end) for start, end, _ in find_marks(line)]
        self._understood: list[tuple[int, int]] = []
        self._found: list[Finding] = []

    def findings(self) -> list[Finding]:
        if len(self._line) > LONG_LINE:
            return _whole_line(self._line, 0, "encoded-text")
        self._read_grammar()
        self._read_addresses()
        self._read_announced()
        self._read_shapes()
        return sorted(self._found, key=lambda finding: finding.start)

    def _read_grammar(self) -> None:
        for hit in GRAMMAR.hits(self._line, self._words, self._sections):
            text, start, end = self._line[hit.start : hit.end], hit.start, hit.end
            if hit.kind == SAFE or (hit.kind == "snmp-community" and ADDRESS.fullmatch(text)):
                self._understood.append((start, end))
                continue
            if start >= self._free_from:
                first = text if text[0] in "\"'" else text.split()[0]
                if _is_prose(first) and hit.encryption is None and not _stands_alone(self._line, self._free_from):
                    continue
                end = start + len(first)
            self._claim(start, end, hit.kind, hit.encryption, is_certain=True)

    def _read_addresses(self) -> None:
        for match in IN_ADDRESS.finditer(self._line):
            if match["user"].lower() not in NOT_USERS and not match["user"].isdigit():
                self._claim(*match.span("value"), "url-password", None, is_certain=True)

    def _read_announced(self) -> None:
        rules = [IN_COMMAND] + ([IN_SNMP] if "snmp" in self._line.lower() or "trap" in self._line.lower() else [])
        for rule in rules:
            for match in _overlapping(rule, self._line, 0, self._free_from):
                is_understood = any(start <= match.start("value") < end for start, end in self._understood)
                if not is_understood and not self._is_harmless(match["value"]):
                    self._claim(*match.span("value"), "site-secret", None, is_certain=True)
        for rule in IN_PROSE:
            for match in _overlapping(rule, self._line, self._free_from, len(self._line)):
                says = bool(SAYS.search(match["gap"]))
                if not _is_prose(match["value"]) and (says or not self._is_reference(match["value"])):
                    self._claim(*match.span("value"), "free-text", None, is_certain=True)
        for match in (*USER_AND_WORD.finditer(self._line, self._free_from), *ANSWER.finditer(self._line)):
            if _is_prose(match["value"]):
                continue
            self._claim(*match.span("value"), "free-text", None, is_certain=True)

    def _is_harmless(self, value: str) -> bool:
        return is_ordinary(value) or self._is_reference(value)

    @staticmethod
    def _is_reference(value: str) -> bool:
        """A small number (of a key) or an address."""
        return re.fullmatch(r"\d{1,3}|\d+\.\d+\.\d+\.\d+(?:/\d+)?", value.strip("\"',;.)")) is not None

    def _read_shapes(self) -> None:
        known = [match.span("value") for match in KNOWN_VALUE.finditer(self._line)]
        speaks = SPEAKS_OF_SECRETS.search(self._line, self._free_from) is not None
        for match in WORD.finditer(self._line):
            start, end = match.span()
            if (start, end) in known or self._overlaps(start, end) or match[0].lower() in GRAMMAR.words:
                continue
            if label := LABEL.match(match[0]):
                start += label.end() if is_ordinary(label[1]) else 0
            context = Context.COMMAND if start < self._free_from else Context.SECRETS if speaks else Context.PROSE
            if self._could_be_secret(self._line[start:end], context):
                start, end = _without_edges(self._line, start, end)
                self._claim(start, end, "unknown-token", None, is_certain=False)

    def _claim(self, start: int, end: int, kind: str, encryption: str | None, is_certain: bool) -> None:
        start, end = _without_quotes(self._line, start, end)
        text = self._line[start:end]
        if self._overlaps(start, end) or is_masked(text) or text in ("", "!", "-", "^C", "\x03") or start >= end:
            return
        self._claimed.append((start, end))
        after = AFTER.match(self._line, end)
        if encryption is None and is_certain:
            encryption = after[1].lower() if after else "encrypted" if self._line.lstrip().startswith("encrypted ") else None
        plain = _plain(text, encryption) if is_certain and kind not in UNREADABLE_KINDS else decode(text)
        self._found.append(Finding(0, start, end, kind, text, encryption, plain))

    def _overlaps(self, start: int, end: int) -> bool:
        return any(start < other_end and other_start < end for other_start, other_end in self._claimed)


def _is_prose(value: str) -> bool:
    """Whether a word after a keyword only goes on with the sentence; the three that every list of passwords begins with never do."""
    return is_ordinary(value) and value.strip("\"'`,;:.!?").lower() not in EVERYWHERE


def _stands_alone(line: str, free_from: int) -> bool:
    """Whether a comment holds a whole command, as `! snmp-server community secret RO` does."""
    return (
        re.match(
            r"\s*(?:no\s+)?(?:snmp-server|username|enable|tacacs-server|radius-server|crypto|neighbor)\s", line[free_from:], re.IGNORECASE
        )
        is not None
    )


def _overlapping(rule: re.Pattern[str], line: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every match, also those that begin inside the one before: a word after a keyword may be a keyword itself."""
    place = start
    while match := rule.search(line, place, end):
        yield match
        place = max(match.start() + 1, min(match.start("gap"), match.start("value")))


def _without_quotes(line: str, start: int, end: int) -> tuple[int, int]:
    """Leave the quotes around a secret, and one that ends a text the secret stands in."""
    while end - start > 1 and line[start] in "\"'" and line[end - 1] == line[start]:
        start, end = start + 1, end - 1
    if end - start > 1 and line[end - 1] in "\"'" and line[start:end].count(line[end - 1]) == 1 and line[:start].count(line[end - 1]) % 2:
        end -= 1
    return start, end


def _without_edges(line: str, start: int, end: int) -> tuple[int, int]:
    while end - start > 1 and line[start] in "\"'([{<":
        start += 1
    while end - start > 1 and line[end - 1] in "\"')]}>,;:.":
        end -= 1
    return start, end


def _plain(text: str, encryption: str | None) -> str | None:
    """The secret behind the text, where it can be read."""
    if encryption in (None, "0", "clear", "cleartext", "clear-text", "ascii", "text", "unencrypted", "plain-text", "plaintext", "string"):
        return None if HASH.fullmatch(text) else text
    if encryption in ("7", "encrypted", "password", "hmac-md5", "encryption"):
        return decode(text)
    return None
