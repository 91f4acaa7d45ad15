"""Who stands behind whom: the devices of a site as they see each other, and who explains that another does not answer.

There is no fixed tree. Whoever answers can be reached; of those who do not, the ones beside somebody who answers are causes, and the
others stand behind them. That holds for rings and double uplinks as it does for trees, and wherever the agent hangs.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_server.domain.estate import Row
from natvakt_server.domain.neighbours import host_part
from natvakt_server.domain.registry import Role

ENTRY_ORDER = (Role.CORE, Role.DISTRIBUTION, Role.FIREWALL, Role.WAN_EDGE, Role.ROUTER, Role.ACCESS)
"""Where nobody at all answers, the most central device is named as the cause."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A device as monitoring sees it. `agent_devices`: what the agents call it."""

    id: str
    name: str
    role: Role
    agent_devices: tuple[str, ...] = ()
    address: str = ""
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Cable:
    """From a port (its ifIndex) of a device to the device there."""

    device: str
    port: str
    far: str


@dataclass(frozen=True, slots=True)
class Network:
    """`beside`: by device, those at the other ends of its cables, whoever told it. `ports`: (device, ifIndex) to the device there."""

    devices: Mapping[str, Watched]
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ports: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def near(self, device: str) -> frozenset[str]:
        return self.beside.get(device, frozenset())

    def behind(self, start: str, silent: Collection[str]) -> frozenset[str]:
        """`start` and every silent device it hangs together with."""
        part, border = {start}, [start]
        while border:
            for there in self.near(border.pop()) - part:
                if there in silent:
                    part.add(there)
                    border.append(there)
        return frozenset(part)

    def entry(self, candidates: Iterable[str]) -> str:
        """The most central of them."""

        def rank(device: str) -> tuple[int, int, str]:
            role = self.devices[device].role if device in self.devices else None
            place = ENTRY_ORDER.index(role) if role in ENTRY_ORDER else len(ENTRY_ORDER)
            return place, -len(self.near(device)), device

        return min(candidates, key=rank)

    def cause(self, device: str, silent: Collection[str], answering: Collection[str]) -> str:
        """Who explains that `device` does not answer; itself, where nobody else does."""
        if self.near(device) & set(answering):
            return device
        if not answering and len(silent) > 1:
            return self.entry(silent)
        part = self.behind(device, silent)
        edge = sorted(each for each in part if self.near(each) & set(answering))
        return self._nearest(device, part, edge) if edge else self.entry(part)

    def _nearest(self, device: str, part: frozenset[str], edge: Sequence[str]) -> str:
        ring, seen = {device}, {device}
        while ring:
            found = sorted(ring & set(edge))
            if found:
                return self.entry(found)
            ring = {there for here in ring for there in self.near(here) & part} - seen
            seen |= ring
        return device


def network(devices: Sequence[Watched], neighbours: Mapping[str, Sequence[Row]]) -> Network:
    """`neighbours`: rows of the table of that name, by device. Neighbours that are not watched are left out."""
    return with_cables(Network({each.id: each for each in devices}), _cables(devices, neighbours))


def with_cables(known: Network, cables: Iterable[Cable]) -> Network:
    """With more of them, between devices that are known."""
    beside = {device: set(known.near(device)) for device in known.devices}
    ports = dict(known.ports)
    for cable in cables:
        beside[cable.device].add(cable.far)
        beside[cable.far].add(cable.device)
        ports[cable.device, cable.port] = cable.far
    return Network(known.devices, {device: frozenset(found) for device, found in beside.items()}, ports)


def _cables(devices: Sequence[Watched], neighbours: Mapping[str, Sequence[Row]]) -> Iterator[Cable]:
    named = {host_part(each.name): each.id for each in reversed(devices)}
    known = {each.id for each in devices}
    for device, rows in neighbours.items():
        for row in rows:
            far = named.get(host_part(str(row.get("remote_name") or "")))
            if far is not None and far != device and device in known:
                yield Cable(device, str(row.get("local_ifIndex")), far)
