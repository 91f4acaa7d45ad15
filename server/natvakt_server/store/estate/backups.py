"""Backups in the database: what is told of them, what people expect, and how each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, and_, case, delete, func, insert, or_, select, tuple_

from natvakt_server.domain.backup_jobs.expecting import CONFIGURATION, TABLE, Said
from natvakt_server.domain.backup_jobs.judging import WELL, Origin, Reason, State
from natvakt_server.domain.backup_jobs.standing import PlacedStanding, Standing, ToldConfiguration, ToldJobs, Turn, TurnTeller, What
from natvakt_server.domain.configuration.history import Source
from natvakt_server.domain.notification import Kind
from natvakt_server.domain.registry import Role
from natvakt_server.domain.rights import EVERYWHERE, Scope
from natvakt_server.domain.tiers import MINUTE_NS
from natvakt_server.store.estate.mapping import printable, rows_from_json
from natvakt_server.store.estate.occasions import last_kinds, put_occasions
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.tables.backups import backup_expectation, backup_standing
from natvakt_server.store.estate.tables.configurations import configuration_version
from natvakt_server.store.estate.transactions import reading, writing

AT_ONCE, SAID_AGAIN_NS = 400, 30 * MINUTE_NS
NOT_NETWORK = (Role.SERVER.value, Role.UPS.value, Role.CALL_SERVER.value)
_standing, _expectation, _version = backup_standing.c, backup_expectation.c, configuration_version.c
_FIELDS = tuple(field.name for field in fields(Standing))
_TEXTS = ("schedule", "kind", "target", "detail")


class SqlBackups:
    """Implements `BackupSource`, `ExpectationBook`, `StandingBook` and `StandingReader`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # what is told

    def told_jobs(self, tenant: str) -> Sequence[ToldJobs]:
        query = (
            select(t.agent_device.c.device_id, t.agent_device.c.agent_device, t.snapshot.c.confirmed_ns, t.snapshot.c.rows)
            .join(t.agent_device, t.agent_device.c.id == t.snapshot.c.agent_device_id)
            .where(t.agent_device.c.tenant == tenant, t.snapshot.c.kind == TABLE, t.snapshot.c.rows.is_not(None))
            .order_by(t.agent_device.c.device_id, t.snapshot.c.confirmed_ns)
        )
        return reading(self._engine, lambda c: [ToldJobs(d, a, ns, rows_from_json(rows)) for d, a, ns, rows in c.execute(query)])

    def told_configurations(self, tenant: str) -> Sequence[ToldConfiguration]:
        return reading(self._engine, lambda c: _configurations(c, tenant))

    # what people expect

    def expect(self, said: Said) -> None:
        def put(connection: Connection) -> None:
            _forget(connection, said.tenant, said.device, said.job)
            connection.execute(insert(backup_expectation).values(**(asdict(said) | {"by": printable(said.by)})))

        writing(self._engine, put)

    def forget(self, tenant: str, device: str, job: str) -> bool:
        return writing(self._engine, lambda c: _forget(c, tenant, device, job)) > 0

    def expectations(self, tenant: str | None) -> Sequence[Said]:
        query = select(backup_expectation).order_by(_expectation.tenant, _expectation.device, _expectation.job)
        wanted = query if tenant is None else query.where(_expectation.tenant == tenant)
        return reading(self._engine, lambda c: [Said(**row) for row in c.execute(wanted).mappings()])

    # how they stand

    def keep(self, tenant: str, standings: Sequence[Standing], teller: TurnTeller | None = None) -> Sequence[Turn]:
        def work(connection: Connection) -> Sequence[Turn]:
            turned = _keep(connection, tenant, standings)
            if teller is not None:
                _tell(connection, turned, teller)
            return turned

        return writing(self._engine, work)

    def kept(self, tenant: str) -> Sequence[Standing]:
        return reading(self._engine, lambda c: list(_kept(c, tenant).values()))

    def standings(self, what: What, tenant: str | None = None, scope: Scope = EVERYWHERE) -> Sequence[PlacedStanding]:
        wanted = [_WANTED[what], *_inside(tenant, scope)]
        query = _PLACED.where(*wanted).order_by(_standing.tenant, _standing.device, _standing.job)
        return reading(self._engine, lambda c: [_placed(row) for row in c.execute(query).mappings()])

    def standing(self, tenant: str, device: str, job: str, scope: Scope = EVERYWHERE) -> PlacedStanding | None:
        query = _PLACED.where(_standing.device == device, _standing.job == job, *_inside(tenant, scope))
        row = reading(self._engine, lambda c: c.execute(query).mappings().one_or_none())
        return _placed(row) if row else None

    def configuration_counts(self, tenant: str | None = None, scope: Scope = EVERYWHERE) -> Mapping[State, int]:
        query = (
            select(_standing.state, func.count())
            .outerjoin_from(backup_standing, t.device, _OF_DEVICE)
            .where(_standing.job == CONFIGURATION, *_inside(tenant, scope))
            .group_by(_standing.state)
        )
        return reading(self._engine, lambda c: {State(state): count for state, count in c.execute(query)})


