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
_TRANSIENT_STATES = ("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300")  # PostgreSQL, appendix A
_LOST_CONNECTION_CLASS = "08"
_LOST_READ_ONLY_STANDBY = "25006"  # the primary became a standby under us

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
            if not isinstance(error, (OperationalError, InterfaceError, PoolTimeout)) and not is_transient(error):
                raise
            if number == ATTEMPTS or not is_transient(error):
                raise StoreUnavailable(f"database: {_reason(error)} in attempt {number}; nothing was stored, try again later") from error
            logger.warning("event=transaction-repeated attempt=%d reason=%s", number, _reason(error))
    raise AssertionError("unreachable")


def is_transient(error: DBAPIError | PoolTimeout) -> bool:
    """True where the same work may succeed when it is repeated at once: conflicts, locks, lost connections. A full disk is not."""
    if isinstance(error, PoolTimeout) or error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return state in _TRANSIENT_STATES or state == _LOST_READ_ONLY_STANDBY or state.startswith(_LOST_CONNECTION_CLASS)
    name = getattr(error.orig, "sqlite_errorname", None)
    if isinstance(name, str):
        return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return isinstance(error, (OperationalError, InterfaceError))


def _reason(error: DBAPIError | PoolTimeout) -> str:
    """The driver's name for what happened; never its text, which may quote data."""
    if isinstance(error, PoolTimeout):
        return "no free connection"
    return str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or type(error.orig).__name__)
