"""Writes what a batch tells of configurations into versions, inside the caller's transaction.

A fixed number of statements for any number of readings: versions of the devices concerned are read, merged in memory (`timeline`), and
written in bulk. The caller holds the site's lock, so nobody else changes these versions meanwhile.

    texts      touched or inserted first: a text that is touched is not taken away by the retention of the same moment
    versions   new ones inserted, changed ones updated; none is ever deleted here
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from natvakt_server.domain.configuration.history import KIND, ConfigurationReading
from natvakt_server.domain.configuration.timeline import Run, TextFacts, confirm, observe
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.tables.configurations import configuration_text, configuration_version

_FACTS = ("digest", "document", "system", "lines", "octets", "complete", "incomplete_reason")
_TOLD = ("meaning", "first_observed_ns", "last_observed_ns", *_FACTS, "changed_at", "changed_by", "changed_ns")
_UPDATED = (
    update(configuration_version)
    .where(configuration_version.c.id == bindparam("at_id"))
    .values({name: bindparam(f"to_{name}") for name in _TOLD})
)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of time. Readings that were cut off have their own, so that they never come between two whole ones."""

    agent_device_id: int
    source: str
    cut_off: bool


def apply_configurations(
    connection: Connection,
    tenant: str,
    site: str,
    readings: Sequence[ConfigurationReading],
    documents: Sequence[DocumentEffect],
    now_ns: int,
) -> None:
    """`documents` are all of the batch; "still the same" about a configuration is taken from them. Their agent devices exist already."""
    same = [document for document in documents if document.kind == KIND and document.rows is None]
    if not readings and not same:
        return
    names = {reading.agent_device for reading in readings} | {document.agent_device for document in same}
    agent_devices = _agent_devices(connection, tenant, site, names)
    stored = _stored(connection, list(agent_devices.values()))
    merged = _merge(stored, agent_devices, readings, same)
    _keep_texts(connection, tenant, readings, now_ns)
    _write(connection, tenant, stored, merged)


def _agent_devices(connection: Connection, tenant: str, site: str, names: set[str]) -> Mapping[str, int]:
    query = select(t.agent_device.c.agent_device, t.agent_device.c.id).where(
        t.agent_device.c.tenant == tenant, t.agent_device.c.site == site, t.agent_device.c.agent_device.in_(sorted(names))
    )
    return dict(connection.execute(query).all())


def _stored(connection: Connection, agent_device_ids: Sequence[int]) -> Mapping[Place, Sequence[Run]]:
    query = (
        select(configuration_version)
        .where(configuration_version.c.agent_device_id.in_(agent_device_ids))
        .order_by(configuration_version.c.first_observed_ns, configuration_version.c.id)
    )
    found: dict[Place, list[Run]] = {}
    for row in connection.execute(query).mappings():
        place = Place(row["agent_device_id"], row["source"], row["complete"] is False)
        found.setdefault(place, []).append(run_of(row))
    return found


def run_of(row: RowMapping) -> Run:
    """A stored version as the timeline sees it."""
    facts = TextFacts(**{name: row[name] for name in _FACTS})
    span = row["first_observed_ns"], row["last_observed_ns"]
    return Run(row["meaning"], *span, facts, row["changed_at"], row["changed_by"], row["changed_ns"], row["id"])


def _merge(
    stored: Mapping[Place, Sequence[Run]],
    agent_devices: Mapping[str, int],
    readings: Sequence[ConfigurationReading],
    same: Sequence[DocumentEffect],
) -> Mapping[Place, Sequence[Run]]:
    merged = dict(stored)
    for reading in sorted(readings, key=lambda each: each.observed_ns):
        place = Place(agent_devices[reading.agent_device], reading.source.value, reading.facts.complete is False)
        at_ns = reading.observed_ns
        seen = Run(reading.meaning, at_ns, at_ns, reading.facts, reading.changed_at, reading.changed_by, reading.changed_ns)
        merged[place] = observe(merged.get(place, ()), seen)
    for document in sorted(same, key=lambda each: each.observed_ns):
        for place in [each for each in merged if each.agent_device_id == agent_devices[document.agent_device]]:
            merged[place] = confirm(merged[place], document.digest, document.observed_ns)
    return merged


def _keep_texts(connection: Connection, tenant: str, readings: Sequence[ConfigurationReading], now_ns: int) -> None:
    bodies = {reading.facts.digest: reading.body for reading in readings}
    if not bodies:
        return
    here = (configuration_text.c.tenant == tenant, configuration_text.c.digest.in_(sorted(bodies)))
    connection.execute(update(configuration_text).where(*here).values(stored_ns=now_ns))
    rows = [{"tenant": tenant, "digest": digest, "body": body, "stored_ns": now_ns} for digest, body in sorted(bodies.items())]
    insert_missing(connection, configuration_text, rows, ["tenant", "digest"])


def _write(connection: Connection, tenant: str, stored: Mapping[Place, Sequence[Run]], merged: Mapping[Place, Sequence[Run]]) -> None:
    new_rows, changed = [], []
    for place, runs in merged.items():
        known = {run.row: run for run in stored.get(place, ())}
        for run in runs:
            if run.row is None:
                new_rows.append({"tenant": tenant, "agent_device_id": place.agent_device_id, "source": place.source, **_columns(run)})
            elif known[run.row] != run:
                changed.append({"at_id": run.row, **{f"to_{name}": value for name, value in _columns(run).items()}})
    if new_rows:
        connection.execute(insert(configuration_version), new_rows)
    if changed:
        connection.execute(_UPDATED, changed)


def _columns(run: Run) -> dict[str, object]:
    facts = {name: getattr(run.facts, name) for name in _FACTS}
    return {
        "meaning": run.meaning,
        "first_observed_ns": run.first_ns,
        "last_observed_ns": run.last_ns,
        **facts,
        "changed_at": run.changed_at,
        "changed_by": run.changed_by,
        "changed_ns": run.changed_ns,
    }
