"""Watches the sites: takes what batches brought, looks at each site it concerns, and writes what that changes in one transaction.

Driven by `step` on one thread. Several workers may do it: a site's memory has a revision, and who comes second looks again.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.estate import EstateReader
from natvakt_server.domain.identity import AgentRecord, AgentRegistry, AgentState
from natvakt_server.domain.incidents import Incident, IncidentBook, IncidentChange, IncidentWriter, Maintenance, SiteChange, SiteMemory
from natvakt_server.domain.notification import Kind, Occasion
from natvakt_server.domain.observation import Landed
from natvakt_server.jobs.port_names import PortNames, named, told
from natvakt_server.monitoring.attachments import attachments
from natvakt_server.monitoring.facts import SiteFacts
from natvakt_server.monitoring.memory import Forgotten, SiteState, packed, unpacked
from natvakt_server.monitoring.network import Cable, Network, Watched, network, with_cables
from natvakt_server.monitoring.policy import SILENT_AFTER_NS
from natvakt_server.monitoring.site import look

_log = logging.getLogger(__name__)
SECOND_NS = 1_000_000_000
MOST_LANDED = 5_000
EVERY_SECONDS = 10.0
NETWORK_LIFE_NS = 120 * SECOND_NS
"""How long a site's devices and cables are taken for known: a new discovery counts from then on."""
ATTACHMENT_LIFE_NS = 3600 * SECOND_NS
"""Address tables are large and read every few hours: where a server hangs is looked up once an hour."""
RESTLESS_LOOK_NS = 20 * SECOND_NS
"""How often a site where something is wrong or undecided is looked at without new data: maintenance begins and ends, waits run out."""
FORGET_EVERY_NS = 24 * 3600 * SECOND_NS
INCIDENT_LIFE_NS = 3 * 366 * 24 * 3600 * SECOND_NS
"""What agreements are reckoned from is kept for as long as agreements last."""
DEAF_AFTER_NS = 90 * SECOND_NS
FEWEST_TO_TELL = 3
"""Where so many agents fall silent all at once, it is the centre that does not hear."""

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class WatchParts:
    writer: IncidentWriter
    book: IncidentBook
    estate: EstateReader
    agents: AgentRegistry
    clock: Clock
    new_id: Callable[[], str]


@dataclass
class Hearing:
    """Since when the centre hears without a break. Nobody is called silent for a time in which nobody was listened to."""

    since_ns: int

    def update(self, watched: Sequence[AgentRecord], now_ns: int) -> None:
        newest_ns = max((agent.last_seen_ns for agent in watched), default=0)
        if len(watched) >= FEWEST_TO_TELL and now_ns - newest_ns > DEAF_AFTER_NS:
            self.since_ns = now_ns


@dataclass
class KnownSite:
    name: str
    network: Network
    port_names: PortNames
    read_ns: int
    looked_ns: int = 0
    is_restless: bool = True


@dataclass
class WatchTally:
    """Since the start."""

    looks: int = 0
    failures: int = 0
    incidents: int = 0


