"""Applies the state documents of one batch to the estate, inside the caller's transaction.

A fixed number of statements for any number of documents: the site is locked (two workers must not both meet a device for the first time),
agent devices and stored states are read, merged in memory (`snapshots`), written in bulk; then who is who is settled (`recognition`).
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Table, and_, bindparam, insert, or_, select, update

from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.registry import Role
from natvakt_server.store.estate.mapping import to_json
from natvakt_server.store.estate.recognition import ROLE_KINDS, settle_identities, settle_roles
from natvakt_server.store.estate.snapshots import Held, merge
from natvakt_server.store.estate.tables import estate as t

VERSIONED_KINDS = frozenset({"device", "component"})
# Told by the agent whether or not the device answered, so no sign of life of the device.
ABOUT_THE_AGENT = frozenset({"agent", "collection", "credential"})
_HELD_COLUMNS = ("digest", "observed_ns", "confirmed_ns", "awaited_digest", "awaited_ns")

Place = tuple[int, str]  # agent device row, kind


def apply_documents(connection: Connection, tenant: str, site: str, documents: Sequence[DocumentEffect], new_id: Callable[[], str]) -> None:
    """`observed_ns` of the documents is true wall time: the caller has corrected an untrusted clock."""
    if not documents:
        return
    lock_site(connection, tenant, site)
    agent_devices = agent_device_rows(connection, tenant, site, documents, new_id)
    placed = [(agent_devices[document.agent_device], document) for document in documents]
    current = _merge_snapshots(connection, placed)
    _keep_versions(connection, placed)
    _seen(connection, placed)
    described = {row: document for (row, kind), document in current.items() if kind == "device"}
    if described:
        settle_identities(connection, tenant, site, described, new_id)
    told = sorted({row for row, kind in current if kind in ROLE_KINDS})
    if told:
        settle_roles(connection, told)


def lock_site(connection: Connection, tenant: str, site: str) -> None:
    """Until the transaction ends: two workers must not both meet a device for the first time."""
    connection.execute(select(t.site.c.site).where(t.site.c.tenant == tenant, t.site.c.site == site).with_for_update()).one_or_none()


def agent_device_rows(
    connection: Connection, tenant: str, site: str, documents: Sequence[DocumentEffect], new_id: Callable[[], str]
) -> Mapping[str, int]:
    """Row numbers by the agent's names; whoever is met for the first time gets a placeholder until it is described."""
    first_seen: dict[str, int] = {}
    for document in documents:
        before = first_seen.get(document.agent_device, document.observed_ns)
        first_seen[document.agent_device] = min(before, document.observed_ns)
    query = select(t.agent_device.c.agent_device, t.agent_device.c.id).where(
        t.agent_device.c.tenant == tenant, t.agent_device.c.site == site, t.agent_device.c.agent_device.in_(list(first_seen))
    )
    found: dict[str, int] = dict(connection.execute(query).all())
    missing = [name for name in first_seen if name not in found]
    if not missing:
        return found
    ids = {name: new_id() for name in missing}
    placeholders = [
        {
            "id": ids[name],
            "tenant": tenant,
            "site": site,
            "name": name,
            "address": "",
            "role": Role.ACCESS,
            "role_overridden": False,
            "first_seen_ns": first_seen[name],
        }
        for name in missing
    ]
    connection.execute(insert(t.device), placeholders)
    connection.execute(
        insert(t.agent_device), [{"tenant": tenant, "site": site, "agent_device": name, "device_id": ids[name]} for name in missing]
    )
    return dict(connection.execute(query).all())


def _merge_snapshots(connection: Connection, placed: Sequence[tuple[int, DocumentEffect]]) -> Mapping[Place, DocumentEffect]:
    """Answers the documents whose rows are now the current ones in place of others."""
    columns = [t.snapshot.c[name] for name in _HELD_COLUMNS]
    query = select(t.snapshot.c.agent_device_id, t.snapshot.c.kind, *columns).where(
        t.snapshot.c.agent_device_id.in_({row for row, _ in placed}), t.snapshot.c.kind.in_({document.kind for _, document in placed})
    )
    stored = {(row[0], row[1]): Held(*row[2:]) for row in connection.execute(query)}
    state = dict(stored)
    current: dict[Place, DocumentEffect] = {}
    for row, document in placed:
        place = (row, document.kind)
        state[place], took_over = merge(state.get(place, Held()), document)
        if took_over:
            current[place] = document
    changed = {place: held for place, held in state.items() if stored.get(place) != held}
    new_rows = [_values(place, held, current.get(place)) for place, held in changed.items() if place not in stored]
    with_rows = [_values(place, held, current[place]) for place, held in changed.items() if place in stored and place in current]
    without_rows = [_values(place, held, None) for place, held in changed.items() if place in stored and place not in current]
    if new_rows:
        connection.execute(insert(t.snapshot), [_plain(each) for each in new_rows])
    _update(connection, t.snapshot, (*_HELD_COLUMNS, "rows"), with_rows)
    _update(connection, t.snapshot, _HELD_COLUMNS, without_rows)
    return current


