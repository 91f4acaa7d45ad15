"""The estate: whose, where, which device, what it looked like last. Ports are split by who uses them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from natvakt_server.domain.registry import Role
from natvakt_server.domain.rights import EVERYWHERE, Scope

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Customer:
    tenant: str  # slug, fixed at creation
    name: str
    language: str = "sv"  # sv | en
    time_zone: str = "Europe/Stockholm"
    schedule: str | None = None  # weekly | monthly | quarterly; None: on demand only
    created_ns: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    tenant: str
    site: str  # slug
    name: str
    created_ns: int = 0


@dataclass(frozen=True, slots=True)
class Device:
    """An estate device. `id` is the estate's; time series carry the agent's ids, `agent_devices` maps them."""

    id: str
    tenant: str
    site: str
    name: str
    address: str
    role: Role
    vendor: str | None = None
    os: str | None = None
    version: str | None = None
    model: str | None = None
    serial: str | None = None
    engine_id: str | None = None
    base_mac: str | None = None
    first_seen_ns: int = 0
    last_seen_ns: int = 0
    agent_devices: tuple[str, ...] = ()
    origin: str = ""  # id of the first device of those whose place this one took; empty: it took nobody's


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The newest whole state of one table of one device. `confirmed_ns`: last time it was seen, changed or not."""

    kind: str
    observed_ns: int
    confirmed_ns: int
    digest: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class SnapshotVersion:
    """One state a table of a device was in, and the first and last time it was read in full."""

    kind: str
    digest: str
    first_observed_ns: int
    last_observed_ns: int
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class DocumentEffect:
    """A state document opened from a batch. `rows` None: still the same as `digest`."""

    agent_device: str
    kind: str
    observed_ns: int
    digest: str
    rows: Sequence[Row] | None


class EstateReader(Protocol):
    """Every read names the tenant: there is no way to ask for everybody's devices by accident."""

    def customers(self) -> Sequence[Customer]: ...
    def customer(self, tenant: str) -> Customer | None: ...
    def sites(self, tenant: str) -> Sequence[Site]: ...
    def devices(self, tenant: str, site: str | None = None) -> Sequence[Device]: ...
    def device(self, tenant: str, device_id: str) -> Device | None: ...
    def snapshot(self, tenant: str, device_id: str, kind: str) -> Snapshot | None: ...
    def snapshots(self, tenant: str, device_id: str) -> Sequence[Snapshot]: ...
    def site_snapshots(self, tenant: str, site: str, kind: str) -> Sequence[Snapshot]:
        """The newest of this kind of every device of a site that has one, the newest first."""
        ...

    def site_rows(self, tenant: str, site: str, kinds: Sequence[str]) -> Mapping[str, Mapping[str, Sequence[Row]]]:
        """By kind and device, the newest rows of these tables; devices that were replaced are left out."""
        ...


class EstateAdministration(Protocol):
    def add_customer(self, customer: Customer) -> None: ...
    def add_site(self, site: Site) -> None: ...
    def set_schedule(self, tenant: str, schedule: str | None) -> None: ...
    def set_role(self, tenant: str, device_id: str, role: Role) -> None: ...


class EstateHistory(Protocol):
    def versions(self, tenant: str, device_id: str, kind: str) -> Sequence[SnapshotVersion]:
        """Every state of this table there ever was, oldest first; kept for `device` and `component`."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerOverview:
    """One tile. `stale_devices` were seen, but not since the moment asked about; `silent_devices` never."""

    customer: Customer
    sites: int
    devices: int
    stale_devices: int
    silent_devices: int
    agents: int
    silent_agents: int
    assessment_id: str | None
    assessed_ns: int | None
    scores: Mapping[str, float | None]
    coverage: Mapping[str, float | None]
    counts: Mapping[str, int] = field(default_factory=dict)  # findings of that assessment by severity
    previous_scores: Mapping[str, float | None] = field(default_factory=dict)  # of the assessment before, for the trend


@dataclass(frozen=True, slots=True)
class SiteOverview:
    site: Site
    devices: int
    stale_devices: int
    silent_devices: int
    agents: int
    silent_agents: int
    agent_seen_ns: int | None


class EstateOverview(Protocol):
    """First screenfuls, each one statement. `fresh_since_ns`: what was last seen before that moment is stale or silent."""

    def customers_overview(self, fresh_since_ns: int, tenant: str | None = None) -> Sequence[CustomerOverview]:
        """Of one customer, or of all."""
        ...

    def sites_overview(self, tenant: str, fresh_since_ns: int) -> Sequence[SiteOverview]: ...


@dataclass(frozen=True, slots=True)
class SearchHit:
    """What a search found. `kind`: customer, site or device; `detail` is the text that matched where it is not the name."""

    kind: str
    tenant: str
    customer: str
    site: str
    id: str  # of the device; empty for customers and sites
    name: str
    detail: str


class EstateSearch(Protocol):
    def search(self, text: str, limit: int = 50, scope: Scope = EVERYWHERE) -> Sequence[SearchHit]:
        """Within the scope: customers, sites and devices whose name, slug, address, serial or model contains the text, whatever its case.

        A fixed number of statements. The text is only ever text: wildcards in it match themselves.
        """
        ...
