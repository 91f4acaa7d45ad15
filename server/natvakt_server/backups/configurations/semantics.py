"""What a configuration means, apart from how it happens to be written down: noise out, order only where it counts.

Every line gets a digest of its own words and of the digests below it. Below an access list, a route map, a class or policy map the order
of lines is part of that digest; elsewhere lines are sorted first. Rows of a flat list (`access-list 10 ...`) keep their order among
themselves wherever they stand. Two texts with the same digest at the top configure the same thing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from natvakt_wire.scrubbing.marks import find_marks

from natvakt_server.domain.configuration.model import NOWHERE, Configuration, Kind, Line

_MEANINGFUL = frozenset({Kind.COMMAND, Kind.BANNER})
_NOISE = re.compile(
    r"ntp clock-period \d+$"  # IOS 12 and 15: the drift it measured, new at every look
    r"|.*\b(uptime|up time) (is|was)\b"
    r"|license boot level \S+ expires "
    r"|config time manual "
    r"|(config )?rogue (adhoc|client|ap) (alert|unknown|friendly)\b.* ([0-9a-f]{2}:){5}[0-9a-f]{2}\b",  # AireOS: what it hears in the air
    re.IGNORECASE,
)
_STORED_CERTIFICATE = re.compile(r"(certificate .*\S) nvram:\S+$", re.IGNORECASE)  # startup names the file, running shows the body
_ORDER_COUNTS_BELOW = re.compile(
    r"(ip|ipv6|ipv4|mac|arp|ethernet-services) (access-list|prefix-list)\b"
    r"|access-list \S+( extended| standard)?$"
    r"|(no )?route-map |route-policy |(prefix|as-path|community|extcommunity|rd)-set "
    r"|class-map |policy-map |aaa group server |event manager applet |kron policy-list |menu |macro name |ip policy-list ",
    re.IGNORECASE,
)
_ORDER_COUNTS_AMONG = re.compile(
    r"(access-list \S+|(?:ip|ipv6) prefix-list \S+|ip as-path access-list \S+"
    r"|ip (?:ext)?community-list(?: standard| expanded)? \S+|(?:tacacs|radius)-server host|aaa-server \S+ \(\S+\) host"
    r"|nat (?=\()|config acl rule \w+ \S+) ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Semantics:
    """`texts` and `digests` by place, for the lines that mean something; `ordered`: places below which order counts."""

    configuration: Configuration
    texts: Mapping[int, str]
    digests: Mapping[int, bytes]
    ordered: frozenset[int]
    below: Mapping[int, Sequence[int]]
    digest: bytes

    def line(self, place: int) -> Line:
        return self.configuration.lines[place]

    def children(self, place: int) -> Sequence[int]:
        """Places of the meaningful lines right below; NOWHERE: at the top."""
        return self.below.get(place, ())


def semantics(configuration: Configuration) -> Semantics:
    """One pass down for what is ordered, one up for the digests."""
    texts: dict[int, str] = {}
    ordered: set[int] = set()
    below: dict[int, list[int]] = {}
    for line in configuration.lines:
        if line.kind not in _MEANINGFUL or _NOISE.match(line.text):
            continue
        texts[line.place] = normal(line.text)
        below.setdefault(line.parent, []).append(line.place)
        if line.kind is Kind.BANNER:
            ordered.add(line.parent)
        if line.parent in ordered or _ORDER_COUNTS_BELOW.match(line.text):
            ordered.add(line.place)
    digests: dict[int, bytes] = {}
    for place in reversed(texts):
        inside = _together(below.get(place, ()), place in ordered, texts, digests)
        digests[place] = sha256(texts[place].encode("utf-8", "replace") + b"\0" + inside).digest()
    top = sha256(_together(below.get(NOWHERE, ()), False, texts, digests)).digest()
    return Semantics(configuration, MappingProxyType(texts), MappingProxyType(digests), frozenset(ordered), MappingProxyType(below), top)


def flat_list(text: str) -> str | None:
    """The list a line is a row of, where rows of that list keep their order among themselves."""
    match = _ORDER_COUNTS_AMONG.match(text)
    return match[1].lower() if match else None


def normal(text: str) -> str:
    """Blanks as one, a secret as its equality: `password 7 <mark>` is the same whatever salt it was written with this time."""
    marks = find_marks(text) if "<natvakt:" in text else []
    for start, end, mark in reversed(marks):
        if mark.equality:
            text = f"{text[:start]}<{mark.equality}>{text[end:]}"
    stored = _STORED_CERTIFICATE.match(text)
    return " ".join((stored[1] if stored else text).split())


def _together(places: Sequence[int], ordered: bool, texts: Mapping[int, str], digests: Mapping[int, bytes]) -> bytes:
    if ordered:
        return b"ordered" + b"".join(digests[place] for place in places)
    lists: dict[str, list[bytes]] = {}
    found: list[bytes] = []
    for place in places:
        name = flat_list(texts[place])
        if name is None:
            found.append(digests[place])
        else:
            lists.setdefault(name, []).append(digests[place])
    found += [sha256(b"".join(rows)).digest() for rows in lists.values()]
    return b"".join(sorted(found))
