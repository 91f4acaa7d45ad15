"""Incidents as people read and take them, and their maintenance."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, insert, or_, select, update

from natvakt_server.domain.incidents import MOST_OPEN, Acknowledgement, AlreadyTaken, Incident, Maintenance, Member, Tenants
from natvakt_server.domain.notification import SEVERITIES, Occasion
from natvakt_server.store.estate.incident_rows import incident_of, maintenance_of, maintenance_values, member_of
from natvakt_server.store.estate.mapping import printable, storable
from natvakt_server.store.estate.occasions import put_occasions
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.incidents import acknowledgement, incident, incident_member, maintenance
from natvakt_server.store.estate.transactions import reading, writing

_AWAKE_FIRST = case((incident.c.maintenance == "", 0), else_=1)
_WORST_FIRST = case({each.value: -rank for rank, each in enumerate(SEVERITIES)}, value=incident.c.severity, else_=1)


class SqlIncidentBook:
    """Implements `IncidentBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_incidents(self, tenant: Tenants = None) -> Sequence[Incident]:
        query = select(incident).where(incident.c.cleared_ns == 0, *_of(incident.c.tenant, tenant))
        query = query.order_by(_AWAKE_FIRST, _WORST_FIRST, incident.c.raised_ns.desc(), incident.c.id).limit(MOST_OPEN)
        return reading(self._engine, lambda c: [incident_of(row) for row in c.execute(query).mappings()])

    def history(self, since_ns: int, limit: int, tenant: Tenants = None) -> Sequence[Incident]:
        over = and_(incident.c.cleared_ns > 0, incident.c.cleared_ns >= since_ns)
        query = (
            select(incident).where(over, *_of(incident.c.tenant, tenant)).order_by(incident.c.cleared_ns.desc(), incident.c.id).limit(limit)
        )
        return reading(self._engine, lambda c: [incident_of(row) for row in c.execute(query).mappings()])

    def incident(self, tenant: str, incident_id: str) -> Incident | None:
        return reading(self._engine, lambda c: _incident(c, tenant, incident_id))

    def members(self, tenant: str, incident_id: str) -> Sequence[Member]:
        query = (
            select(incident_member)
            .join(incident, incident.c.id == incident_member.c.incident)
            .where(incident.c.tenant == tenant, incident.c.id == incident_id)
            .order_by(incident_member.c.since_ns, incident_member.c.name, incident_member.c.cause)
        )
        return reading(self._engine, lambda c: [member_of(row) for row in c.execute(query).mappings()])

    def acknowledgements(self, tenant: str, incident_id: str) -> Sequence[Acknowledgement]:
        given = acknowledgement.c
        query = (
            select(given.incident, given.by, given.at_ns, given.until_ns, given.note)
            .join(incident, incident.c.id == given.incident)
            .where(incident.c.tenant == tenant, incident.c.id == incident_id)
            .order_by(given.claim)
        )
        return reading(self._engine, lambda c: [Acknowledgement(**row) for row in c.execute(query).mappings()])

    def acknowledge(self, tenant: str, given: Acknowledgement, claims: int, occasions: Sequence[Occasion] = ()) -> Incident:
        """Repeating the very same call after a lost answer is not taken for a second person."""
        return writing(self._engine, lambda c: _acknowledge(c, tenant, given, claims, occasions))

    def plan(self, planned: Maintenance) -> None:
        writing(self._engine, lambda c: insert_missing(c, maintenance, [maintenance_values(planned)], ["id"]))

    def end_maintenance(self, tenant: str, maintenance_id: str, at_ns: int) -> bool:
        counting = and_(maintenance.c.tenant == tenant, maintenance.c.id == maintenance_id, maintenance.c.ended_ns == 0)
        ended = update(maintenance).where(counting, maintenance.c.end_ns > at_ns).values(ended_ns=at_ns)
        return writing(self._engine, lambda c: c.execute(ended).rowcount) > 0

    def maintenances(self, tenant: Tenants = None, since_ns: int = 0) -> Sequence[Maintenance]:
        still = and_(maintenance.c.end_ns >= since_ns, or_(maintenance.c.ended_ns == 0, maintenance.c.ended_ns >= since_ns))
        query = select(maintenance).where(still, *_of(maintenance.c.tenant, tenant)).order_by(maintenance.c.start_ns, maintenance.c.id)
        return reading(self._engine, lambda c: [maintenance_of(row) for row in c.execute(query).mappings()])


def _of(column: ColumnElement[str], tenant: Tenants) -> Sequence[ColumnElement[bool]]:
    return [] if tenant is None else [column == tenant if isinstance(tenant, str) else column.in_(list(tenant))]


def _incident(connection: Connection, tenant: str, incident_id: str) -> Incident | None:
    query = select(incident).where(incident.c.tenant == tenant, incident.c.id == incident_id)
    row = connection.execute(query).mappings().one_or_none()
    return incident_of(row) if row else None


def _acknowledge(connection: Connection, tenant: str, given: Acknowledgement, claims: int, occasions: Sequence[Occasion]) -> Incident:
    owner = (storable(given.by) or "") if given.until_ns else ""
    here = and_(incident.c.tenant == tenant, incident.c.id == given.incident, incident.c.claims == claims)
    taken = update(incident).where(here).values(owner=owner, owner_until_ns=given.until_ns, claims=incident.c.claims + 1)
    changed = connection.execute(taken).rowcount
    found = _incident(connection, tenant, given.incident)
    if found is None:
        raise LookupError(f"incident {given.incident}: there is none of that name")
    if not changed:
        if (found.claims, found.owner, found.owner_until_ns) == (claims + 1, owner, given.until_ns):
            return found
        raise AlreadyTaken(found)
    row = {
        "incident": given.incident,
        "claim": found.claims,
        "by": storable(given.by) or "",
        "at_ns": given.at_ns,
        "until_ns": given.until_ns,
        "note": printable(given.note),
    }
    connection.execute(insert(acknowledgement).values(**row))
    put_occasions(connection, occasions)
    return found
