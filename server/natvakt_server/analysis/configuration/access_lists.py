"""Access lists of IOS, NX-OS, IOS-XR and ASA, named and numbered, with object groups, as entries that can be asked.

    access-list 101 permit tcp any host 192.0.2.1 eq 22          ip access-list extended NAME / ipv6 access-list NAME
    access-list NAME extended permit object-group SVC any object WEB log

Sources: the vendor's command references. What an entry names that cannot be read (an object that is not there, a letter for an address)
matches something unknown: it is neither any nor a network.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.analysis.configuration.addresses import Network, network
from natvakt_server.analysis.configuration.object_groups import ObjectGroups, Ports, port_number, read_object_groups
from natvakt_server.domain.configuration.model import Configuration, Line

EVERYTHING = (0, 65_535)
_NUMBERED = re.compile(r"(?:ipv6 )?access-list (?P<name>\S+) (?:line \d+ )?(?P<rest>.+)$", re.IGNORECASE)
_NAMED = re.compile(r"(?:ip|ipv4|ipv6) access-list (?:(?P<kind>standard|extended|role-based) )?(?P<name>\S+)$", re.IGNORECASE)
_ACTION = re.compile(r"(?:(?P<sequence>\d+) )?(?P<action>permit|deny) +(?P<rest>.+)$", re.IGNORECASE)
_PROTOCOLS = frozenset(
    (
        *("ip", "ipv4", "ipv6", "tcp", "udp", "icmp", "icmp6", "icmpv6", "igmp", "esp", "ah", "ahp", "gre", "eigrp", "ospf", "pim"),
        *("ipinip", "nos", "pcp", "sctp", "ipsec", "pptp", "snp"),
    )
)


@dataclass(frozen=True, slots=True)
class Side:
    """Where traffic comes from or goes to. `anything`: every address; `networks`: those that are known; `word` as written."""

    anything: bool
    networks: tuple[Network, ...]
    word: str
    ports: Ports = (EVERYTHING,)

    def has_port(self, number: int) -> bool:
        return any(low <= number <= high for low, high in self.ports)


@dataclass(frozen=True, slots=True)
class Entry:
    """One permit or deny. `protocols` holds ip for all of them; `rest` is what stands behind the destination."""

    line: Line
    permits: bool
    protocols: frozenset[str]
    source: Side
    destination: Side
    rest: str = ""
    services: tuple[tuple[str, Ports], ...] = ()

    @property
    def logs(self) -> bool:
        return re.search(r"\blog(?:-input)?\b(?! (?:disable|0))", self.rest) is not None

    @property
    def active(self) -> bool:
        return re.search(r"\binactive\b", self.rest) is None

    @property
    def every_protocol(self) -> bool:
        return bool(self.protocols & {"ip", "ipv4", "ipv6"})

    def reaches_port(self, protocol: str, number: int) -> bool:
        """Whether traffic of this protocol to that port is meant."""
        if self.services:
            return any(
                name in (protocol, "ip", "tcp-udp") and any(low <= number <= high for low, high in ports) for name, ports in self.services
            )
        return (self.every_protocol or protocol in self.protocols or "tcp-udp" in self.protocols) and self.destination.has_port(number)


@dataclass(frozen=True, slots=True)
class AccessList:
    """`head` is the line that opens a named one, the first entry of a numbered one."""

    name: str
    head: Line
    entries: tuple[Entry, ...]
    version: int = 4

    @property
    def admits_any(self) -> Entry | None:
        """The first permit that any source passes, unless all were denied before."""
        for entry in self.entries:
            if not entry.active:
                continue
            if entry.permits and entry.source.anything:
                return entry
            if not entry.permits and entry.source.anything and entry.every_protocol:
                return None
        return None


def read_access_lists(configuration: Configuration) -> Mapping[str, AccessList]:
    groups = read_object_groups(configuration)
    heads: dict[str, tuple[Line, int]] = {}
    entries: dict[str, list[Entry]] = {}
    for line in configuration.find(r"(?:(?:ip|ipv4|ipv6) )?access-list \S"):
        named = _NAMED.match(line.text)
        numbered = None if named else _NUMBERED.match(line.text)
        if named is not None:
            name, standard = named["name"], (named["kind"] or "").lower() == "standard"
            lines = [(each, each.text) for each in configuration.children(line)]
        elif numbered is not None:
            name, standard = numbered["name"], _is_standard(numbered["name"], numbered["rest"])
            lines = [(line, re.sub(r"^(?:extended|standard) ", "", numbered["rest"]))]
        else:
            continue
        heads.setdefault(name, (line, 6 if line.text.lower().startswith("ipv6") else 4))
        read = (_entry(each, text, groups, standard=standard) for each, text in lines)
        entries.setdefault(name, []).extend(entry for entry in read if entry is not None)
    return {name: AccessList(name, head, tuple(entries[name]), version) for name, (head, version) in heads.items()}


def _is_standard(name: str, rest: str) -> bool:
    if rest.startswith("standard "):
        return True
    return name.isdigit() and (int(name) <= 99 or 1300 <= int(name) <= 1999)


def _entry(line: Line, text: str, groups: ObjectGroups, *, standard: bool) -> Entry | None:
    match = _ACTION.match(text)
    if match is None:
        return None
    words = match["rest"].split()
    permits = match["action"].lower() == "permit"
    if standard or not _is_extended(words):
        source, rest = _side(words, groups)
        return Entry(line, permits, frozenset({"ip"}), source, Side(True, (), "any"), " ".join(rest))
    services: tuple[tuple[str, Ports], ...] = ()
    first, words = words[0].lower(), words[1:]
    if first in ("object-group", "object") and words:
        services = groups.services(words[0])
        protocols = frozenset(name for name, _ in services) or groups.protocols(words[0])
        words = words[1:]
    else:
        protocols = frozenset({first})
    source, words = _with_ports(*_side(words, groups), groups)
    destination, words = _with_ports(*_side(words, groups), groups)
    return Entry(line, permits, protocols, source, destination, " ".join(words), services)


def _is_extended(words: Sequence[str]) -> bool:
    first = words[0].lower()
    return first in _PROTOCOLS or first in ("object-group", "object") or (first.isdigit() and len(words) > 2)


def _side(words: Sequence[str], groups: ObjectGroups) -> tuple[Side, Sequence[str]]:
    """The first address of the words, and what stands behind it."""
    if not words:
        return Side(True, (), "any"), words
    first = words[0].lower()
    if first in ("any", "any4", "any6"):
        return Side(True, (), first), words[1:]
    if first == "host" and len(words) > 1:
        return _of(network(words[1]), words[1]), words[2:]
    if first in ("object", "object-group", "addrgroup", "net-group") and len(words) > 1:
        networks, anything = groups.networks(words[1])
        return Side(anything, networks, f"{first} {words[1]}"), words[2:]
    if first == "interface" and len(words) > 1:
        return Side(False, (), " ".join(words[:2])), words[2:]
    if "/" in first:
        return _of(network(first), first), words[1:]
    if len(words) > 1 and re.match(r"\d+\.\d", words[1]):
        anything = words[1] == "255.255.255.255" or (words[0] == "0.0.0.0" and words[1] == "0.0.0.0")  # noqa: S104
        return (Side(True, (), first) if anything else _of(network(words[0], words[1]), " ".join(words[:2]))), words[2:]
    return _of(network(groups.names.get(first, first)), first), words[1:]


def _of(found: Network | None, word: str) -> Side:
    if found is None:
        return Side(False, (), word)
    return Side(found.prefixlen == 0, (found,), word)


def _with_ports(side: Side, words: Sequence[str], groups: ObjectGroups) -> tuple[Side, Sequence[str]]:
    """Reads `eq 22`, `range 1 5`, `gt 1023`, `lt 5`, `neq 23` or a group of ports behind an address."""
    if not words:
        return side, words
    first = words[0].lower()
    if first == "eq":
        numbers = [number for word in _while_ports(words[1:]) if (number := port_number(word)) is not None]
        taken = 1 + len(_while_ports(words[1:]))
        return _ported(side, tuple((number, number) for number in numbers)), words[taken:]
    if first == "range" and len(words) > 2:
        low, high = port_number(words[1]), port_number(words[2])
        return _ported(side, ((low, high),) if low is not None and high is not None else ()), words[3:]
    if first in ("gt", "lt", "neq") and len(words) > 1:
        number = port_number(words[1])
        ports = (
            ()
            if number is None
            else {"gt": ((number + 1, 65_535),), "lt": ((0, number - 1),)}.get(first, ((0, number - 1), (number + 1, 65_535)))
        )
        return _ported(side, ports), words[2:]
    if first in ("object-group", "portgroup") and len(words) > 1 and groups.ports(words[1]) is not None:
        return _ported(side, groups.ports(words[1]) or ()), words[2:]
    return side, words


def _while_ports(words: Sequence[str]) -> Sequence[str]:
    taken = []
    for word in words:
        if port_number(word) is None:
            break
        taken.append(word)
    return taken


def _ported(side: Side, ports: Ports) -> Side:
    return Side(side.anything, side.networks, side.word, ports)
