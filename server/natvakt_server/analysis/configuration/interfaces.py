"""Interfaces with their effective lines (templates and port profiles included), and what each port is for as its lines tell.

uplink   a switch or router beyond: a trunk, a member of a bundle, a port that is trusted or of type network
ap       an access point beyond: so described, or a trunk with edge spanning tree so described
server   a server beyond: so described, or a trunk of edge type
phone    a voice VLAN is configured
host     any other port that gives access to one VLAN, or that would by default
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from natvakt_server.analysis.configuration.addresses import InterfaceAddress, interface_addresses
from natvakt_server.domain.configuration.model import Configuration, Line
from natvakt_server.domain.configuration.ranges import expand_interfaces, expand_numbers

ALL_VLANS = frozenset(range(1, 4095))
_PHYSICAL = re.compile(
    r"(?:fastethernet|(?:two|five|ten|twentyfive|forty|hundred)?gig\w*|ethernet|tengig\w*|te|gi|fa|eth|management|mgmt|atm|serial|pos|hundredgige|"
    r"twogig\w*|fivegig\w*|fortygig\w*|appgig\w*|xg|oob)[ -]?\d",
    re.IGNORECASE,
)
_MANAGEMENT = re.compile(r"(?:mgmt|management|fastethernet0$|gigabitethernet0$|gigabitethernet0/0$(?!)|appgig|oob)", re.IGNORECASE)
_AP = re.compile(r"(?:^|\b|_)(?:ap|wap|wlan|wifi|access[ -]?point)(?:\b|_|\d)", re.IGNORECASE)
_SERVER = re.compile(r"(?:^|\b|_)(?:servers?|srv|esx\w*|hyper-?v|vmware|nas|san|nfs)(?:\b|_|\d)", re.IGNORECASE)
_SWITCH_MARKS = re.compile(
    r"(?:no )?(?:switchport|spanning-tree|storm-control|ip verify source|authentication port-control|dot1x pae)\b", re.IGNORECASE
)
_ROUTES = re.compile(
    r"(?:no )?(?:ip|ipv6) address\b|vrf |encapsulation |pppoe|ip access-group|crypto map|ip ospf|ip nat|standby", re.IGNORECASE
)
_BUNDLE = re.compile(r"(?:port-?channel|bundle-ether|po|be) ?\d", re.IGNORECASE)


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str]:
    """Patterns are asked of every port again and again; `re` itself forgets them sooner."""
    return re.compile(pattern, re.IGNORECASE)


class PortRole(StrEnum):
    UPLINK = "uplink"
    PHONE = "phone"
    AP = "ap"
    SERVER = "server"
    HOST = "host"
    ROUTED = "routed"


@dataclass(frozen=True, eq=False)
class Interface:
    """`lines`: its own and those of its template, its own last. `switchport`: it forwards between ports of a VLAN.
    `starts_shut`: it is shut where no line says otherwise."""

    line: Line
    name: str
    lines: tuple[Line, ...]
    switchport: bool
    addresses: tuple[InterfaceAddress, ...] = field(default=())
    starts_shut: bool = False

    def last(self, pattern: str) -> Line | None:
        """The last line that matches from its start, whatever its case."""
        wanted = compiled(pattern)
        return next((line for line in reversed(self.lines) if wanted.match(line.text)), None)

    def all(self, pattern: str) -> list[Line]:
        wanted = compiled(pattern)
        return [line for line in self.lines if wanted.match(line.text)]

    def on(self, command: str) -> Line | None:
        """The line that turns `command` on, None where none does or a later `no` turns it off."""
        found = self.last(rf"(?:no )?{command}")
        return None if found is None or found.text.lower().startswith("no ") else found

    @cached_property
    def shut(self) -> bool:
        told = self.last(r"(?:no )?shut(?:down)?$")
        return self.starts_shut if told is None else not told.text.lower().startswith("no ")

    @cached_property
    def physical(self) -> bool:
        return _PHYSICAL.match(self.name) is not None and "." not in self.name

    @cached_property
    def management(self) -> bool:
        return _MANAGEMENT.match(self.name) is not None

    @cached_property
    def description(self) -> str | None:
        found = self.last(r"description \S")
        return found.text.split(maxsplit=1)[1] if found else None

    @cached_property
    def has_address(self) -> bool:
        return self.last(r"(?:ip|ipv4|ipv6) address \S") is not None

    @cached_property
    def routed(self) -> bool:
        """Carries addresses of its own and is no loopback."""
        return not self.switchport and self.has_address and not self.name.lower().startswith(("loopback", "lo", "null"))

    @cached_property
    def nameif(self) -> str | None:
        found = self.last(r"nameif \S")
        return found.text.split()[1] if found else None

    @property
    def security_level(self) -> int | None:
        found = self.last(r"security-level \d")
        if found is not None:
            return int(re.sub(r"\D", "", found.text.split()[1]))
        name = self.nameif
        return None if name is None else 100 if name.lower() == "inside" else 0

    @cached_property
    def mode(self) -> str:
        """access, trunk, dynamic (by default: it negotiates) or another word of `switchport mode`."""
        found = self.last(r"switchport mode \S")
        if found is not None:
            return found.text.split()[2].lower()
        return "dynamic"

    @cached_property
    def access_vlan(self) -> int:
        return _number(self.on(r"switchport access vlan \d")) or 1

    @cached_property
    def native_vlan(self) -> int:
        return _number(self.on(r"switchport (?:trunk|general) native vlan \d")) or 1

    @cached_property
    def allowed_vlans(self) -> frozenset[int]:
        """VLANs of a trunk; all where no list stands."""
        allowed = ALL_VLANS
        for line in self.all(r"switchport trunk allowed vlan "):
            words = line.text.split()[4:]
            allowed = _changed(allowed, words)
        return allowed

    @cached_property
    def voice(self) -> bool:
        return self.on(r"switchport voice (?:vlan|detect)\b") is not None

    @cached_property
    def voice_vlan(self) -> int | None:
        """The VLAN of telephones; None where none is, or where they are told to use the port's own."""
        return _number(self.on(r"switchport voice vlan \d"))

    @property
    def trunks(self) -> bool:
        return self.mode in ("trunk", "fex-fabric")

    @cached_property
    def bundled(self) -> bool:
        return _BUNDLE.match(self.name) is not None or self.last(r"channel-group \d") is not None or self.last("bundle id") is not None

    @cached_property
    def role(self) -> PortRole:
        described = self.description or ""
        if not self.switchport:
            return PortRole.ROUTED
        if _AP.search(described) and not self.bundled:
            return PortRole.AP
        edge_trunk = self.trunks and self.last(r"spanning-tree port(?:fast| type) .*trunk")
        if edge_trunk or (_SERVER.search(described) and not self.voice):
            return PortRole.SERVER
        if (
            self.trunks
            or self.bundled
            or self.on(r"ip (?:dhcp snooping|arp inspection) trust$")
            or self.on(r"spanning-tree port type network$")
        ):
            return PortRole.UPLINK
        return PortRole.PHONE if self.voice else PortRole.HOST

    @cached_property
    def faces_hosts(self) -> bool:
        """A port in use where anybody may plug in: a person's computer or telephone."""
        return self.role in (PortRole.HOST, PortRole.PHONE) and not self.shut and not self.management and self.physical


