"""Forgets what has had its time."""

from sqlalchemy import Connection, Engine, delete, exists

from natvakt_server.store.estate.tables.accounts import link, session
from natvakt_server.store.estate.tables.delivery import inbox, ledger
from natvakt_server.store.estate.transactions import writing


class SqlRetention:
    """Implements `Retention`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def expire_ledger(self, received_before_ns: int) -> int:
        in_use = exists().where(inbox.c.row == ledger.c.row)
        old = delete(ledger).where(ledger.c.received_ns < received_before_ns, ledger.c.applied, ~in_use)
        return writing(self._engine, lambda c: c.execute(old).rowcount)

    def expire_sessions(self, ended_before_ns: int) -> int:
        def expire(connection: Connection) -> int:
            sessions = connection.execute(delete(session).where(session.c.expires_ns < ended_before_ns)).rowcount
            return sessions + connection.execute(delete(link).where(link.c.expires_ns < ended_before_ns)).rowcount

        return writing(self._engine, expire)
