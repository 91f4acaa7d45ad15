"""Reads the estate. A page costs a fixed number of statements, however many devices it shows."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, or_, select

from natvakt_server.domain.estate import Customer, Device, Row, Site, Snapshot, SnapshotVersion
from natvakt_server.store.estate.lineage import read_origins
from natvakt_server.store.estate.mapping import customer_of, device_of, rows_from_json, site_of, snapshot_of
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.transactions import reading


class SqlEstateReader:
    """Implements `EstateReader` and `EstateHistory`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def customers(self) -> Sequence[Customer]:
        query = select(t.customer).order_by(t.customer.c.tenant)
        return reading(self._engine, lambda c: [customer_of(row) for row in c.execute(query).mappings()])

    def customer(self, tenant: str) -> Customer | None:
        query = select(t.customer).where(t.customer.c.tenant == tenant)
        row = reading(self._engine, lambda c: c.execute(query).mappings().one_or_none())
        return customer_of(row) if row else None

    def sites(self, tenant: str) -> Sequence[Site]:
        query = select(t.site).where(t.site.c.tenant == tenant).order_by(t.site.c.site)
        return reading(self._engine, lambda c: [site_of(row) for row in c.execute(query).mappings()])

    def devices(self, tenant: str, site: str | None = None) -> Sequence[Device]:
        """By site and name. Not listed: a device whose place another has taken, and one that nothing was told of yet, not even a name."""
        told = or_(t.device.c.described_ns > 0, t.device.c.last_seen_ns > 0)
        wanted = and_(t.device.c.tenant == tenant, t.device.c.replaced_by.is_(None), told)
        if site is not None:
            wanted = and_(wanted, t.device.c.site == site)
        return reading(self._engine, lambda c: _devices(c, tenant, wanted))

    def device(self, tenant: str, device_id: str) -> Device | None:
        found = reading(self._engine, lambda c: _devices(c, tenant, and_(t.device.c.tenant == tenant, t.device.c.id == device_id)))
        return found[0] if found else None

    def snapshot(self, tenant: str, device_id: str, kind: str) -> Snapshot | None:
        query = _snapshots_of(tenant, device_id).where(t.snapshot.c.kind == kind)
        found = reading(self._engine, lambda c: [snapshot_of(row) for row in c.execute(query).mappings()])
        return found[-1] if found else None

    def snapshots(self, tenant: str, device_id: str) -> Sequence[Snapshot]:
        """The newest of every kind, by kind."""
        query = _snapshots_of(tenant, device_id)
        found = reading(self._engine, lambda c: [snapshot_of(row) for row in c.execute(query).mappings()])
        return list({each.kind: each for each in found}.values())

    def site_snapshots(self, tenant: str, site: str, kind: str) -> Sequence[Snapshot]:
        query = (
            select(t.snapshot, t.agent_device.c.device_id)
            .join(t.agent_device, t.agent_device.c.id == t.snapshot.c.agent_device_id)
            .join(t.device, t.device.c.id == t.agent_device.c.device_id)
            .where(t.agent_device.c.tenant == tenant, t.device.c.tenant == tenant, t.device.c.site == site)
            .where(t.snapshot.c.kind == kind, t.snapshot.c.rows.is_not(None))
            .order_by(t.snapshot.c.confirmed_ns.desc(), t.snapshot.c.digest)
        )
        rows = reading(self._engine, lambda c: c.execute(query).mappings().all())
        newest = {row["device_id"]: row for row in reversed(rows)}
        return [snapshot_of(row) for row in rows if newest[row["device_id"]] is row]

    def site_rows(self, tenant: str, site: str, kinds: Sequence[str]) -> Mapping[str, Mapping[str, Sequence[Row]]]:
        query = (
            select(t.snapshot.c.kind, t.agent_device.c.device_id, t.snapshot.c.rows)
            .join(t.agent_device, t.agent_device.c.id == t.snapshot.c.agent_device_id)
            .join(t.device, t.device.c.id == t.agent_device.c.device_id)
            .where(
                t.agent_device.c.tenant == tenant, t.device.c.tenant == tenant, t.device.c.site == site, t.device.c.replaced_by.is_(None)
            )
            .where(t.snapshot.c.kind.in_(kinds), t.snapshot.c.rows.is_not(None))
            .order_by(t.snapshot.c.confirmed_ns, t.snapshot.c.digest)
        )
        found: dict[str, dict[str, Sequence[Row]]] = {kind: {} for kind in kinds}
        for kind, device, rows in reading(self._engine, lambda c: c.execute(query).all()):
            found[kind][device] = rows_from_json(rows)
        return found

    def versions(self, tenant: str, device_id: str, kind: str) -> Sequence[SnapshotVersion]:
        """Every state of this table there ever was, oldest first."""
        query = (
            select(t.snapshot_version)
            .join(t.agent_device, t.agent_device.c.id == t.snapshot_version.c.agent_device_id)
            .where(t.agent_device.c.tenant == tenant, t.agent_device.c.device_id == device_id, t.snapshot_version.c.kind == kind)
            .order_by(t.snapshot_version.c.first_observed_ns, t.snapshot_version.c.digest)
        )
        return reading(
            self._engine,
            lambda c: [
                SnapshotVersion(row["kind"], row["digest"], row["first_observed_ns"], row["last_observed_ns"], rows_from_json(row["rows"]))
                for row in c.execute(query).mappings()
            ],
        )


def _devices(connection: Connection, tenant: str, wanted: ColumnElement[bool]) -> list[Device]:
    names = (
        select(t.agent_device.c.device_id, t.agent_device.c.agent_device)
        .join(t.device, t.device.c.id == t.agent_device.c.device_id)
        .where(wanted)
        .order_by(t.agent_device.c.agent_device)
    )
    agent_devices: dict[str, list[str]] = {}
    for device_id, agent_device in connection.execute(names):
        agent_devices.setdefault(device_id, []).append(agent_device)
    query = select(t.device).where(wanted).order_by(t.device.c.site, t.device.c.name, t.device.c.id)
    rows = connection.execute(query).mappings().all()
    taken = read_origins(connection, tenant, {row["id"]: row["first_seen_ns"] for row in rows})
    return [device_of(row, agent_devices, taken) for row in rows]


def _snapshots_of(tenant: str, device_id: str) -> Select[tuple[object, ...]]:
    return (
        select(t.snapshot)
        .join(t.agent_device, t.agent_device.c.id == t.snapshot.c.agent_device_id)
        .where(t.agent_device.c.tenant == tenant, t.agent_device.c.device_id == device_id, t.snapshot.c.rows.is_not(None))
        .order_by(t.snapshot.c.kind, t.snapshot.c.confirmed_ns, t.snapshot.c.digest)
    )
