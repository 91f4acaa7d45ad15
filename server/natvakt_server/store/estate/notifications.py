"""Destinations and rules: who hears of what."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, RowMapping, Table, delete, insert, select, update

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.domain.notifying import Destination, Rule
from natvakt_server.store.estate.mapping import to_json
from natvakt_server.store.estate.tables.notifications import destination, rule
from natvakt_server.store.estate.transactions import reading, writing


class SqlNotificationSettings:
    """Implements `NotificationSettings`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def destinations(self) -> Sequence[Destination]:
        query = select(destination).order_by(destination.c.name, destination.c.id)
        return reading(self._engine, lambda c: [_destination(row) for row in c.execute(query).mappings()])

    def put_destination(self, changed: Destination) -> None:
        values = {
            "id": changed.id,
            "name": changed.name,
            "channel": changed.channel,
            "language": changed.language,
            "time_zone": changed.time_zone,
            "settings": to_json(dict(changed.settings)),
            "sealed": changed.sealed,
            "enabled": changed.enabled,
            "quiet_from": changed.quiet_from,
            "quiet_until": changed.quiet_until,
            "digest_minutes": changed.digest_minutes,
        }
        writing(self._engine, lambda c: put_row(c, destination, values))

    def remove_destination(self, destination_id: str) -> bool:
        return writing(self._engine, lambda c: remove_row(c, destination, destination_id))

    def rules(self) -> Sequence[Rule]:
        query = select(rule).order_by(rule.c.name, rule.c.id)
        return reading(self._engine, lambda c: [_rule(row) for row in c.execute(query).mappings()])

    def put_rule(self, changed: Rule) -> None:
        values = {
            "id": changed.id,
            "name": changed.name,
            "tenant": changed.tenant,
            "site": changed.site,
            "least": changed.least.value,
            "kinds": to_json([kind.value for kind in changed.kinds]),
            "destinations": to_json(list(changed.destinations)),
            "chain": changed.chain,
            "enabled": changed.enabled,
        }
        writing(self._engine, lambda c: put_row(c, rule, values))

    def remove_rule(self, rule_id: str) -> bool:
        return writing(self._engine, lambda c: remove_row(c, rule, rule_id))


def put_row(connection: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Add or replace by `id`."""
    if not connection.execute(update(table).where(table.c.id == values["id"]).values(**values)).rowcount:
        connection.execute(insert(table).values(**values))


def remove_row(connection: Connection, table: Table, row_id: str) -> bool:
    return connection.execute(delete(table).where(table.c.id == row_id)).rowcount > 0


def _destination(row: RowMapping) -> Destination:
    return Destination(**{**row, "settings": json.loads(row["settings"])})


def _rule(row: RowMapping) -> Rule:
    told = {
        "least": Severity(row["least"]),
        "kinds": tuple(Kind(kind) for kind in json.loads(row["kinds"])),
        "destinations": tuple(json.loads(row["destinations"])),
    }
    return Rule(**{**row, **told})