_OF_DEVICE = and_(t.device.c.id == _standing.device, t.device.c.tenant == _standing.tenant)
_PLACED = (
    select(backup_standing, t.device.c.name.label("device_name"), t.device.c.site, t.customer.c.name.label("customer"))
    .join(t.customer, t.customer.c.tenant == _standing.tenant)
    .outerjoin(t.device, _OF_DEVICE)
)
_WANTED: Mapping[What, ColumnElement[bool]] = {
    What.JOBS: _standing.job != CONFIGURATION,
    What.CONFIGURATIONS: _standing.job == CONFIGURATION,
    What.UNWELL_CONFIGURATIONS: and_(_standing.job == CONFIGURATION, _standing.state.not_in(sorted(WELL))),
}


def _inside(tenant: str | None, scope: Scope) -> list[ColumnElement[bool]]:
    """A device that is no longer known is at no site: only who sees the whole customer sees it."""
    found = [] if tenant is None else [_standing.tenant == tenant]
    if scope.everywhere:
        return found
    sites = [and_(_standing.tenant == owner, t.device.c.site == site) for owner, site in sorted(scope.sites)]
    return [*found, or_(_standing.tenant.in_(sorted(scope.tenants)), *sites)]


def _placed(row: RowMapping) -> PlacedStanding:
    return PlacedStanding(_standing_of(row), row["customer"], row["site"] or "", row["device_name"] or "")


def _standing_of(row: RowMapping) -> Standing:
    words = {"state": State(row["state"]), "reason": Reason(row["reason"]), "origin": Origin(row["origin"])}
    return Standing(**{name: row[name] for name in _FIELDS} | words)


def _kept(connection: Connection, tenant: str) -> Mapping[tuple[str, str], Standing]:
    query = select(backup_standing).where(_standing.tenant == tenant).order_by(_standing.device, _standing.job)
    return {each.place: each for each in map(_standing_of, connection.execute(query).mappings())}


def _keep(connection: Connection, tenant: str, standings: Sequence[Standing]) -> Sequence[Turn]:
    before = _kept(connection, tenant)
    wanted = [_continued(each, before.get(each.place)) for each in standings]
    changed = [each for each in wanted if not _is_said(each, before.get(each.place))]
    gone = [*(before.keys() - {each.place for each in wanted}), *(each.place for each in changed)]
    for places in (gone[start : start + AT_ONCE] for start in range(0, len(gone), AT_ONCE)):
        here = tuple_(_standing.device, _standing.job).in_(places)
        connection.execute(delete(backup_standing).where(_standing.tenant == tenant, here))
    if changed:
        connection.execute(insert(backup_standing), [_values(each) for each in changed])
    turned = [(each, before.get(each.place)) for each in wanted]
    return [Turn(each, old.state if old else None) for each, old in turned if old is None or old.state is not each.state]


