"""Customers, sites and devices inside a scope."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.assessment import Assessment, AssessmentStore
from natvakt_server.domain.estate import (
    Customer,
    CustomerOverview,
    Device,
    EstateHistory,
    EstateOverview,
    EstateReader,
    EstateSearch,
    Row,
    SearchHit,
    Site,
    SiteOverview,
    Snapshot,
    SnapshotVersion,
)
from natvakt_server.domain.rights import EVERYWHERE, Scope

COMPARED = 2  # the newest assessment and the one before it
LOOK_BACK = 50
FEW = 3


@dataclass(frozen=True, slots=True)
class WalledEstate:
    inner: EstateReader
    scope: Scope

    def customers(self) -> Sequence[Customer]:
        return [customer for customer in self.inner.customers() if self.scope.touches(customer.tenant)]

    def customer(self, tenant: str) -> Customer | None:
        return self.inner.customer(tenant) if self.scope.touches(tenant) else None

    def sites(self, tenant: str) -> Sequence[Site]:
        if not self.scope.touches(tenant):
            return []
        return [site for site in self.inner.sites(tenant) if self.scope.holds(tenant, site.site)]

    def devices(self, tenant: str, site: str | None = None) -> Sequence[Device]:
        if not self.scope.touches(tenant) or (site is not None and not self.scope.holds(tenant, site)):
            return []
        return [device for device in self.inner.devices(tenant, site) if self.scope.holds(tenant, device.site)]

    def device(self, tenant: str, device_id: str) -> Device | None:
        if not self.scope.touches(tenant):
            return None
        device = self.inner.device(tenant, device_id)
        return device if device is not None and self.scope.holds(tenant, device.site) else None

    def snapshot(self, tenant: str, device_id: str, kind: str) -> Snapshot | None:
        return self.inner.snapshot(tenant, device_id, kind) if self.holds_device(tenant, device_id) else None

    def snapshots(self, tenant: str, device_id: str) -> Sequence[Snapshot]:
        return self.inner.snapshots(tenant, device_id) if self.holds_device(tenant, device_id) else []

    def site_snapshots(self, tenant: str, site: str, kind: str) -> Sequence[Snapshot]:
        return self.inner.site_snapshots(tenant, site, kind) if self.scope.holds(tenant, site) else []

    def site_rows(self, tenant: str, site: str, kinds: Sequence[str]) -> Mapping[str, Mapping[str, Sequence[Row]]]:
        return self.inner.site_rows(tenant, site, kinds) if self.scope.holds(tenant, site) else {kind: {} for kind in kinds}

    def holds_device(self, tenant: str, device_id: str) -> bool:
        """The store walls customers itself; only where single sites are held it has to be asked where the device stands."""
        return self.scope.covers(tenant) or self.device(tenant, device_id) is not None


@dataclass(frozen=True, slots=True)
class WalledHistory:
    inner: EstateHistory
    estate: WalledEstate

    def versions(self, tenant: str, device_id: str, kind: str) -> Sequence[SnapshotVersion]:
        return self.inner.versions(tenant, device_id, kind) if self.estate.holds_device(tenant, device_id) else []


@dataclass(frozen=True, slots=True)
class WalledOverview:
    """Counts are those of the sites inside; scores those of assessments that speak of nothing else."""

    inner: EstateOverview
    assessments: AssessmentStore
    scope: Scope

    def customers_overview(self, fresh_since_ns: int, tenant: str | None = None) -> Sequence[CustomerOverview]:
        found = [
            overview
            for each in asked(self.scope, tenant)
            for overview in self.inner.customers_overview(fresh_since_ns, each)
            if self.scope.touches(overview.customer.tenant)
        ]
        return [each if self.scope.covers(each.customer.tenant) else self._narrowed(each.customer, fresh_since_ns) for each in found]

    def sites_overview(self, tenant: str, fresh_since_ns: int) -> Sequence[SiteOverview]:
        if not self.scope.touches(tenant):
            return []
        return [each for each in self.inner.sites_overview(tenant, fresh_since_ns) if self.scope.holds(tenant, each.site.site)]

    def _narrowed(self, customer: Customer, fresh_since_ns: int) -> CustomerOverview:
        sites = self.sites_overview(customer.tenant, fresh_since_ns)
        history = self.assessments.history(customer.tenant, LOOK_BACK)
        inside = [each for each in history if within(self.scope, customer.tenant, each.sites)][:COMPARED]
        newest: Assessment | None = inside[0] if inside else None
        return CustomerOverview(
            customer=customer,
            sites=len(sites),
            devices=sum(each.devices for each in sites),
            stale_devices=sum(each.stale_devices for each in sites),
            silent_devices=sum(each.silent_devices for each in sites),
            agents=sum(each.agents for each in sites),
            silent_agents=sum(each.silent_agents for each in sites),
            assessment_id=newest.id if newest else None,
            assessed_ns=newest.made_ns if newest else None,
            scores=newest.scores if newest else {},
            coverage=newest.coverage if newest else {},
            counts=newest.counts if newest else {},
            previous_scores=inside[1].scores if len(inside) == COMPARED else {},
        )


@dataclass(frozen=True, slots=True)
class WalledSearch:
    inner: EstateSearch
    scope: Scope

    def search(self, text: str, limit: int = 50, scope: Scope = EVERYWHERE) -> Sequence[SearchHit]:
        """A scope that is asked for narrows the wall's own and never widens it."""
        return self.inner.search(text, limit, self.scope.shared_with(scope))


def asked(scope: Scope, tenant: str | None) -> Sequence[str | None]:
    """Whose rows to ask a store for. Few customers one by one; of many all rows, once (None), for the caller to choose from."""
    if tenant is not None:
        return [tenant] if scope.touches(tenant) else []
    return [None] if len(scope.touched) > FEW else sorted(scope.touched)


def within(scope: Scope, tenant: str, sites: Collection[str]) -> bool:
    """Everything that speaks of these sites, and of no other; of no site in particular means of the customer as a whole."""
    return scope.covers(tenant) or (bool(sites) and all(scope.holds(tenant, site) for site in sites))