def read_interfaces(configuration: Configuration, system: str, *, switches: bool = False) -> Sequence[Interface]:
    """`switches`: the device is known to be a switch. Where nothing tells, bare ports are switch ports: a port of a router
    shows an address, or `no ip address`."""
    templates = _templates(configuration)
    blocks = [
        (line, name, _lines(configuration, line, templates)) for line in configuration.find(r"interface \S") for name in _names(line.text)
    ]
    marked = switches or any(_SWITCH_MARKS.match(line.text) for _, _, lines in blocks for line in lines)
    marked = marked or bool(configuration.find(r"(?:spanning-tree|vtp|vlan \d|mls qos|udld|ip dhcp snooping|ip arp inspection)"))
    routes = any(_ROUTES.match(line.text) for _, _, lines in blocks for line in lines) or bool(configuration.find(r"router "))
    marked = marked or (system in ("ios", "ios-xe") and not routes and any(_PHYSICAL.match(name) for _, name, _ in blocks))
    # NX-OS writes `no shutdown` only where a port is shut until told otherwise, as on its modular models.
    starts_shut = system == "nx-os" and any(
        each.text == "no shutdown" for _, name, lines in blocks if _PHYSICAL.match(name) for each in lines
    )
    found = []
    for line, name, lines in blocks:
        switchport = system != "asa" and marked and _is_switchport(name, lines, system)
        found.append(
            Interface(line, name, lines, switchport, interface_addresses(lines), starts_shut and _PHYSICAL.match(name) is not None)
        )
    return found


def _is_switchport(name: str, lines: Sequence[Line], system: str) -> bool:
    if "." in name or not (_PHYSICAL.match(name) or _BUNDLE.match(name)) or _MANAGEMENT.match(name):
        return False
    said = [
        line.text.lower() for line in lines if re.match(r"(?:no )?(?:switchport$|ip address|ipv6 address|vrf )", line.text, re.IGNORECASE)
    ]
    if any(text.startswith(("no switchport", "ip address", "no ip address", "ipv6 address", "vrf ")) for text in said):
        return False
    if system == "nx-os":  # ports are routed unless told otherwise on most of its models
        return any(line.text.lower().startswith("switchport") for line in lines)
    return True


def _names(text: str) -> Iterator[str]:
    rest = text.split(maxsplit=1)[1]
    if rest.lower().startswith("range"):
        try:
            yield from expand_interfaces(rest)
            return
        except ValueError:
            rest = rest.removeprefix("range").strip()
    for ending in (" l2transport", " point-to-point", " multipoint"):
        rest = rest.removesuffix(ending)
    yield rest


def _templates(configuration: Configuration) -> Mapping[str, tuple[Line, ...]]:
    """`template NAME` of IOS-XE, `port-profile type ethernet NAME` of NX-OS."""
    heads = configuration.find(r"(?:template|port-profile(?: type \S+)?) \S+$")
    return {line.text.split()[-1]: tuple(configuration.descendants(line)) for line in heads}


def _lines(configuration: Configuration, line: Line, templates: Mapping[str, tuple[Line, ...]]) -> tuple[Line, ...]:
    own = tuple(configuration.descendants(line))
    used = [each.text.split()[-1] for each in own if re.match(r"(?:source template|inherit port-profile) \S+$", each.text, re.IGNORECASE)]
    return (*(each for name in used for each in templates.get(name, ())), *own)


def _number(line: Line | None) -> int | None:
    found = re.search(r" vlan (?:tagged )?(\d+)", line.text) if line is not None else None
    return int(found[1]) if found else None


def _changed(allowed: frozenset[int], words: Sequence[str]) -> frozenset[int]:
    """One `switchport trunk allowed vlan` line: a list, `none`, `all`, `add`, `remove` or `except`."""
    if not words or words[0] == "all":
        return ALL_VLANS
    if words[0] == "none":
        return frozenset()
    try:
        listed = frozenset(expand_numbers(words[-1]))
    except ValueError:
        return allowed
    return {"add": allowed | listed, "remove": allowed - listed, "except": ALL_VLANS - listed}.get(words[0], listed)
