"""What rules ask of one configuration, each question worked out once for all rules.

    text ── parse ─► Configuration ── Reading ── find / setting / interfaces / access_lists / login_lines ...

Lines at the top of the text are found by their first word (or the one behind `no`), so that a pattern costs the lines it could match and
not the whole text, however long it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from natvakt_server.analysis.configuration.access_lists import AccessList, read_access_lists
from natvakt_server.analysis.configuration.interfaces import Interface, read_interfaces
from natvakt_server.analysis.configuration.login_lines import LoginLine, read_login_lines
from natvakt_server.analysis.configuration.outside import outside_interfaces
from natvakt_server.domain.configuration.dialects import dialect_of, marked
from natvakt_server.domain.configuration.model import Configuration, Kind, Line, Trouble
from natvakt_server.domain.configuration.ranges import expand_numbers
from natvakt_server.domain.registry import Role

_HEAD = re.compile(r"(?:\(\?:no \)\?|no )?([a-z][a-z0-9-]*)(?= |\$|\\b|\\s)")
_VERSION = re.compile(r"(?:ASA Version|version|!! IOS XR Configuration(?: version =)?) ?(\d+)\.(\d+)", re.IGNORECASE)
_UNCLOSED = (Trouble.UNCLOSED_BANNER, Trouble.UNCLOSED_BLOCK, Trouble.UNCLOSED_CERTIFICATE)
SWITCH_ROLES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))


@dataclass(frozen=True, slots=True)
class Setting:
    """What the last line about something says; `line` is None where no line does and `on` is the default."""

    on: bool
    line: Line | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.line,) if self.line is not None else ()


class Reading:
    """One configuration as rules read it. `role` and `version` as somebody said, or None."""

    def __init__(self, configuration: Configuration, system: str, role: Role | None = None, version: str | None = None) -> None:
        self.configuration = configuration
        self.system = system
        self.role = role
        self._version = version

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.configuration.children():
            words = line.text.split(maxsplit=2)
            word = words[1] if words[0].lower() == "no" and len(words) > 1 else words[0]
            found.setdefault(word.lower(), []).append(line)
        return found

    def find(self, pattern: str, within: Line | None = None) -> list[Line]:
        """Commands that match from their start, whatever their case: at the top of the text, or directly below a line."""
        if within is not None:
            return self.configuration.find(pattern, within=within)
        head = _HEAD.match(pattern)
        if head is None:
            return self.configuration.find(pattern)
        wanted = re.compile(pattern, re.IGNORECASE)
        return [line for line in self._by_word.get(head[1], ()) if wanted.match(line.text)]

    def below(self, section: str, pattern: str) -> list[Line]:
        """Commands at any depth below the sections that match."""
        return [line for head in self.find(section) for line in self.inside(head, pattern)]

    def inside(self, head: Line, pattern: str) -> list[Line]:
        """Commands at any depth below one line."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return [line for line in self.configuration.descendants(head) if wanted.match(line.text)]

    def setting(self, command: str, *, default: bool = False, within: Line | None = None) -> Setting:
        """Whether the last of `command` and `no command` (or `default command`) turns it on; the default where neither stands."""
        lines = self.find(rf"(?:no )?{command}", within)
        if not lines:
            return Setting(default)
        return Setting(not lines[-1].text.lower().startswith("no "), lines[-1])

    @cached_property
    def release(self) -> tuple[int, int] | None:
        """First two numbers of the software, as somebody said or the text's own `version` line says."""
        said = re.match(r"\D*(\d+)\.(\d+)", self._version) if self._version else None
        if said is None:
            heads = (line for line in self.configuration.lines[:60] if line.kind in (Kind.COMMAND, Kind.COMMENT))
            said = next((found for line in heads if (found := _VERSION.match(line.text))), None)
        return (int(said[1]), int(said[2])) if said else None

    @cached_property
    def empty(self) -> bool:
        """Not one command: nothing was exported, or nothing was ever set."""
        return not any(line.kind is Kind.COMMAND for line in self.configuration.lines)

    @cached_property
    def foreign(self) -> bool:
        """The text bears marks of another system than it is said to be of: nothing in it may be judged."""
        looks = marked([line.text for line in self.configuration.lines[:400]])
        return looks is not None and looks.name != dialect_of(self.system).name

    @cached_property
    def incomplete(self) -> bool:
        """A block or a banner that never ends: what is absent may stand in what was cut off."""
        return any(problem.trouble in _UNCLOSED for problem in self.configuration.problems)

    @cached_property
    def interfaces(self) -> Sequence[Interface]:
        return read_interfaces(self.configuration, self.system, switches=self.role in SWITCH_ROLES)

    @cached_property
    def switches(self) -> bool:
        """Whether it forwards between ports of a VLAN: some port is a switch port."""
        return any(port.switchport for port in self.interfaces)

    @cached_property
    def may_switch(self) -> bool:
        """A switch, or a text that shows no interface and so nothing that says otherwise."""
        return self.switches or self.role in SWITCH_ROLES or (self.role is None and not self.interfaces)

    @cached_property
    def host_ports(self) -> Sequence[Interface]:
        """Ports in use where anybody may plug in."""
        return [port for port in self.interfaces if port.faces_hosts]

    @cached_property
    def host_vlans(self) -> frozenset[int]:
        """VLANs of people's computers and telephones; not a parking VLAN, on no trunk and without address."""
        found = {vlan for port in self.host_ports for vlan in (port.access_vlan, port.voice_vlan) if vlan is not None}
        trunks = [port for port in self.trunks if port.mode == "trunk"]
        if not trunks:
            return frozenset(found)
        routed = {
            int(name[1]) for port in self.interfaces if (name := re.match(r"vlan ?(\d+)$", port.name, re.IGNORECASE)) and not port.shut
        }
        return frozenset(vlan for vlan in found if vlan in routed or any(vlan in port.allowed_vlans for port in trunks))

    @cached_property
    def trunks(self) -> Sequence[Interface]:
        """Trunks in use; of a bundle its port channel, not its members."""
        return [port for port in self.interfaces if port.switchport and port.trunks and not port.shut and not self._is_member(port)]

    def _is_member(self, port: Interface) -> bool:
        group = port.last(r"channel-group \d")
        return group is not None and int(group.text.split()[1]) in self._channels

    @cached_property
    def _channels(self) -> frozenset[int]:
        found = (re.match(r"port-?channel ?(\d+)$|po(\d+)$", port.name, re.IGNORECASE) for port in self.interfaces)
        return frozenset(int(match[1] or match[2]) for match in found if match)

    def vlans(self, command: str) -> tuple[frozenset[int], Sequence[Line]]:
        """VLANs of all lines `command LIST`, less those of `no command LIST`; and the lines."""
        wanted: set[int] = set()
        lines = self.find(rf"(?:no )?{command} [\d,\- ]+$")
        for line in lines:
            try:
                numbers = expand_numbers(line.text.split()[-1])
            except ValueError:
                continue
            if line.text.lower().startswith("no "):
                wanted.difference_update(numbers)
            else:
                wanted.update(numbers)
        return frozenset(wanted), lines

    @cached_property
    def outside(self) -> Sequence[Interface]:
        """Interfaces to networks of others: marked so, of security level 0, or where the default route leaves to a public address."""
        return outside_interfaces(self.configuration, self.interfaces, self.system)

    @cached_property
    def access_lists(self) -> Mapping[str, AccessList]:
        """By name, IPv4 and IPv6 together: the names of the two do not meet on one device."""
        return read_access_lists(self.configuration)

    @cached_property
    def login_lines(self) -> Sequence[LoginLine]:
        return read_login_lines(self.configuration)

    @cached_property
    def vty(self) -> Sequence[LoginLine]:
        return [line for line in self.login_lines if line.kind == "vty"]
