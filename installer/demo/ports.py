"""Interface rows from port ranges: cables and endpoints decide what is up, described and busy; the rest is shut down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from demo.device import Identity, Interface, InterfaceType, Traffic
from demo.estate import Seen, cables_of, endpoints_of, long_name
from demo.load import LoadCurve
from demo.world import World

PHONE_IN_OCTETS_PER_SECOND = 42_000.0
PHONE_OUT_OCTETS_PER_SECOND = 160_000.0
ACCESS_POINT_IN_OCTETS_PER_SECOND = 210_000.0
ACCESS_POINT_OUT_OCTETS_PER_SECOND = 900_000.0


@dataclass(frozen=True, slots=True)
class PortRange:
    """Ports `prefix``first` to `prefix``last` of one speed."""

    prefix: str
    first: int
    last: int
    speed_mbps: int = 1000


@dataclass(slots=True)
class PortFactory:
    """Numbers the interfaces of one device and knows what each is plugged into."""

    world: World
    identity: Identity
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _next_index: int = 1

    def ethernet(self, ranges: Sequence[PortRange]) -> list[Interface]:
        """All ports of these ranges, with the changes asked for by name."""
        cables = {seen.local.port: seen for seen in cables_of(self.identity.name)}
        endpoints = {endpoint.port: endpoint for endpoint in endpoints_of(self.identity.name)}
        rows = []
        for span in ranges:
            for number in range(span.first, span.last + 1):
                name = f"{span.prefix}{number}"
                row = Interface(self._index(), name, long_name(name), speed_mbps=span.speed_mbps, mac=self._mac())
                if name in cables:
                    row = self._cabled(row, cables[name])
                elif name in endpoints:
                    row = self._endpoint(row, number, endpoints[name].name, endpoints[name].is_phone)
                elif name not in self.changes:
                    row = replace(row, admin_up=False, up=2)
                rows.append(replace(row, **self.changes.get(name, {})))
        return rows

    def logical(self, name: str, kind: InterfaceType, alias: str = "", **facts: Any) -> Interface:
        """A port-channel, VLAN interface, loopback, tunnel."""
        settings: dict[str, Any] = {"connector": False, "kind": kind, "alias": alias, "mac": self._mac()} | facts
        return Interface(self._index(), name, long_name(name), **settings)

    def bundle(self, name: str, members: Sequence[Interface], alias: str) -> Interface:
        """A port-channel that carries what its members carry together."""
        speed = sum(member.speed_mbps for member in members)
        flows = [member.traffic for member in members if member.traffic is not None]
        total = Traffic(flows[0].curve, sum(flow.in_octets_per_second for flow in flows), sum(flow.out_octets_per_second for flow in flows))
        return self.logical(name, InterfaceType.PROP_VIRTUAL, alias, speed_mbps=speed, traffic=total)

    def _cabled(self, row: Interface, seen: Seen) -> Interface:
        curve = cable_curve(self.world, seen.local.device, seen.far.device)
        traffic = Traffic(curve, seen.in_octets_per_second, seen.out_octets_per_second)
        return replace(row, alias=f"{seen.far.device} {seen.far.port}", duplex=seen.local.duplex, traffic=traffic)

    def _endpoint(self, row: Interface, number: int, name: str, is_phone: bool) -> Interface:
        curve = self.world.offices[number % len(self.world.offices)]
        if is_phone:
            return replace(row, traffic=Traffic(curve, PHONE_IN_OCTETS_PER_SECOND, PHONE_OUT_OCTETS_PER_SECOND))
        return replace(row, alias=name, traffic=Traffic(curve, ACCESS_POINT_IN_OCTETS_PER_SECOND, ACCESS_POINT_OUT_OCTETS_PER_SECOND))

    def _index(self) -> int:
        index = self._next_index
        self._next_index += 1
        return index

    def _mac(self) -> bytes:
        return (int.from_bytes(self.identity.base_mac, "big") + self._next_index).to_bytes(6, "big")


def cable_curve(world: World, one: str, other: str) -> LoadCurve:
    """The load curve of the cables between two devices, the same one at both ends."""
    return world.servers[sum(map(ord, one + other)) % len(world.servers)]
