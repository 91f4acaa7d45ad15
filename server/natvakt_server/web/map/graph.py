"""How a site hangs together, as nodes and links that a page can draw: by cable (layer 2) or by network (layer 3). Pure.

Layer 2 is what CDP and LLDP tell, from both ends; a neighbour that is not polled is drawn too. Layer 3 is which device has an address in
which network (IP-MIB). Places are made here, one row for each kind of device, so that the same site always looks the same.
"""

import ipaddress
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.analysis.interfaces import SHORT_NAMES
from natvakt_server.domain.estate import Device, Row
from natvakt_server.domain.neighbours import host_part
from natvakt_server.domain.registry import Role

ROWS = (
    (Role.WAN_EDGE, Role.ROUTER),
    (Role.FIREWALL,),
    (Role.CORE,),
    (Role.DISTRIBUTION,),
    (Role.ACCESS, Role.WLC, Role.VOICE_GATEWAY, Role.CALL_SERVER, Role.SERVER, Role.UPS),
)
NETWORKS, NOT_POLLED = len(ROWS), len(ROWS) + 1
"""The rows below those of devices."""
STEP_X, STEP_Y, MOST_IN_A_ROW, MOST_ALONE = 170, 130, 12, 3
LEAST_PREFIX = {4: 30, 6: 126}
"""Networks as small as a cable between two are drawn as that cable."""


@dataclass(frozen=True, slots=True)
class Node:
    """`device`: the estate's id, empty for networks and neighbours that are not polled."""

    key: str
    label: str
    kind: str  # device | network | neighbour
    row: int
    device: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Between two nodes; `near` and `far` are the ports or addresses at its ends."""

    source: str
    target: str
    near: str = ""
    far: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: Sequence[Node]
    links: Sequence[Link]

    def gathered(self, name: Callable[[int], str]) -> "Graph":
        """For drawing: neighbours that are not polled and hang on one device alone are one node there, when they are many."""
        hanging: dict[str, list[str]] = {}
        joined: dict[str, set[str]] = {}
        for link in self.links:
            joined.setdefault(link.source, set()).add(link.target)
            joined.setdefault(link.target, set()).add(link.source)
        for node in self.nodes:
            if node.kind == "neighbour" and len(joined.get(node.key, ())) == 1:
                hanging.setdefault(next(iter(joined[node.key])), []).append(node.key)
        many = {device: keys for device, keys in hanging.items() if len(keys) > MOST_ALONE}
        gone = {key for keys in many.values() for key in keys}
        nodes = [node for node in self.nodes if node.key not in gone]
        nodes += [Node(f"neighbours of {device}", name(len(keys)), "neighbour", NOT_POLLED) for device, keys in many.items()]
        links = [link for link in self.links if not gone & {link.source, link.target}]
        links += [Link(device, f"neighbours of {device}") for device in many]
        return Graph(nodes, links)

    def places(self) -> Mapping[str, tuple[int, int]]:
        """Where each node is drawn: rows from the edge of the site inwards, each row in the order of what it hangs on above."""
        near: dict[str, list[str]] = {}
        for link in self.links:
            near.setdefault(link.source, []).append(link.target)
            near.setdefault(link.target, []).append(link.source)
        placed: dict[str, tuple[int, int]] = {}
        line = 0
        for row in sorted({node.row for node in self.nodes}):
            members = [node for node in self.nodes if node.row == row]
            members.sort(key=lambda node: (_middle(near.get(node.key, ()), placed), node.label.casefold(), node.key))
            for start in range(0, len(members), MOST_IN_A_ROW):
                part = members[start : start + MOST_IN_A_ROW]
                left = -STEP_X * (len(part) - 1) // 2
                placed |= {node.key: (left + place * STEP_X, line * STEP_Y) for place, node in enumerate(part)}
                line += 1
        return placed


def by_cable(devices: Sequence[Device], neighbours: Mapping[str, Sequence[Row]]) -> Graph:
    """`neighbours`: rows of the table of that name by device. What CDP and LLDP, or both ends, tell of one cable is one link."""
    named = {host_part(device.name): device.id for device in reversed(devices)}
    nodes = {device.id: _node(device) for device in devices}
    cables: dict[frozenset[str], list[dict[str, str]]] = {}
    for device, rows in sorted(neighbours.items()):
        for row in rows if device in nodes else ():
            told = str(row.get("remote_name") or row.get("remote_address") or "")
            far = named.get(host_part(told)) or f"neighbour {host_part(told)}"
            if not told or far == device:
                continue
            nodes.setdefault(far, Node(far, told, "neighbour", NOT_POLLED))
            ends = {device: short(str(row.get("local_port") or "")), far: short(str(row.get("remote_port") or ""))}
            known = cables.setdefault(frozenset(ends), [])
            if not any(_is_same_cable(ends, each) for each in known):
                known.append(ends)
    links = [Link(*ends, *ends.values()) for each in cables.values() for ends in each]
    return Graph(list(nodes.values()), links)


def _is_same_cable(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """A port has one cable, however the far end is spelled."""
    return any(port == other[device] for device, port in one.items() if port) or not any(one.values())


def by_network(devices: Sequence[Device], addresses: Mapping[str, Sequence[Row]]) -> Graph:
    """`addresses`: rows of the table `address` by device. Loopback, link-local and host addresses join nobody and are left out."""
    nodes = {device.id: _node(device) for device in devices}
    members: dict[ipaddress.IPv4Network | ipaddress.IPv6Network, list[tuple[str, str]]] = {}
    for device, rows in sorted(addresses.items()):
        for address in _interfaces(rows) if device in nodes else ():
            members.setdefault(address.network, []).append((device, str(address.ip)))
    links: list[Link] = []
    for network, inside in sorted(members.items(), key=lambda each: (each[0].version, each[0])):
        if network.prefixlen >= LEAST_PREFIX[network.version] and len(inside) == 2 and inside[0][0] != inside[1][0]:
            (source, near), (target, far) = inside
            links.append(Link(source, target, near, far))
            continue
        key = f"network {network}"
        nodes[key] = Node(key, str(network), "network", NETWORKS)
        links += [Link(device, key, address) for device, address in inside]
    return Graph(list(nodes.values()), links)


def short(port: str) -> str:
    """As Cisco abbreviates: `GigabitEthernet1/0/1` -> `Gi1/0/1`. What has no such name stays as it was told."""
    for long_form, abbreviation in SHORT_NAMES:
        if port.casefold().startswith(long_form):
            return abbreviation.capitalize() + port[len(long_form) :]
    return port


def _interfaces(rows: Sequence[Row]) -> Iterator[ipaddress.IPv4Interface | ipaddress.IPv6Interface]:
    for row in rows:
        try:
            found = ipaddress.ip_interface(f"{row.get('address')}/{row.get('prefix_length')}")
        except ValueError:
            continue  # no prefix was told, or the text is none: it joins nobody
        if not (found.is_loopback or found.is_link_local or found.network.prefixlen == found.max_prefixlen):
            yield found


def _node(device: Device) -> Node:
    row = next((place for place, roles in enumerate(ROWS) if device.role in roles), len(ROWS) - 1)
    return Node(device.id, device.name or device.address, "device", row, device.id)


def _middle(near: Sequence[str], placed: Mapping[str, tuple[int, int]]) -> float:
    above = [placed[each][0] for each in near if each in placed]
    return sum(above) / len(above) if above else 0.0
