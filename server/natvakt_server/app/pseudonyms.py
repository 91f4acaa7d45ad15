"""Takes names out of texts that leave the house: the same name gets the same stand-in everywhere in one bundle, and nothing leads back.

Known names (customers, sites, devices, people) are replaced wherever they stand, the longest first; addresses, MACs, mail addresses and
what stands before an @ in a URL by their shape; values of keys that are named like secrets as a whole.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping

SHORTEST_ANYWHERE = 4  # shorter names are replaced only where they stand by themselves: `hq` is in many words
_SHAPES = (
    ("mail", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("mac", re.compile(r"(?<![0-9A-Fa-f:.-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:.-])")),
    ("mac", re.compile(r"(?<![0-9A-Fa-f:.-])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![0-9A-Fa-f:.-])")),
    ("ip", re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")),
    ("ip", re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")),
)
_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")
_SECRET_KEY = re.compile(r"(?i)(?:^|_)(?:password|passphrase|secret|token|key|community|credential)s?$")
_SECRET_WORD = re.compile(
    r"(?i)\b((?:password|passphrase|secret|token|community|authorization)\b)"
    r"(\s*[=:]\s*(?:\"[^\"]*\"|'[^']*'|bearer\s+\S+|\S+)|\s+(?:\"[^\"]*\"|'[^']*'))"
)
_TOKEN = re.compile(r"\bnvt_[A-Za-z0-9_-]+")
KEPT = frozenset({"127.0.0.1", "0.0.0.0", "::1", "localhost"})  # noqa: S104 - told apart, not bound
TAKEN_OUT = "[taken out]"


class Pseudonyms:
    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names`: by kind, such as customer, site, device."""
        self._stand_ins: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        for kind, texts in names.items():
            for text in texts:
                if text.strip():
                    self._stand_in(kind, text.strip())
        known = sorted(self._stand_ins, key=len, reverse=True)
        self._known = re.compile("|".join(_pattern(each) for each in known), re.IGNORECASE) if known else None

    def text(self, text: str) -> str:
        """A line of a log, a message, a JSON document."""
        text = _TOKEN.sub(TAKEN_OUT, _USERINFO.sub("", text))
        text = _SECRET_WORD.sub(lambda found: f"{found[1]} {TAKEN_OUT}", text)
        if self._known is not None:
            text = self._known.sub(lambda found: self._stand_ins[found[0].lower()], text)
        for kind, shape in _SHAPES:
            text = shape.sub(lambda found, kind=kind: self._shaped(kind, found[0]), text)  # type: ignore[misc]
        return text

    def value(self, value: object, name: str = "") -> object:
        """A document: keys stay, texts are told without names, values of keys that are named like secrets go as a whole."""
        if isinstance(value, Mapping):
            return {str(key): self.value(inner, str(key)) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(inner, name) for inner in value]
        if isinstance(value, str):
            return TAKEN_OUT if value and _SECRET_KEY.search(name) else self.text(value)
        return value

    def _shaped(self, kind: str, text: str) -> str:
        if text in KEPT or (kind == "ip" and not _is_address(text)):
            return text
        return self._stand_ins.get(text.lower()) or self._stand_in(kind, text)

    def _stand_in(self, kind: str, text: str) -> str:
        known = self._stand_ins.get(text.lower())
        if known is None:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            known = self._stand_ins[text.lower()] = f"{kind}-{self._counts[kind]}"
        return known


def _is_address(text: str) -> bool:
    """A time of day has colons too."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _pattern(name: str) -> str:
    escaped = re.escape(name)
    return escaped if len(name) >= SHORTEST_ANYWHERE else rf"(?<![\w.-]){escaped}(?![\w.-])"
