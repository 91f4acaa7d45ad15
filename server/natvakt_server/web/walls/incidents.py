"""Incidents and maintenance inside a scope: of a site for who holds that site, of a whole customer for who holds all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.incidents import Acknowledgement, Incident, IncidentBook, Maintenance, Member, Tenants
from natvakt_server.domain.notification import Occasion
from natvakt_server.domain.rights import Scope
from natvakt_server.web.walls.outside import OutsideScope


@dataclass(frozen=True, slots=True)
class WalledIncidents:
    inner: IncidentBook
    scope: Scope

    def open_incidents(self, tenant: Tenants = None) -> Sequence[Incident]:
        return [each for each in self.inner.open_incidents(self._owners(tenant)) if self._holds(each)]

    def history(self, since_ns: int, limit: int, tenant: Tenants = None) -> Sequence[Incident]:
        return [each for each in self.inner.history(since_ns, limit, self._owners(tenant)) if self._holds(each)]

    def incident(self, tenant: str, incident_id: str) -> Incident | None:
        found = self.inner.incident(tenant, incident_id) if self.scope.touches(tenant) else None
        return found if found is not None and self._holds(found) else None

    def members(self, tenant: str, incident_id: str) -> Sequence[Member]:
        return self.inner.members(tenant, incident_id) if self.incident(tenant, incident_id) is not None else []

    def acknowledgements(self, tenant: str, incident_id: str) -> Sequence[Acknowledgement]:
        return self.inner.acknowledgements(tenant, incident_id) if self.incident(tenant, incident_id) is not None else []

    def acknowledge(self, tenant: str, given: Acknowledgement, claims: int, occasions: Sequence[Occasion] = ()) -> Incident:
        if self.incident(tenant, given.incident) is None:
            raise OutsideScope
        return self.inner.acknowledge(tenant, given, claims, occasions)

    def plan(self, maintenance: Maintenance) -> None:
        if not self._covers(maintenance):
            raise OutsideScope
        self.inner.plan(maintenance)

    def end_maintenance(self, tenant: str, maintenance_id: str, at_ns: int) -> bool:
        if not any(each.id == maintenance_id for each in self.maintenances(tenant)):
            return False
        return self.inner.end_maintenance(tenant, maintenance_id, at_ns)

    def maintenances(self, tenant: Tenants = None, since_ns: int = 0) -> Sequence[Maintenance]:
        return [each for each in self.inner.maintenances(self._owners(tenant), since_ns) if self._covers(each)]

    def _owners(self, tenant: Tenants) -> Sequence[str]:
        """In one question to the store, however many customers the scope touches."""
        wanted = sorted(self.scope.touched) if tenant is None else [tenant] if isinstance(tenant, str) else tenant
        return [each for each in wanted if self.scope.touches(each)]

    def _holds(self, incident: Incident) -> bool:
        return self.scope.holds(incident.tenant, incident.site)

    def _covers(self, maintenance: Maintenance) -> bool:
        if maintenance.site:
            return self.scope.holds(maintenance.tenant, maintenance.site)
        return self.scope.covers(maintenance.tenant)
