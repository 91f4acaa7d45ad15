"""The little language in which the grammar says where secrets stand, and its compiler.

A pattern is a row of words as they stand in a configuration line, matched anywhere in a line unless it begins with `^`:

    snmp-server community {type} {secret}          a literal word, matched whatever its case
    radius-server|tacacs-server key {type} {words} one of several words
    neighbor * password {type} {words}             `*`: any one word, or a quoted text
    username * ... password {words}                `...`: any words, as few as do
    ip ospf message-digest-key # md5 {type} {secret}   `#`: a number
    enable secret ?level ?# {type} {words}         `?`: may be missing
    snmp-server host ... version 3 {tail}          `{tail}`: whatever else the line holds, none of it secret
    ^key # $                                       `$`: the line ends here
    ^key {type} {words} @ tacacs|radius            only inside such a section (an expression over the lines that open it)

`{type}` is the encryption named before a secret, may be missing (`{form}` is such a word before it); `{type-after}` the digit behind it.
`{secret}` is one word or one quoted text, `{words}` runs to the line's end or to a word that may follow a secret, `{rest}` always to the
end of the line. `{secret:kind}` overrules the table's kind.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

TYPE_WORDS = (
    "encrypted|encrypt|clear|cleartext|clear-text|plain-text|plaintext|unencrypted|ascii|hex|text|string|hidden|password|encryption|localized|"
    "hmac-md5|hmac-sha-?1|hmac-sha-?256|1?[0-9]"
)
FOLLOWERS = (
    "encrypted|pbkdf2|nt-encrypted|mschap|privilege|role|expire|store-local|level|level-1|level-2|level-1-2|address|hostname|realm|acl|priv|access|"
    "auth-port|acct-port|timeout|retransmit|retry|usage|priority|authentication|accounting|pac|port|single-connection|source-interface|deadtime|"
    "hidden|secret|transmit-key|tx-key|key-id|cryptographic-algorithm|localizedkey|localizedv2key|mode|vrf|udp-port|idle-time|test|send-only|snp|"
    "wlan|userType|lifetime|description|read-write|read-only|lobby-admin|all|force|authenticate|reregister|for|ignore-auth-port|ignore-acct-port|automate-tester|"
    "key-wrap|non-standard|attributes|rootdn|enable-ssl|weight"
)
_WORD = r"(?:\"[^\"]*\"|'[^']*'|\S+)"
_ONE_VALUE = r"(?:\"[^\"]+\"|'[^']+'|\S+)"
_WORDS = rf"(?:\"[^\"]+\"|'[^']+'|\S+(?:[ \t]+(?!(?i:{FOLLOWERS})(?:\s|$))\S+)*)"
_FORMS = {
    "*": _WORD,
    "#": r"[0-9]+",
    "{type}": rf"(?P<type_@>(?i:{TYPE_WORDS}))",
    "{type-after}": r"(?P<after_@>[0-9])(?=\s|$)",
}
_VALUES = {"secret": _ONE_VALUE, "words": _WORDS, "rest": r"\S(?:.*\S)?"}
_VALUE = re.compile(r"\{(secret|words|rest)(?::([a-z0-9-]+))?\}")
_LITERAL = re.compile(r"[\w+/-][\w.+/-]*\Z")
SAFE = "safe"
"""The kind of a pattern that says: what stands here is no secret."""


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """`anchor`: words of which one must be in the line, so that most patterns need not be tried. `kinds`: one for each secret.

    The expression is compiled when a line first has such a word: most are never met, and all together cost most of a second.
    """

    text: str
    kinds: tuple[str, ...]
    anchor: frozenset[str]
    literals: frozenset[str]
    within: str | None

    def matches(self, line: str) -> Iterator[re.Match[str]]:
        return _compiled(self.text).finditer(line)

    def is_inside(self, sections: str) -> bool:
        return self.within is None or _compiled(self.within, re.IGNORECASE).search(sections) is not None


@cache
def _compiled(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(text, flags)


@dataclass(frozen=True, slots=True)
class PatternHit:
    """A secret found by a pattern: columns, kind and encryption. Kind SAFE: all that the pattern spans, secret or not."""

    start: int
    end: int
    kind: str
    encryption: str | None


def table(kind: str, rows: str) -> tuple[SecretPattern, ...]:
    """Compile one pattern a line, all of one kind."""
    return tuple(_compile(kind, row.strip()) for row in rows.splitlines() if row.strip())


def _compile(kind: str, row: str) -> SecretPattern:
    body, _, within = row.partition(" @ ")
    words = body.removeprefix("^").split()
    pieces: list[str] = []
    kinds: list[str] = []
    for place, word in enumerate(words):
        gap = "" if place == 0 else r"[ \t]+"
        pieces.append(_piece(word, gap, kind, kinds))
    start = r"^\s*(?:no[ \t]+)?" if body.startswith("^") else r"(?<![\w.-])"
    is_open = words[-1] in ("{tail}", "...") or words[-1].startswith(("{words", "{rest", "?"))
    end = "" if is_open else r"(?=[\s\"';]|$)"
    literals = [word.lower() for word in words if all(_LITERAL.match(choice) for choice in word.split("|"))]
    anchor = frozenset(max(literals, key=lambda word: (min(map(len, word.split("|"))), -word.count("|"))).split("|"))
    return SecretPattern(
        start + "".join(pieces) + end,
        tuple(kinds),
        anchor,
        frozenset(choice for word in literals for choice in word.split("|")),
        within.strip() or None,
    )


def _piece(word: str, gap: str, kind: str, kinds: list[str]) -> str:
    if word == "...":
        return r"(?:[ \t]+\S+)*?"
    if word == "{form}":
        return f"(?:{gap}(?i:{TYPE_WORDS})(?=[ \\t]+\\S))?"
    if word == "{type}":
        return f"(?:{gap}{_FORMS[word].replace('@', str(len(kinds)))}(?=[ \\t]+\\S))?"
    if word == "{type-after}":
        return f"(?:{gap}{_FORMS[word].replace('@', str(len(kinds) - 1))})?"
    if value := _VALUE.fullmatch(word):
        kinds.append(value[2] or kind)
        return f"{gap}(?P<secret_{len(kinds) - 1}>{_VALUES[value[1]]})"
    if word == "$":
        return r"[ \t]*$"
    if word == "{tail}":
        return rf"(?:{gap}\S.*)?"
    is_optional = word.startswith("?")
    plain = word.removeprefix("?")
    form = _FORMS.get(plain) or f"(?i:{'|'.join(re.escape(choice) for choice in plain.split('|'))})"
    return rf"(?:{gap}{form}(?=\s|$))?" if is_optional else f"{gap}{form}"


class Grammar:
    """Patterns in the order in which they are tried, found by the words of a line."""

    def __init__(self, patterns: Iterable[SecretPattern]) -> None:
        self._by_word: dict[str, list[tuple[int, SecretPattern]]] = {}
        self.words: frozenset[str] = frozenset()
        """Every literal word of the grammar, in lower case."""
        self._in_sections: set[str] = set()
        self.patterns = tuple(patterns)
        for order, pattern in enumerate(self.patterns):
            self.words |= pattern.literals
            if pattern.within is not None:
                self._in_sections |= pattern.anchor
            for word in pattern.anchor:
                self._by_word.setdefault(word, []).append((order, pattern))

    def asks_for_sections(self, words: Iterable[str]) -> bool:
        """Whether what a line of these words means depends on the section it stands in."""
        return not self._in_sections.isdisjoint(words)

    def hits(self, line: str, words: Iterable[str], sections: str) -> list[PatternHit]:
        """The secrets of a line. The first pattern that holds claims its columns. `words`: those of the line in lower case."""
        found = {order: pattern for word in words for order, pattern in self._by_word.get(word, ())}
        claimed: list[tuple[int, int]] = []
        hits: list[PatternHit] = []
        for order in sorted(found):
            pattern = found[order]
            if not pattern.is_inside(sections):
                continue
            for match in pattern.matches(line):
                if any(match.start() < end and start < match.end() for start, end in claimed):
                    continue
                claimed.append(match.span())
                hits.extend(_hits(match, pattern.kinds))
        return hits + [PatternHit(start, end, SAFE, None) for start, end in claimed]


def _hits(match: re.Match[str], kinds: tuple[str, ...]) -> Iterator[PatternHit]:
    groups = match.groupdict()
    for place, kind in enumerate(kinds):
        start, end = match.span(f"secret_{place}")
        encryption = groups.get(f"type_{place}") or groups.get(f"after_{place}")
        yield PatternHit(start, end, kind, encryption.lower() if encryption else None)
