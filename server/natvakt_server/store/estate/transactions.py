"""Every statement runs through `reading` or `writing`: one transaction, tried again from its start when the database says so.

A write may run more than once, even after a commit whose answer was lost, so every write of this package is keyed: it inserts what may
already be there, or updates what may already be so.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.store.estate.engine import WRITES

ATTEMPTS = 5
# PostgreSQL, appendix A: conflicts, lock timeout, shutdown, crash, starting up, too many connections, the primary became a standby.
_TRANSIENT_STATES = ("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300", "25006")
_LOST_CONNECTION_CLASS = "08"
_TRANSIENT_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")

logger = logging.getLogger(__name__)
T = TypeVar("T")


def reading(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in a transaction that only reads. Raises StoreUnavailable."""
    return _repeat(lambda: _once(engine, work))


def writing(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in a transaction and commit it; returns after the commit. Raises StoreUnavailable."""
    writer = engine.execution_options(**{WRITES: True})
    return _repeat(lambda: _once(writer, work))


def _once(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _repeat(attempt: Callable[[], T]) -> T:
    """At once, without waiting: the wait for a lock is the database's, the wait for a database that is away is the caller's."""
    for number in range(1, ATTEMPTS + 1):
        try:
            return attempt()
        except (DBAPIError, PoolTimeout) as error:
            if not is_outage(error):
                raise
            if number == ATTEMPTS or not is_transient(error):
                raise StoreUnavailable(f"database: {_reason(error)} in attempt {number}; nothing was stored, try again later") from error
            logger.warning("event=transaction-repeated attempt=%d reason=%s", number, _reason(error))
    raise AssertionError("unreachable")


def is_transient(error: DBAPIError | PoolTimeout) -> bool:
    """True where the same work may succeed when it is repeated at once: conflicts, locks, lost connections. A full disk is not."""
    if isinstance(error, PoolTimeout) or error.connection_invalidated:
        return True
    state, name = _state(error), _sqlite_name(error)
    if state:
        return state in _TRANSIENT_STATES or state.startswith(_LOST_CONNECTION_CLASS)
    if name:
        return name.startswith(_TRANSIENT_SQLITE)
    return isinstance(error, (OperationalError, InterfaceError))


def is_outage(error: DBAPIError | PoolTimeout) -> bool:
    """True where the database is to blame, not the statement or the data: the caller may come again later."""
    if is_transient(error):
        return True
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    name = _sqlite_name(error)
    return name != "SQLITE_ERROR" if name else True


def _state(error: DBAPIError | PoolTimeout) -> str | None:
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return state if isinstance(state, str) else None


def _sqlite_name(error: DBAPIError | PoolTimeout) -> str | None:
    name = getattr(error.orig, "sqlite_errorname", None) if isinstance(error, DBAPIError) else None
    return name if isinstance(name, str) else None


def _reason(error: DBAPIError | PoolTimeout) -> str:
    """The driver's name for what happened; never its text, which may quote data."""
    if isinstance(error, PoolTimeout):
        return "no free connection"
    return _state(error) or _sqlite_name(error) or type(error.orig).__name__
