"""Finds customers, sites and devices by a piece of text: one statement a kind, however many there are."""

from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, Connection, Engine, case, func, or_, select

from natvakt_server.domain.estate import SearchHit
from natvakt_server.domain.rights import EVERYWHERE, Scope
from natvakt_server.store.estate.mapping import printable
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.transactions import reading
from natvakt_server.store.estate.wishes import touching, within

_DEVICE_COLUMNS = (t.device.c.name, t.device.c.address, t.device.c.serial, t.device.c.model, t.device.c.base_mac)


class SqlEstateSearch:
    """Implements `EstateSearch`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(self, text: str, limit: int = 50, scope: Scope = EVERYWHERE) -> Sequence[SearchHit]:
        wanted = printable(text)
        if not wanted or limit < 1:
            return []
        kinds = (_customers, _sites, _devices)
        return reading(self._engine, lambda c: [hit for kind in kinds for hit in kind(c, wanted, limit, scope)][:limit])


def _holds(column: Column[str], text: str) -> ColumnElement[bool]:
    return func.lower(column).contains(text.lower(), autoescape=True)


def _customers(connection: Connection, text: str, limit: int, scope: Scope) -> Sequence[SearchHit]:
    query = (
        select(t.customer)
        .where(or_(_holds(t.customer.c.name, text), _holds(t.customer.c.tenant, text)), touching(scope, t.customer.c.tenant))
        .order_by(t.customer.c.tenant)
        .limit(limit)
    )
    return [
        SearchHit("customer", row["tenant"], row["name"], "", "", row["name"], row["tenant"])
        for row in connection.execute(query).mappings()
    ]


def _sites(connection: Connection, text: str, limit: int, scope: Scope) -> Sequence[SearchHit]:
    query = (
        select(t.site, t.customer.c.name.label("customer"))
        .join(t.customer, t.customer.c.tenant == t.site.c.tenant)
        .where(or_(_holds(t.site.c.name, text), _holds(t.site.c.site, text)), within(scope, t.site.c.tenant, t.site.c.site))
        .order_by(t.site.c.tenant, t.site.c.site)
        .limit(limit)
    )
    return [
        SearchHit("site", row["tenant"], row["customer"], row["site"], "", row["name"], row["site"])
        for row in connection.execute(query).mappings()
    ]


def _devices(connection: Connection, text: str, limit: int, scope: Scope) -> Sequence[SearchHit]:
    """Exact matches first. Listed as in `SqlEstateReader.devices`."""
    exact = case((or_(*(func.lower(column) == text.lower() for column in _DEVICE_COLUMNS)), 0), else_=1)
    told = or_(t.device.c.described_ns > 0, t.device.c.last_seen_ns > 0)
    query = (
        select(t.device, t.customer.c.name.label("customer"))
        .join(t.customer, t.customer.c.tenant == t.device.c.tenant)
        .where(or_(*(_holds(column, text) for column in _DEVICE_COLUMNS)), t.device.c.replaced_by.is_(None), told)
        .where(within(scope, t.device.c.tenant, t.device.c.site))
        .order_by(exact, t.device.c.tenant, t.device.c.name, t.device.c.id)
        .limit(limit)
    )
    return [
        SearchHit(
            "device",
            row["tenant"],
            row["customer"],
            row["site"],
            row["id"],
            row["name"],
            _matched(text, [row[c.name] for c in _DEVICE_COLUMNS]),
        )
        for row in connection.execute(query).mappings()
    ]


def _matched(text: str, values: Sequence[str | None]) -> str:
    """The first value beside the name that holds the text; the address where it is the name that matches."""
    return next((value for value in values[1:] if value and text.lower() in value.lower()), values[1] or "")
