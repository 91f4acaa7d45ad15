"""A site in made-up time: its devices, its cables, who is broken from when to when, and an agent that asks every minute."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from natvakt_server.domain.incidents import Incident, Maintenance, Member
from natvakt_server.domain.notification import Kind, Occasion
from natvakt_server.domain.observation import Aspect, Observed
from natvakt_server.domain.registry import Role
from natvakt_server.monitoring.facts import SiteFacts
from natvakt_server.monitoring.memory import SiteState, packed, unpacked
from natvakt_server.monitoring.network import Network, Watched, network
from natvakt_server.monitoring.site import look

SECOND, MINUTE, HOUR = 1_000_000_000, 60_000_000_000, 3_600_000_000_000
NIGHT_NS = 1_795_600_000 * SECOND
ROLES = {"core": Role.CORE, "dist": Role.DISTRIBUTION, "acc": Role.ACCESS, "edge": Role.WAN_EDGE, "srv": Role.SERVER}


def role_of(name: str) -> Role:
    return next((role for start, role in ROLES.items() if name.startswith(start)), Role.ACCESS)


def watched(names: Iterable[str]) -> list[Watched]:
    return [Watched(name, name, role_of(name), (f"agent-{name}",)) for name in names]


def cabled(names: Sequence[str], cables: Iterable[tuple[str, str]]) -> Network:
    """Each cable as both ends tell it; a device's ports are numbered in the order of its cables."""
    rows: dict[str, list[Mapping[str, object]]] = {}
    for one, other in cables:
        for near, far in ((one, other), (other, one)):
            told = rows.setdefault(near, [])
            told.append({"protocol": "lldp", "local_ifIndex": len(told) + 1, "remote_name": f"{far}.example.net"})
    return network(watched(names), rows)


def answer(device: str, time_ns: int, is_up: bool, method: str = "icmp") -> Observed:
    return Observed(f"agent-{device}", Aspect.ANSWER, method, [time_ns], [float(is_up)])


def ports(device: str, time_ns: int, down: Sequence[int] = ()) -> Observed:
    return Observed(f"agent-{device}", Aspect.PORTS, ",".join(sorted(map(str, down))), [time_ns], [float(len(down))])


@dataclass
class WatchedSite:
    """One site under the pure core. Everything passes through the state's stored form, as it does in the job."""

    network: Network
    site: str = "hq"
    now_ns: int = NIGHT_NS
    heard_ns: int = NIGHT_NS
    listening_ns: int = 0
    maintenances: Sequence[Maintenance] = ()
    state: bytes = b""
    incidents: dict[str, Incident] = field(default_factory=dict)
    members: dict[str, Sequence[Member]] = field(default_factory=dict)
    occasions: list[Occasion] = field(default_factory=list)
    undecided: int = 0
    ids: Iterable[int] = field(default_factory=lambda: count(1))

    def look(self, observed: Iterable[Observed] = (), at_ns: int | None = None, is_heard: bool = True) -> None:
        self.now_ns = self.now_ns if at_ns is None else at_ns
        self.heard_ns = self.now_ns if is_heard else self.heard_ns
        facts = SiteFacts("acme", self.site, self.site, self.network, self.heard_ns, self.listening_ns, self.maintenances)
        seen = look(unpacked(self.state), facts, observed, self.now_ns, lambda: f"{self.site}-{next(iter(self.ids))}")
        self.state, self.undecided = packed(seen.state), seen.undecided
        for change in seen.told.changes:
            self.incidents[change.incident.id] = change.incident
            self.members[change.incident.id] = change.members
        known = {each.key for each in self.occasions}
        self.occasions.extend(each for each in seen.told.occasions if each.key not in known)

    @property
    def open(self) -> list[Incident]:
        return [each for each in self.incidents.values() if each.is_open]

    def causes(self) -> set[tuple[str, str]]:
        """What stands as an incident of its own, open or over: cause and device."""
        return {(each.cause.value, each.device) for each in self.incidents.values() if not each.merged}

    def under(self, device: str) -> set[str]:
        """Devices that the incidents of this device explain."""
        found = [each.id for each in self.incidents.values() if each.device == device and not each.merged]
        return {member.device for each in found for member in self.members[each]}

    def opened(self) -> list[tuple[str, str]]:
        return [(each.cause, each.devices[0]) for each in self.occasions if each.kind is Kind.OPENED]

    def remembered(self) -> SiteState:
        return unpacked(self.state)


def polls(
    names: Sequence[str],
    start_ns: int,
    minutes: int,
    down: Mapping[str, tuple[int, int]],
    phase_seconds: Mapping[str, int] | None = None,
) -> list[Observed]:
    """Every device once a minute, each at its own second of it. `down`: seconds from the start in which a device does not answer."""
    phases = phase_seconds or {name: (7 * number) % 55 for number, name in enumerate(names)}
    found = []
    for minute in range(minutes):
        for name in names:
            second = 60 * minute + phases[name]
            since, until = down.get(name, (0, 0))
            found.append(answer(name, start_ns + second * SECOND, not since <= second < until))
    return sorted(found, key=lambda each: each.times_ns[0])


def renamed(incident: Incident) -> Incident:
    """Without what differs between two runs that are the same otherwise."""
    return replace(incident, id="")
