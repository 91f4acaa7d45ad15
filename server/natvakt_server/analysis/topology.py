"""The network as its devices see each other: links from CDP and LLDP of both ends, what one loss cuts off, who stands in for whom.

    neighbour tables ── links of every device ─► Topology ── adjacent, between ── cut_off_without(box or link)
    fhrp tables      ── groups by virtual address ─► standby_groups

A link is one whether one end told it or both; `confirmed` says which.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import Link, label, links, short
from natvakt_server.domain.registry import Role

Pair = frozenset[str]
STP_ROOTS = (Role.CORE, Role.DISTRIBUTION)


@dataclass(frozen=True, slots=True)
class End:
    device: str
    port: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A cable between two managed devices, its ends in order of device id."""

    ends: tuple[End, End]
    confirmed: bool

    @property
    def devices(self) -> Pair:
        return frozenset(end.device for end in self.ends)

    def end_at(self, device: str) -> End:
        return self.ends[0] if self.ends[0].device == device else self.ends[1]


@dataclass(frozen=True, slots=True)
class Topology:
    """`links`: by device, as that device told them. `adjacent`: by device, whoever told it."""

    links: Mapping[str, Sequence[Link]]
    edges: Sequence[Edge]
    adjacent: Mapping[str, frozenset[str]]

    def between(self, one: str, other: str) -> Sequence[Edge]:
        return [edge for edge in self.edges if edge.devices == {one, other}]

    def component(self, start: str, without: str | None = None, without_pair: Pair = frozenset()) -> frozenset[str]:
        """What `start` still reaches once a device, or all links between two devices, are gone."""
        part, border = {start}, [start]
        while border:
            here = border.pop()
            for there in self.adjacent.get(here, frozenset()) - part:
                if there != without and {here, there} != without_pair:
                    part.add(there)
                    border.append(there)
        return frozenset(part)

    def parts_without(self, removed: str) -> list[frozenset[str]]:
        """Connected parts of what was connected to `removed`, once it is gone; largest first."""
        left, parts = set(self.adjacent.get(removed, frozenset())), []
        while left:
            parts.append(self.component(min(left), without=removed))
            left -= parts[-1]
        return sorted(parts, key=lambda part: (-len(part), min(part)))

    def cut_off_without(self, one: str, other: str) -> frozenset[str]:
        """The smaller side once the only cable between two devices is gone; empty where there is another way."""
        if len(self.between(one, other)) != 1:
            return frozenset()
        side, rest = (self.component(start, without_pair=frozenset({one, other})) for start in (one, other))
        if other in side:
            return frozenset()
        return min(side, rest, key=lambda part: (len(part), min(part)))


def topology(evidence: Evidence) -> Topology:
    """Of all devices of the evidence; ask for it with `evidence.once(topology)`."""
    told = {device.id: tuple(links(device, evidence)) for device in evidence.devices}
    seen: dict[tuple[End, End], set[str]] = {}
    for device in evidence.devices:
        for link in told[device.id]:
            far = label(link.far_row) if link.far_row is not None else str(link.neighbour.get("remote_port") or "")
            ends = sorted(
                (End(device.id, short(label(link.near_row))), End(link.far.id, short(far))), key=lambda end: (end.device, end.port)
            )
            seen.setdefault((ends[0], ends[1]), set()).add(device.id)
    adjacent: dict[str, set[str]] = {device.id: set() for device in evidence.devices}
    for one, other in seen:
        adjacent[one.device].add(other.device)
        adjacent[other.device].add(one.device)
    edges = [Edge(ends, len(tellers) > 1) for ends, tellers in sorted(seen.items(), key=lambda item: _place(item[0]))]
    return Topology(told, edges, {device: frozenset(found) for device, found in adjacent.items()})


def _place(ends: tuple[End, End]) -> tuple[str, str, str, str]:
    return ends[0].device, ends[0].port, ends[1].device, ends[1].port


def intended_roots(device: Device, evidence: Evidence) -> Sequence[Device]:
    """The switches that ought to be the root where this one stands: the core ones of its site, without any the distribution ones."""
    for role in STP_ROOTS:
        found = [other for other in evidence.devices if other.site == device.site and other.role is role]
        if found:
            return found
    return ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One device's part in a group of gateways."""

    device: Device
    row: Row


def standby_groups(evidence: Evidence) -> Mapping[tuple[str, str, str], Sequence[Standing]]:
    """Devices that share a virtual gateway, by protocol, group and virtual address."""
    found: dict[tuple[str, str, str], list[Standing]] = {}
    for device in evidence.devices:
        for row in device.table("fhrp").rows:
            key = (str(row.get("protocol")), str(row.get("group")), str(row.get("virtual_address") or f"{device.id} {row.get('ifIndex')}"))
            found.setdefault(key, []).append(Standing(device, row))
    return found


def names(evidence: Evidence, ids: Iterable[str]) -> str:
    """Device names for people, in order."""
    return ", ".join(sorted(found.name for each in ids if (found := evidence.device(each)) is not None))