def _values(place: Place, held: Held, document: DocumentEffect | None) -> dict[str, object]:
    values: dict[str, object] = {"at_agent_device_id": place[0], "at_kind": place[1], "rows": None}
    values.update({name: getattr(held, name) for name in _HELD_COLUMNS})
    if document is not None and document.rows is not None:
        values["rows"] = to_json([dict(row) for row in document.rows])
    return values


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name.removeprefix("at_"): value for name, value in values.items()}


def _update(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        return
    keys = [name.removeprefix("at_") for name in rows[0] if name.startswith("at_")]
    here = and_(*(table.c[key] == bindparam(f"at_{key}") for key in keys))
    wanted = {*names, *(f"at_{key}" for key in keys)}
    statement = update(table).where(here).values({name: bindparam(f"to_{name}") for name in names})
    parameters = [
        {name if name.startswith("at_") else f"to_{name}": value for name, value in row.items() if name in wanted} for row in rows
    ]
    connection.execute(statement, parameters)


def _keep_versions(connection: Connection, placed: Sequence[tuple[int, DocumentEffect]]) -> None:
    """Every full reading of the kinds worth it, late ones too, once for each state."""
    read: dict[tuple[int, str, str], list[DocumentEffect]] = {}
    for row, document in placed:
        if document.rows is not None and document.kind in VERSIONED_KINDS:
            read.setdefault((row, document.kind, document.digest), []).append(document)
    if not read:
        return
    version = t.snapshot_version.c
    query = select(version.agent_device_id, version.kind, version.digest, version.first_observed_ns, version.last_observed_ns).where(
        version.agent_device_id.in_({row for row, _, _ in read}), version.digest.in_({digest for _, _, digest in read})
    )
    stored = {(row[0], row[1], row[2]): (row[3], row[4]) for row in connection.execute(query)}
    new_rows, changed = [], []
    for key, documents in read.items():
        times = [document.observed_ns for document in documents] + list(stored.get(key, ()))
        span = {"first_observed_ns": min(times), "last_observed_ns": max(times)}
        if key not in stored:
            rows = to_json([dict(row) for row in documents[0].rows or ()])
            new_rows.append({"agent_device_id": key[0], "kind": key[1], "digest": key[2], "rows": rows, **span})
        elif stored[key] != (min(times), max(times)):
            changed.append({"at_agent_device_id": key[0], "at_kind": key[1], "at_digest": key[2], **span})
    if new_rows:
        connection.execute(insert(t.snapshot_version), new_rows)
    _update(connection, t.snapshot_version, ("first_observed_ns", "last_observed_ns"), changed)


def _seen(connection: Connection, placed: Sequence[tuple[int, DocumentEffect]]) -> None:
    """When each device last answered. "Still the same" about who it is counts only where the device itself had told it."""
    seen: dict[int, int] = {}
    confirmed: dict[int, int] = {}
    for row, document in placed:
        if document.kind in ABOUT_THE_AGENT or _is_introduction(document):
            continue
        times = confirmed if document.kind == "device" and document.rows is None else seen
        times[row] = max(times.get(row, 0), document.observed_ns)
    device_of = select(t.agent_device.c.device_id).where(t.agent_device.c.id == bindparam("agent_device_row")).scalar_subquery()
    later = and_(t.device.c.id == device_of, t.device.c.last_seen_ns < bindparam("seen_ns"))
    told = or_(*(t.device.c[name].is_not(None) for name in ("vendor", "os", "serial", "engine_id", "base_mac")))
    for times, wanted in ((seen, later), (confirmed, and_(later, told))):
        if times:
            parameters = [{"agent_device_row": row, "seen_ns": seen_ns} for row, seen_ns in sorted(times.items())]
            connection.execute(update(t.device).where(wanted).values(last_seen_ns=bindparam("seen_ns")), parameters)


def _is_introduction(document: DocumentEffect) -> bool:
    """The agent names a device that has not told yet who it is."""
    if document.kind != "device" or document.rows is None:
        return False
    return all(value is None for row in document.rows for name, value in row.items() if name not in {"name", "poll_address"})
