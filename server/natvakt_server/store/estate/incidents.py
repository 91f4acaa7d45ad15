"""What monitoring reads and writes: figures of batches on the way in, its memory of a site, and the incidents it makes of them."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from natvakt_server.domain.estate import Row
from natvakt_server.domain.incidents import Incident, IncidentChange, Member, SiteChange, SiteMemory
from natvakt_server.domain.notification import Occasion
from natvakt_server.domain.observation import Aspect, Landed, Observed
from natvakt_server.store.estate.incident_rows import incident_of
from natvakt_server.store.estate.mapping import rows_from_json, storable
from natvakt_server.store.estate.occasions import put_occasions
from natvakt_server.store.estate.statements import insert_missing, insert_one_missing
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.tables.incidents import incident, incident_member, maintenance, observation, watch
from natvakt_server.store.estate.transactions import reading, writing

Packed = tuple[str, str, str, Sequence[int], Sequence[float]]
PART_CHARACTERS = 64
_MEMBER_KEY = ("incident", "device", "cause", "part", "since_ns")


def apply_observations(connection: Connection, tenant: str, site: str, received_ns: int, observed: Sequence[Observed]) -> None:
    """Inside the transaction that marks their batch applied: each is seen once, and none is lost."""
    if observed:
        body = msgspec.json.encode([(o.agent_device, o.aspect.value, o.part, list(o.times_ns), list(o.values)) for o in observed])
        connection.execute(insert(observation).values(tenant=tenant, site=site, received_ns=received_ns, body=body))


class SqlIncidentWriter:
    """Implements `IncidentWriter`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def landed(self, limit: int) -> Sequence[Landed]:
        query = select(observation).order_by(observation.c.id).limit(limit)
        rows = reading(self._engine, lambda c: c.execute(query).all())
        return [Landed(row.id, row.tenant, row.site, row.received_ns, _unpacked(row.body)) for row in rows]

    def memory(self, tenant: str, site: str) -> SiteMemory:
        query = select(watch.c.state, watch.c.revision).where(watch.c.tenant == tenant, watch.c.site == site)
        row = reading(self._engine, lambda c: c.execute(query).one_or_none())
        return SiteMemory(row.state, row.revision) if row else SiteMemory(b"", 0)

    def commit(self, change: SiteChange) -> bool:
        return writing(self._engine, lambda c: _commit(c, change))

    def site_tables(self, tenant: str, site: str, kind: str) -> Mapping[str, Sequence[Row]]:
        query = (
            select(t.agent_device.c.device_id, t.snapshot.c.rows)
            .join(t.agent_device, t.agent_device.c.id == t.snapshot.c.agent_device_id)
            .join(t.device, t.device.c.id == t.agent_device.c.device_id)
            .where(t.device.c.tenant == tenant, t.device.c.site == site, t.snapshot.c.kind == kind, t.snapshot.c.rows.is_not(None))
            .order_by(t.snapshot.c.confirmed_ns)
        )
        return reading(self._engine, lambda c: {device: rows_from_json(rows) for device, rows in c.execute(query)})

    def expire_incidents(self, cleared_before_ns: int) -> int:
        old = delete(incident).where(incident.c.cleared_ns > 0, incident.c.cleared_ns < cleared_before_ns)
        planned = delete(maintenance).where(maintenance.c.end_ns < cleared_before_ns)
        return writing(self._engine, lambda c: c.execute(old).rowcount + c.execute(planned).rowcount)

    def release_owners(self, now_ns: int, tell: Callable[[Incident], Occasion]) -> Sequence[Incident]:
        return writing(self._engine, lambda c: _release(c, now_ns, tell))


def _release(connection: Connection, now_ns: int, tell: Callable[[Incident], Occasion]) -> Sequence[Incident]:
    over = and_(incident.c.owner != "", incident.c.owner_until_ns <= now_ns, incident.c.cleared_ns == 0)
    taken = update(incident).where(over).values(owner="", owner_until_ns=0, claims=incident.c.claims + 1).returning(incident)
    released = [incident_of(row) for row in connection.execute(taken).mappings()]
    put_occasions(connection, [tell(each) for each in released])
    return released


def _unpacked(body: bytes) -> Sequence[Observed]:
    packed = msgspec.json.decode(body, type=list[Packed])
    return [Observed(device, Aspect(aspect), part, times, values) for device, aspect, part, times, values in packed]


def _commit(connection: Connection, change: SiteChange) -> bool:
    if not _put_memory(connection, change):
        return False
    for each in change.incidents:
        _put_incident(connection, each)
    put_occasions(connection, change.occasions)
    done = delete(observation).where(observation.c.tenant == change.tenant, observation.c.site == change.site)
    connection.execute(done.where(observation.c.id <= change.through_mark))
    return True


def _put_memory(connection: Connection, change: SiteChange) -> bool:
    values = {"state": change.state, "revision": change.revision + 1}
    if change.revision == 0:
        row = {"tenant": change.tenant, "site": change.site, **values}
        return insert_one_missing(connection, watch, row, ["tenant", "site"])
    here = and_(watch.c.tenant == change.tenant, watch.c.site == change.site, watch.c.revision == change.revision)
    return connection.execute(update(watch).where(here).values(**values)).rowcount == 1


def _put_incident(connection: Connection, change: IncidentChange) -> None:
    """New, or as it is now; who has it stays as it is."""
    values = _values(change.incident)
    insert_missing(connection, incident, [{**values, "owner": "", "owner_until_ns": 0, "claims": 0}], ["id"])
    connection.execute(update(incident).where(incident.c.id == change.incident.id).values(**values))
    connection.execute(delete(incident_member).where(incident_member.c.incident == change.incident.id))
    if change.members:
        insert_missing(connection, incident_member, [_member(change.incident.id, each) for each in change.members], _MEMBER_KEY)


def _values(one: Incident) -> Mapping[str, object]:
    names = ("id", "tenant", "site", "device", "started_ns", "raised_ns", "cleared_ns", "flapping", "late", "merged", "maintenance")
    values: dict[str, object] = {name: getattr(one, name) for name in names}
    words = {"cause": one.cause.value, "severity": one.severity.value, "members": one.members}
    return values | words | {"name": storable(one.name) or "", "part": one.part[:PART_CHARACTERS]}


def _member(incident_id: str, one: Member) -> Mapping[str, object]:
    return {
        "incident": incident_id,
        "device": one.device,
        "cause": one.cause,
        "part": one.part[:PART_CHARACTERS],
        "name": storable(one.name) or "",
        "why": one.why.value,
        "since_ns": one.since_ns,
        "until_ns": one.until_ns,
    }
