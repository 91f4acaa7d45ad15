"""A text as lines with their ends, and what stands around a line: the sections it is in, and blocks of encoded text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_OPENERS = re.compile(
    r"(?:line|key chain|keychain|tacacs|radius|aaa|ldap|crypto|username|user|ephone|voice|router|interface|tunnel-group|dot1x|template|"
    r"cluster|mka|telephony-service|sip-ua|dial-peer|vpdn|hsrp|snmp-server vrf|scansafe|parameter-map|mpls ldp|msdp|l2tp|eap|cts|"
    r"group-policy|webvpn)\b",
    re.IGNORECASE,
)


def split_lines(text: str) -> list[tuple[str, str]]:
    """Content and end of each line; LF, CRLF and CR end one. Joined again they are the text."""
    pieces = [(found[1], found[2]) for found in _LINE.finditer(text)]
    return pieces[:-1] if pieces and pieces[-1] == ("", "") else pieces


@dataclass(slots=True)
class Sections:
    """The lines that a line stands under, by indentation; where a text has lost its indentation, the last line that opens a section."""

    _open: list[tuple[int, str]] = field(default_factory=list)
    _flat: str = ""

    def enter(self, line: str) -> str:
        """The lines above this one in the tree, outermost first, one a line. Call it for each line in order."""
        stripped = line.lstrip()
        indent = len(line) - len(stripped)
        if not stripped or stripped.startswith("!"):
            if stripped and indent == 0:
                self._open.clear()
                self._flat = ""
            return self._names()
        while self._open and self._open[-1][0] >= indent:
            self._open.pop()
        names = self._names() if self._open or indent else self._flat
        self._open.append((indent, stripped))
        if indent == 0 and _OPENERS.match(stripped):
            self._flat = stripped
        return names

    def _names(self) -> str:
        return "\n".join(name for _, name in self._open)


_BEGIN = re.compile(r"-{4,5} ?BEGIN ([A-Z0-9 ]+?) ?-{4,5}")
_END = re.compile(r"-{4,5} ?END [A-Z0-9 ]+?-{4,5}")
_HEX_LINE = re.compile(r"\s*[0-9A-Fa-f]{8,}(?:\s+[0-9A-Fa-f]{2,})*\s*")
_HEX_TAIL = re.compile(r"\s*[0-9A-Fa-f]{2,8}(?:\s+[0-9A-Fa-f]{2,8})*\s*")
_BASE64_LINE = re.compile(r"\s*[A-Za-z0-9+/]{32,}={0,2}\s*")
_BASE64_TAIL = re.compile(r"\s*(?!(?:quit|exit|end)\s*$)[A-Za-z0-9+/]{2,}={0,2}\s*", re.IGNORECASE)
_BLOCK_OPENER = re.compile(r"\s*(?:certificate|key-string|ssh authentication pkf|import)\b.*", re.IGNORECASE)


def _kind_of_pem(title: str) -> str:
    if "PRIVATE" in title:
        return "private-key"
    if "PUBLIC" in title:
        return "public-key"
    return "certificate" if "CERTIFICATE" in title else "encoded-text"


@dataclass(slots=True)
class EncodedBlocks:
    """Tells the lines that are nothing but encoded bytes: certificates, keys, licences. `kind_of` is None for every other line."""

    _pem: str | None = None
    _dense: re.Pattern[str] | None = None
    _opener: str = ""

    def kind_of(self, line: str) -> str | None:
        if self._pem is not None:
            return self._inside_pem(line)
        if begun := _BEGIN.search(line):
            self._pem = None if _END.search(line) else _kind_of_pem(begun[1])
            return None
        if _HEX_LINE.fullmatch(line) and len("".join(line.split())) >= 16:
            self._dense = _HEX_TAIL
        elif _BASE64_LINE.fullmatch(line):
            self._dense = _BASE64_TAIL
        elif self._dense is None or not self._dense.fullmatch(line):
            self._dense = None
            if line.strip():
                self._opener = line.lower() if _BLOCK_OPENER.fullmatch(line) else ""
            return None
        if "certificate" in self._opener:
            return "certificate"
        return "public-key" if self._opener else "encoded-text"

    def _inside_pem(self, line: str) -> str | None:
        kind = self._pem
        if _END.search(line):
            self._pem = None
            return None
        return kind if line.strip() else None


def words_of(line: str) -> Iterator[str]:
    """The words by which patterns are found: in lower case, free of quotes and of a prompt before them."""
    for word in line.lower().split():
        bare = word.strip("\"';,")
        yield bare
        if (cut := max(bare.rfind("#"), bare.rfind(">"))) >= 0:
            yield bare[cut + 1 :]
