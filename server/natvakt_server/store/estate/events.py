"""Keeps events, inside the transaction of their batch, and reads them."""

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, delete, insert, select

from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.events import KIND, Event, StoredEvent
from natvakt_server.store.estate.documents import agent_device_rows, lock_site
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.tables.events import event
from natvakt_server.store.estate.transactions import reading, writing

MOST_CHANGES = 2000
_TOLD = (
    "at_ns", "kind", "name", "severity", "source", "known", "facility", "mnemonic", "message", "host", "told_at", "user", "origin",
    "is_change", "count",
)  # fmt: skip


def apply_events(connection: Connection, tenant: str, site: str, events: Sequence[Event], new_id: Callable[[], str]) -> None:
    """An event may come before anything else of its device is known."""
    if not events:
        return
    lock_site(connection, tenant, site)
    met = [DocumentEffect(each.agent_device, KIND, each.at_ns, "", None) for each in events]
    rows = agent_device_rows(connection, tenant, site, met, new_id)
    connection.execute(
        insert(event),
        [
            {"tenant": tenant, "agent_device_id": rows[each.agent_device], **{name: getattr(each, name) for name in _TOLD}}
            for each in events
        ],
    )


class SqlEventLog:
    """Implements `EventLog` and `EventRetention`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def events(self, tenant: str, since_ns: int, limit: int, device_id: str | None = None) -> Sequence[StoredEvent]:
        here = [] if device_id is None else [t.agent_device.c.device_id == device_id, event.c.known]
        return reading(self._engine, lambda c: _read(c, tenant, since_ns, limit, here))

    def named(self, tenant: str, mnemonics: Sequence[str], since_ns: int, limit: int) -> Sequence[StoredEvent]:
        wanted = [event.c.mnemonic.in_(mnemonics), event.c.known]
        return reading(self._engine, lambda c: _read(c, tenant, since_ns, limit, wanted)) if mnemonics else []

    def changes(self, tenant: str, device_id: str, since_ns: int = 0) -> Sequence[StoredEvent]:
        here = [t.agent_device.c.device_id == device_id, event.c.known, event.c.is_change]
        return reading(self._engine, lambda c: _read(c, tenant, since_ns, MOST_CHANGES, here))

    def expire_events(self, heard_before_ns: int) -> int:
        old = delete(event).where(event.c.at_ns < heard_before_ns)
        return writing(self._engine, lambda c: c.execute(old).rowcount)


def _read(connection: Connection, tenant: str, since_ns: int, limit: int, here: Sequence[ColumnElement[bool]]) -> Sequence[StoredEvent]:
    query = (
        events_with_devices()
        .where(event.c.tenant == tenant, t.agent_device.c.tenant == tenant, event.c.at_ns >= since_ns, *here)
        .order_by(event.c.at_ns.desc(), event.c.id.desc())
        .limit(limit)
    )
    return [event_of(row) for row in connection.execute(query).mappings()]


def events_with_devices() -> Select[tuple[object, ...]]:
    """Every event with its device, of all customers: whoever asks narrows it down."""
    device = t.device.c
    return (
        select(event, t.agent_device.c.agent_device, device.site, device.id.label("device_id"), device.name.label("device_name"))
        .join(t.agent_device, t.agent_device.c.id == event.c.agent_device_id)
        .join(t.device, device.id == t.agent_device.c.device_id)
    )


def event_of(row: RowMapping) -> StoredEvent:
    told = Event(row["agent_device"], **{name: row[name] for name in _TOLD})
    return StoredEvent(row["id"], row["site"], row["device_id"], row["device_name"], told)
