"""Reads versions of configurations, and forgets those that have had their time."""

import zlib
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, exists, func, or_, select

from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.configuration.timeline import Run, joined
from natvakt_server.store.estate.configuration_writing import run_of
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.tables.configurations import configuration_text, configuration_version
from natvakt_server.store.estate.transactions import reading, writing

_version = configuration_version.c


class SqlConfigurationHistory:
    """Implements `ConfigurationHistory` and `ConfigurationRetention`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def configurations(self, tenant: str, device_id: str) -> Sequence[ConfigurationVersion]:
        return reading(self._engine, lambda c: _versions(c, tenant, device_id))

    def configuration_text(self, tenant: str, device_id: str, version_id: int) -> str | None:
        def read(connection: Connection) -> str | None:
            version = next((each for each in _versions(connection, tenant, device_id) if each.id == version_id), None)
            return None if version is None else _texts(connection, tenant, [version.facts.digest]).get(version.facts.digest)

        return reading(self._engine, read)

    def newest_configurations(self, tenant: str, device_ids: Sequence[str], source: Source) -> Mapping[str, str]:
        if not device_ids:
            return {}
        return reading(self._engine, lambda c: _newest(c, tenant, device_ids, source))

    def expire_configurations(self, replaced_before_ns: int, unused_before_ns: int) -> int:
        def expire(connection: Connection) -> int:
            gone = connection.execute(delete(configuration_version).where(_replaced_before(replaced_before_ns))).rowcount
            used = exists().where(_version.tenant == configuration_text.c.tenant, _version.digest == configuration_text.c.digest)
            connection.execute(delete(configuration_text).where(configuration_text.c.stored_ns < unused_before_ns, ~used))
            return gone

        return writing(self._engine, expire)


def _versions(connection: Connection, tenant: str, device_id: str) -> Sequence[ConfigurationVersion]:
    places: dict[tuple[Source, bool], list[Run]] = {}
    for row in connection.execute(_of_devices(tenant, [device_id])).mappings():
        places.setdefault((Source(row["source"]), row["complete"] is False), []).append(run_of(row))
    found = [_version_of(source, run) for (source, _), runs in places.items() for run in joined(runs)]
    return sorted(found, key=lambda each: (each.first_observed_ns, each.source, each.id), reverse=True)


def _version_of(source: Source, run: Run) -> ConfigurationVersion:
    assert run.row is not None
    return ConfigurationVersion(
        id=run.row,
        source=source,
        meaning=run.meaning,
        first_observed_ns=run.first_ns,
        last_observed_ns=run.last_ns,
        facts=run.facts,
        changed_at=run.changed_at,
        changed_by=run.changed_by,
        changed_ns=run.changed_ns,
    )


def _of_devices(tenant: str, device_ids: Sequence[str]) -> Select[tuple[object, ...]]:
    return (
        select(configuration_version, t.agent_device.c.device_id)
        .join(t.agent_device, t.agent_device.c.id == _version.agent_device_id)
        .where(t.agent_device.c.tenant == tenant, _version.tenant == tenant, t.agent_device.c.device_id.in_(device_ids))
        .order_by(_version.first_observed_ns, _version.id)
    )


def _newest(connection: Connection, tenant: str, device_ids: Sequence[str], source: Source) -> Mapping[str, str]:
    """Two statements: which text each device has now, then the texts."""
    whole = or_(_version.complete.is_(None), _version.complete)
    newest = (
        select(_version.agent_device_id, func.max(_version.first_observed_ns).label("newest_ns"))
        .join(t.agent_device, t.agent_device.c.id == _version.agent_device_id)
        .where(t.agent_device.c.tenant == tenant, t.agent_device.c.device_id.in_(device_ids), _version.source == source.value, whole)
        .group_by(_version.agent_device_id)
        .subquery()
    )
    at_newest = and_(_version.agent_device_id == newest.c.agent_device_id, _version.first_observed_ns == newest.c.newest_ns)
    query = (
        select(t.agent_device.c.device_id, _version.digest)
        .join(newest, at_newest)
        .join(t.agent_device, t.agent_device.c.id == _version.agent_device_id)
        .where(_version.tenant == tenant, _version.source == source.value, whole)
        .order_by(_version.first_observed_ns, _version.last_observed_ns)
    )
    digests: dict[str, str] = dict(connection.execute(query).all())
    texts = _texts(connection, tenant, sorted(set(digests.values())))
    return {device: texts[digest] for device, digest in digests.items() if digest in texts}


def _texts(connection: Connection, tenant: str, digests: Sequence[str]) -> Mapping[str, str]:
    here = (configuration_text.c.tenant == tenant, configuration_text.c.digest.in_(digests))
    query = select(configuration_text.c.digest, configuration_text.c.body).where(*here)
    return {digest: zlib.decompress(body).decode("utf-8") for digest, body in connection.execute(query)}


def _replaced_before(time_ns: int) -> ColumnElement[bool]:
    """Something else was seen in its place before that time. A cut-off reading never takes the place of a whole one."""
    later = configuration_version.alias("later")
    same_kind = or_(
        and_(_version.complete.is_(False), later.c.complete.is_(False)),
        and_(or_(_version.complete.is_(None), _version.complete), or_(later.c.complete.is_(None), later.c.complete)),
    )
    same_place = and_(later.c.agent_device_id == _version.agent_device_id, later.c.source == _version.source, same_kind)
    return exists().where(same_place, later.c.first_observed_ns > _version.first_observed_ns, later.c.first_observed_ns < time_ns)