def _tell(connection: Connection, turned: Sequence[Turn], teller: TurnTeller) -> None:
    """In the same transaction, so that a backup never turns without a word."""
    stands = last_kinds(connection, [teller.incident(each.standing) for each in turned])
    told = [teller.occasion(each, is_open=stands.get(teller.incident(each.standing), Kind.CLEARED) is not Kind.CLEARED) for each in turned]
    put_occasions(connection, [each for each in told if each is not None])


def _is_said(now: Standing, before: Standing | None) -> bool:
    """Nothing is new but that somebody looked again, not long ago: tens of thousands of rows are not written anew for that."""
    if before is None or now.judged_ns - before.judged_ns >= SAID_AGAIN_NS:
        return False
    return replace(now, judged_ns=before.judged_ns, told_ns=before.told_ns) == before


def _continued(now: Standing, before: Standing | None) -> Standing:
    return replace(now, since_ns=before.since_ns) if before is not None and before.state is now.state else now


def _values(standing: Standing) -> dict[str, object]:
    return asdict(standing) | {name: printable(getattr(standing, name))[:255] for name in _TEXTS}


def _forget(connection: Connection, tenant: str, device: str, job: str) -> int:
    wanted = and_(_expectation.tenant == tenant, _expectation.device == device, _expectation.job == job)
    return connection.execute(delete(backup_expectation).where(wanted)).rowcount


def _configurations(connection: Connection, tenant: str) -> Sequence[ToldConfiguration]:
    """Two statements, however many devices and versions there are: the two newest versions of each kind, and the devices."""
    cut = case((_version.complete.is_(False), 1), else_=0)
    place = func.row_number().over(
        partition_by=(t.agent_device.c.device_id, _version.source, cut),
        order_by=(_version.first_observed_ns.desc(), _version.id.desc()),
    )
    ranked = (
        select(
            t.agent_device.c.device_id,
            _version.source,
            cut.label("cut"),
            _version.meaning,
            _version.last_observed_ns,
            _version.octets,
            place.label("place"),
        )
        .join(t.agent_device, t.agent_device.c.id == _version.agent_device_id)
        .where(t.agent_device.c.tenant == tenant, _version.tenant == tenant)
        .subquery()
    )
    newest: dict[str, dict[tuple[str, int, int], RowMapping]] = {}
    for row in connection.execute(select(ranked).where(ranked.c.place <= 2)).mappings():
        newest.setdefault(row["device_id"], {})[row["source"], row["cut"], row["place"]] = row
    if not newest:
        return []
    listed = or_(t.device.c.described_ns > 0, t.device.c.last_seen_ns > 0)
    query = (
        select(t.device.c.id, t.device.c.last_seen_ns)
        .where(t.device.c.tenant == tenant, t.device.c.replaced_by.is_(None), listed, t.device.c.role.not_in(NOT_NETWORK))
        .order_by(t.device.c.id)
    )
    return [_configuration(device, seen_ns, newest.get(device, {})) for device, seen_ns in connection.execute(query)]


def _configuration(device: str, seen_ns: int, newest: Mapping[tuple[str, int, int], RowMapping]) -> ToldConfiguration:
    running, before = newest.get((Source.RUNNING, 0, 1)), newest.get((Source.RUNNING, 0, 2))
    startup, cut_off = newest.get((Source.STARTUP, 0, 1)), newest.get((Source.RUNNING, 1, 1))
    return ToldConfiguration(
        device=device,
        seen_ns=seen_ns,
        read_ns=running["last_observed_ns"] if running else None,
        cut_off_ns=cut_off["last_observed_ns"] if cut_off else None,
        octets=running["octets"] if running else None,
        usual_octets=before["octets"] if before else None,
        saved=running["meaning"] == startup["meaning"] if running and startup else None,
    )
