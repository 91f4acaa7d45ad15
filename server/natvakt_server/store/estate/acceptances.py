"""Findings that customers live with."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select

from natvakt_server.domain.acceptance import AcceptedFinding
from natvakt_server.store.estate.mapping import printable
from natvakt_server.store.estate.tables.reports import acceptance
from natvakt_server.store.estate.transactions import reading, writing


class SqlAcceptances:
    """Implements `AcceptanceStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def accept(self, accepted: AcceptedFinding) -> None:
        values = asdict(accepted) | {"until": accepted.until.isoformat()}
        values |= {name: printable(str(values[name])) for name in ("reason", "by", "device", "object")}

        def put(connection: Connection) -> None:
            _delete(connection, accepted.tenant, accepted.finding)
            connection.execute(insert(acceptance).values(**values))

        writing(self._engine, put)

    def withdraw(self, tenant: str, finding: str) -> bool:
        return writing(self._engine, lambda c: _delete(c, tenant, finding)) > 0

    def accepted(self, tenant: str) -> Sequence[AcceptedFinding]:
        query = select(acceptance).where(acceptance.c.tenant == tenant).order_by(acceptance.c.finding)
        return reading(self._engine, lambda c: [_accepted(row) for row in c.execute(query).mappings()])


def _delete(connection: Connection, tenant: str, finding: str) -> int:
    wanted = (acceptance.c.tenant == tenant) & (acceptance.c.finding == finding)
    return connection.execute(delete(acceptance).where(wanted)).rowcount


def _accepted(row: RowMapping) -> AcceptedFinding:
    return AcceptedFinding(**{**row, "until": date.fromisoformat(row["until"])})
