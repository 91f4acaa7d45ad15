"""Agreements about availability in the database."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, delete, insert, select

from natvakt_server.domain.agreements import Agreement
from natvakt_server.store.estate.mapping import printable, to_json
from natvakt_server.store.estate.tables.agreements import agreement as t
from natvakt_server.store.estate.transactions import reading, writing


class SqlAgreements:
    """Implements `AgreementBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def agree(self, agreement: Agreement) -> None:
        values = asdict(agreement) | {"devices": to_json(list(agreement.devices)), "by": printable(agreement.by)}

        def put(connection: Connection) -> None:
            _end(connection, agreement.tenant, agreement.name)
            connection.execute(insert(t).values(**values))

        writing(self._engine, put)

    def end_agreement(self, tenant: str, name: str) -> bool:
        return writing(self._engine, lambda c: _end(c, tenant, name)) > 0

    def agreements(self, tenant: str) -> Sequence[Agreement]:
        query = select(t).where(t.c.tenant == tenant).order_by(t.c.name)
        rows = reading(self._engine, lambda c: c.execute(query).mappings().all())
        return [Agreement(**{**row, "devices": tuple(json.loads(row["devices"]))}) for row in rows]


def _end(connection: Connection, tenant: str, name: str) -> int:
    return connection.execute(delete(t).where(t.c.tenant == tenant, t.c.name == name)).rowcount
