"""Objects and object groups that access lists name: networks, services, protocols and ports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from natvakt_server.analysis.configuration.addresses import Network, network
from natvakt_server.domain.configuration.model import Configuration, Line

Ports = tuple[tuple[int, int], ...]
MOST_NESTED = 16
# Port names as the command line shows them (IANA numbers; a few of the vendor's own words).
_PORTS = (
    "ftp-data=20 ftp=21 ssh=22 telnet=23 smtp=25 tacacs=49 domain=53 bootps=67 bootpc=68 tftp=69 gopher=70 finger=79 www=80 http=80 "
    "kerberos=88 pop3=110 sunrpc=111 ident=113 ntp=123 netbios-ns=137 netbios-dgm=138 netbios-ssn=139 imap4=143 snmp=161 snmptrap=162 "
    "bgp=179 ldap=389 https=443 isakmp=500 exec=512 login=513 rsh=514 cmd=514 syslog=514 lpd=515 rip=520 ldaps=636 citrix-ica=1494 "
    "sqlnet=1521 h323=1720 pptp=1723 nfs=2049 radius=1645 radius-acct=1646 sip=5060 aol=5190 pcanywhere-data=5631 cifs=3020 "
    "lotusnotes=1352 non500-isakmp=4500 chargen=19 daytime=13 discard=9 echo=7 time=37 whois=43 nntp=119 klogin=543 kshell=544 uucp=540 "
    "irc=194 pim-auto-rp=496 msrpc=135 drip=3949 rtsp=554"
)
PORT_NAMES: Mapping[str, int] = MappingProxyType(
    {name: int(number) for name, _, number in (pair.partition("=") for pair in _PORTS.split())}
)


def port_number(word: str) -> int | None:
    """A number, a name the command line shows, or None."""
    if word.isdigit():
        return int(word)
    return PORT_NAMES.get(word.lower())


@dataclass(frozen=True, slots=True)
class ObjectGroups:
    """Lines of each object and group by name; `names` are the aliases for addresses of an ASA."""

    blocks: Mapping[str, tuple[Line, tuple[Line, ...]]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def networks(self, name: str, depth: int = 0) -> tuple[tuple[Network, ...], bool]:
        """Networks of an object or a group, and whether it holds every address."""
        found: list[Network] = []
        anything = False
        for line in self._lines(name, depth):
            words = line.text.split()
            nested = _nested(words)
            if nested is not None:
                inner, everything = self.networks(nested, depth + 1)
                found += inner
                anything = anything or everything
                continue
            each = self._network(words)
            anything = anything or words[0].lower() in ("any", "any4", "any6") or (each is not None and each.prefixlen == 0)
            found += [each] if each is not None else []
        return tuple(found), anything

    def services(self, name: str, depth: int = 0) -> tuple[tuple[str, Ports], ...]:
        """Protocol and destination ports of a service object or group."""
        found: list[tuple[str, Ports]] = []
        for line in self._lines(name, depth):
            words = line.text.lower().split()
            nested = _nested(line.text.split())
            if nested is not None:
                found += self.services(nested, depth + 1)
            elif words[0] in ("service-object", "service") and len(words) > 1:
                found.append((words[1], _ports_of(words[words.index("destination") + 1 :] if "destination" in words else words[2:])))
            elif words[0] in ("tcp", "udp", "tcp-udp", "icmp", "ip"):  # groups of IOS
                found.append((words[0], _ports_of(words[1:])))
        return tuple(found)

    def protocols(self, name: str) -> frozenset[str]:
        lines = self._lines(name, 0)
        return frozenset(line.text.split()[1].lower() for line in lines if line.text.lower().startswith("protocol-object "))

    def ports(self, name: str, depth: int = 0) -> Ports | None:
        """Ports of a group of ports; None where it is no such group."""
        found: list[tuple[int, int]] = []
        for line in self._lines(name, depth):
            words = line.text.lower().split()
            nested = _nested(line.text.split())
            if nested is not None:
                found += self.ports(nested, depth + 1) or ()
            elif words[0] == "port-object":
                found += _ports_of(words[1:])
            elif words[0] in ("eq", "range") or (words[0].isdigit() and len(words) > 1 and words[1] in ("eq", "range")):
                found += _ports_of(words if not words[0].isdigit() else words[1:])
        return tuple(found) or None

    def _lines(self, name: str, depth: int) -> tuple[Line, ...]:
        return self.blocks[name][1] if depth < MOST_NESTED and name in self.blocks else ()

    def _network(self, words: list[str]) -> Network | None:
        kept = [word for word in words if word.lower() not in ("network-object", "host", "subnet", "host-info", "object")]
        if kept and kept[0].isdigit() and len(kept) > 1:
            kept = kept[1:]  # NX-OS numbers the lines of a group
        if not kept or kept[0].lower() in ("description", "nat", "range", "fqdn"):
            return None
        return network(self.names.get(kept[0].lower(), kept[0]), kept[1] if len(kept) > 1 and "." in kept[1] else None)


def _nested(words: list[str]) -> str | None:
    """The group or object a line includes."""
    if words[0].lower() == "group-object" and len(words) > 1:
        return words[1]
    if len(words) > 2 and words[0].lower() in ("network-object", "service-object") and words[1].lower() == "object":
        return words[2]
    return None


def _ports_of(words: list[str]) -> Ports:
    if not words:
        return ((0, 65_535),)
    numbers = [number for word in words[1:] if (number := port_number(word)) is not None]
    if words[0] == "eq" and numbers:
        return tuple((number, number) for number in numbers)
    if words[0] == "range" and len(numbers) > 1:
        return ((numbers[0], numbers[1]),)
    if words[0] in ("gt", "lt") and numbers:
        return ((numbers[0] + 1, 65_535),) if words[0] == "gt" else ((0, numbers[0] - 1),)
    number = port_number(words[0])
    return ((number, number),) if number is not None else ((0, 65_535),)


def read_object_groups(configuration: Configuration) -> ObjectGroups:
    blocks: dict[str, tuple[Line, tuple[Line, ...]]] = {}
    for line in configuration.find(r"(?:object|object-group)(?: ip| ipv6)? \S+ \S"):
        words = line.text.split()
        name = words[3] if words[1].lower() in ("ip", "ipv6") and len(words) > 3 else words[2]
        own = tuple(configuration.descendants(line))
        known = blocks.get(name)
        blocks[name] = (line, own if known is None else (*known[1], *own))
    names: dict[str, str] = {}
    for line in configuration.find(r"name \d+\.\d+\.\d+\.\d+ \S"):
        words = line.text.split()
        names[words[2].lower()] = words[1]
    return ObjectGroups(blocks, names)
