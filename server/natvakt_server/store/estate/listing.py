"""Lists over many customers, filtered, ordered and paged where the rows are."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, or_, select

from natvakt_server.domain.assessment import Assessment
from natvakt_server.domain.estate import Customer, Device, Site
from natvakt_server.domain.identity import AgentRecord
from natvakt_server.domain.listing import CustomerEvent, Page, Wish
from natvakt_server.domain.rights import Scope
from natvakt_server.store.estate.agents import record_of
from natvakt_server.store.estate.assessments import FOR_LISTS, assessment_of
from natvakt_server.store.estate.events import event_of, events_with_devices
from natvakt_server.store.estate.mapping import customer_of, device_of, site_of
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.tables.assessments import assessment
from natvakt_server.store.estate.tables.events import event
from natvakt_server.store.estate.tables.identity import agent
from natvakt_server.store.estate.transactions import reading
from natvakt_server.store.estate.wishes import Columns, about, page, touching, within

T = TypeVar("T")
_CUSTOMERS = {"customer": t.customer.c.tenant, **{name: t.customer.c[name] for name in ("name", "language", "time_zone", "schedule")}}
_SITES = {"customer": t.site.c.tenant, "site": t.site.c.site, "name": t.site.c.name}
_DEVICES = {
    "customer": t.device.c.tenant,
    "first_seen": t.device.c.first_seen_ns,
    "last_seen": t.device.c.last_seen_ns,
    **{name: t.device.c[name] for name in ("id", "site", "name", "address", "role", "vendor", "os", "version", "model", "serial")},
}
_AGENTS = {
    "customer": agent.c.tenant,
    "last_seen": agent.c.last_seen_ns,
    "enrolled": agent.c.enrolled_ns,
    "certificate_end": agent.c.certificate_not_after_ns,
    "identity": agent.c.state,
    **{name: agent.c[name] for name in ("id", "site", "version")},
}
_ASSESSMENTS = {"id": assessment.c.id, "customer": assessment.c.tenant, "made": assessment.c.made_ns}
_EVENTS = {
    "id": event.c.id,
    "customer": event.c.tenant,
    "site": t.device.c.site,
    "device_id": t.device.c.id,
    "device": t.device.c.name,
    "heard": event.c.at_ns,
    "known": event.c.known,
    "is_change": event.c.is_change,
    **{name: event.c[name] for name in ("kind", "name", "severity", "source", "facility", "mnemonic", "message", "user", "origin")},
}


class SqlEstateListing:
    """Implements `EstateListing`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_customers(self, scope: Scope, wish: Wish) -> Page[Customer]:
        rows = select(t.customer).where(touching(scope, t.customer.c.tenant))
        return self._page(rows, wish, _CUSTOMERS, ("customer", "name"), ("customer",), customer_of)

    def list_sites(self, scope: Scope, wish: Wish) -> Page[Site]:
        rows = select(t.site).where(within(scope, t.site.c.tenant, t.site.c.site))
        return self._page(rows, wish, _SITES, ("site", "name"), ("customer", "site"), site_of)

    def list_devices(self, scope: Scope, wish: Wish) -> Page[Device]:
        told = or_(t.device.c.described_ns > 0, t.device.c.last_seen_ns > 0)
        rows = select(t.device).where(within(scope, t.device.c.tenant, t.device.c.site), t.device.c.replaced_by.is_(None), told)
        texts = ("name", "address", "serial", "model")
        return self._page(rows, wish, _DEVICES, texts, ("customer", "site", "name", "id"), lambda row: device_of(row, {}, {}))

    def list_agents(self, scope: Scope, wish: Wish) -> Page[AgentRecord]:
        rows = select(agent).where(within(scope, agent.c.tenant, agent.c.site))
        return self._page(rows, wish, _AGENTS, ("id", "site", "version"), ("customer", "site", "id"), record_of)

    def list_assessments(self, scope: Scope, wish: Wish) -> Page[Assessment]:
        rows = select(*FOR_LISTS).where(about(scope, assessment.c.tenant, assessment.c.sites))
        newest: Sequence[ColumnElement[object]] = () if wish.order else (assessment.c.made_ns.desc(),)
        return self._page(rows.order_by(*newest), wish, _ASSESSMENTS, ("id", "customer"), ("id",), assessment_of)

    def list_events(self, scope: Scope, wish: Wish) -> Page[CustomerEvent]:
        rows = events_with_devices().where(within(scope, event.c.tenant, t.device.c.site))
        newest: Sequence[ColumnElement[object]] = () if wish.order else (event.c.at_ns.desc(),)
        texts = ("message", "name", "device", "source", "user", "origin")
        return self._page(rows.order_by(*newest), wish, _EVENTS, texts, ("id",), lambda row: CustomerEvent(row["tenant"], event_of(row)))

    def _page(
        self,
        rows: Select[tuple[object, ...]],
        wish: Wish,
        columns: Columns,
        texts: Sequence[str],
        last: Sequence[str],
        made: Callable[[RowMapping], T],
    ) -> Page[T]:
        count, found = reading(self._engine, lambda c: page(c, rows, wish, columns, texts, last))
        return Page(count, [made(row) for row in found])