@dataclass
class Watch:
    parts: WatchParts
    tally: WatchTally = field(default_factory=WatchTally)
    _sites: dict[Place, KnownSite] = field(default_factory=dict)
    _attached: dict[Place, tuple[int, Sequence[Cable]]] = field(default_factory=dict)
    _hearing: Hearing | None = None
    _forgot_ns: int = 0

    def step(self) -> float:
        """One round over what landed and what is restless; answers the seconds until the next."""
        try:
            return self._round(self.parts.clock.wall_ns())
        except StoreUnavailable as error:
            _log.warning("monitoring waits for the database reason=%s", error)
            return EVERY_SECONDS

    def _round(self, now_ns: int) -> float:
        agents = [each for each in self.parts.agents.agents() if each.state is AgentState.ACTIVE and each.last_seen_ns]
        self._hearing = self._hearing or Hearing(now_ns)
        self._hearing.update(agents, now_ns)
        heard: dict[Place, int] = {}
        for agent in agents:
            heard[agent.tenant, agent.site] = max(heard.get((agent.tenant, agent.site), 0), agent.last_seen_ns)
        landed = self.parts.writer.landed(MOST_LANDED)
        by_site: dict[Place, list[Landed]] = {}
        for each in landed:
            by_site.setdefault((each.tenant, each.site), []).append(each)
        maintenances = self.parts.book.maintenances(None, now_ns)
        for place in sorted(by_site.keys() | self._due(heard, now_ns)):
            self._guarded(place, by_site.get(place, []), heard.get(place, 0), maintenances, now_ns)
        self.parts.writer.release_owners(now_ns, lambda incident: released(incident, now_ns))
        self._forget(now_ns)
        return 0.0 if len(landed) == MOST_LANDED else EVERY_SECONDS

    def _forget(self, now_ns: int) -> None:
        if now_ns - self._forgot_ns >= FORGET_EVERY_NS:
            self._forgot_ns = now_ns
            _log.info("incident retention rows=%d", self.parts.writer.expire_incidents(now_ns - INCIDENT_LIFE_NS))

    def _due(self, heard: Mapping[Place, int], now_ns: int) -> set[Place]:
        """Sites to look at even if nothing came: those that fall silent, and those where something is open."""
        assert self._hearing is not None
        silent = {place for place, heard_ns in heard.items() if now_ns - max(heard_ns, self._hearing.since_ns) > SILENT_AFTER_NS}
        known = {place for place in silent | self._sites.keys() if self._is_due(place, place in silent, now_ns)}
        return known | {place for place in heard if place not in self._sites}

    def _is_due(self, place: Place, is_silent: bool, now_ns: int) -> bool:
        site = self._sites.get(place)
        if site is None:
            return True
        return (site.is_restless or is_silent) and now_ns - site.looked_ns >= RESTLESS_LOOK_NS

    def _guarded(self, place: Place, landed: Sequence[Landed], heard_ns: int, planned: Sequence[Maintenance], now_ns: int) -> None:
        try:
            self._look(place, landed, heard_ns, planned, now_ns)
        except StoreUnavailable:
            raise
        except Exception:
            # The end of one site's look: what cannot be digested is passed over, so that it stops neither this site nor the others.
            _log.exception("monitoring failed tenant=%s site=%s batches=%d", *place, len(landed))
            self.tally.failures += 1
            memory = self.parts.writer.memory(*place)
            self.parts.writer.commit(SiteChange(*place, memory.state, memory.revision, _last_mark(landed)))

    def _look(self, place: Place, landed: Sequence[Landed], heard_ns: int, planned: Sequence[Maintenance], now_ns: int) -> None:
        assert self._hearing is not None
        site = self._site(place, now_ns)
        here = [each for each in planned if each.tenant == place[0] and each.site in ("", place[1])]
        facts = SiteFacts(*place, site.name, site.network, heard_ns, self._hearing.since_ns, here)
        memory = self.parts.writer.memory(*place)
        observed = [each for batch in landed for each in batch.observed]
        state, over = self._remembered(place, memory, now_ns)
        seen = look(state, facts, observed, now_ns, self.parts.new_id)
        changes = [*over, *(named(each, site.port_names) for each in seen.told.changes)]
        by_id = {each.incident.id: each for each in changes}
        occasions = [told(each, by_id) for each in seen.told.occasions]
        change = SiteChange(*place, packed(seen.state), memory.revision, _last_mark(landed), changes, occasions)
        if not self.parts.writer.commit(change):
            return
        site.looked_ns = now_ns
        site.is_restless = bool(seen.undecided) or any(not case.cleared_ns for case in seen.state.cases)
        self.tally.looks += 1
        self.tally.incidents += sum(occasion.kind is Kind.OPENED for occasion in seen.told.occasions)

    def _remembered(self, place: Place, memory: SiteMemory, now_ns: int) -> tuple[SiteState, Sequence[IncidentChange]]:
        """Where it cannot be read, monitoring begins anew: what was open is closed, and opened again if it is still wrong."""
        try:
            return unpacked(memory.state), ()
        except Forgotten as error:
            _log.error("monitoring begins anew tenant=%s site=%s reason=%s", *place, error)
        tenant, slug = place
        left = [each for each in self.parts.book.open_incidents(tenant) if each.site == slug]
        return SiteState(), [IncidentChange(replace(each, cleared_ns=now_ns), self.parts.book.members(tenant, each.id)) for each in left]

    def _with_attachments(self, place: Place, known: Network, now_ns: int) -> Network:
        read_ns, cables = self._attached.get(place, (0, ()))
        if now_ns - read_ns >= ATTACHMENT_LIFE_NS:
            arps, fdbs = (self.parts.writer.site_tables(*place, kind) for kind in ("arp", "fdb"))
            cables = attachments(known, arps, fdbs)
            self._attached[place] = now_ns, cables
        return with_cables(known, [each for each in cables if _still_there(each, known)])

    def _site(self, place: Place, now_ns: int) -> KnownSite:
        site = self._sites.get(place)
        if site is not None and now_ns - site.read_ns < NETWORK_LIFE_NS:
            return site
        tenant, slug = place
        watched = [
            Watched(each.id, each.name, each.role, each.agent_devices, each.address, each.base_mac or "")
            for each in self.parts.estate.devices(tenant, slug)
        ]
        neighbours = self.parts.writer.site_tables(tenant, slug, "neighbour")
        made = self._with_attachments(place, network(watched, neighbours), now_ns)
        if site is None:
            name = next((each.name for each in self.parts.estate.sites(tenant) if each.site == slug), slug)
            site = self._sites[place] = KnownSite(name, made, PortNames(self.parts.estate, tenant), now_ns)
        site.network, site.port_names, site.read_ns = made, PortNames(self.parts.estate, tenant), now_ns
        return site


def _still_there(cable: Cable, known: Network) -> bool:
    return cable.device in known.devices and cable.far in known.devices


def _last_mark(landed: Sequence[Landed]) -> int:
    return max((each.mark for each in landed), default=0)


def released(incident: Incident, now_ns: int) -> Occasion:
    """Whoever had it has had it for as long as was said, and it is still open."""
    return Occasion(
        key=f"{incident.id}/released/{incident.claims}",
        tenant=incident.tenant,
        site=incident.site,
        incident=incident.id,
        kind=Kind.UPDATED,
        severity=incident.severity,
        at_ns=now_ns,
        cause=incident.cause.value,
        devices=(incident.name,),
        suppressed=incident.members,
        facts={"acknowledgement": "ended"},
    )
