"""Opens the database and holds it to what the promises need: commits that are durable when they return.

SQLite: WAL, `synchronous=FULL` (a commit is on the disk before the gateway acks), foreign keys, a busy timeout; every pragma is read back
and a refusal is loud. Transactions are begun by us (`BEGIN IMMEDIATE` for writers, so that two writers queue instead of failing half way).
PostgreSQL: psycopg, `synchronous_commit=on` whatever the server's default, and a lock timeout so that a stuck peer becomes an error.
"""

from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from natvakt_server.domain.refusal import Refusal

SQLITE_BUSY_SECONDS = 30
POSTGRES_LOCK_TIMEOUT_MS = 30_000
POSTGRES_CONNECT_TIMEOUT_SECONDS = 10
POSTGRES_POOL_SIZE = 8
WRITES = "natvakt_writes"  # execution option: this transaction will write
VISITOR = "natvakt_visitor"  # the role such a transaction runs in
TENANTS = "natvakt_tenants"  # execution option: this transaction sees the rows of these customers only (`row_walls`)


class BadDatabase(Refusal, ValueError):
    """The database named in the configuration cannot be used; the text says which, why and what to do."""


class _DriverConnection(Protocol):
    isolation_level: str | None

    def execute(self, statement: str, /) -> "_DriverCursor": ...


class _DriverCursor(Protocol):
    def fetchone(self) -> tuple[object, ...] | None: ...


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:////path/to/file` or `postgresql://user@host/database`. Raises BadDatabase."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadDatabase("database: not a database URL; write sqlite:////path/to/natvakt.db or postgresql://user@host/natvakt") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(parsed)
    if backend == "postgresql":
        return _open_postgres(parsed)
    raise BadDatabase(f"database: {backend} is not supported; use sqlite:// or postgresql://")


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise BadDatabase("database: sqlite:// names no file, and memory would be lost; write sqlite:////path/to/natvakt.db")
    path = Path(url.database)
    if not path.parent.is_dir():
        raise BadDatabase(f"database: folder {path.parent} does not exist; create it or run `natvakt-server init`")
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise BadDatabase(f"database: cannot write {path}: {error.strerror}; check its owner and mode") from error
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,
        connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: _DriverConnection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite
    for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0)):
        connection.execute(f"PRAGMA {pragma}={wanted}")
        row = connection.execute(f"PRAGMA {pragma}").fetchone()
        if row is None or row[0] != wanted:
            found = row[0] if row else "nothing"
            raise BadDatabase(f"database: PRAGMA {pragma} is {found}, must be {wanted}; is the file on a network disk?")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgres(url: URL) -> Engine:
    if not url.database:
        raise BadDatabase("database: postgresql:// names no database; write postgresql://user@host/natvakt")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=POSTGRES_POOL_SIZE,
        max_overflow=POSTGRES_POOL_SIZE,
        pool_pre_ping=True,
        connect_args={
            "application_name": "natvakt-server",
            "connect_timeout": POSTGRES_CONNECT_TIMEOUT_SECONDS,
            "options": f"-c synchronous_commit=on -c lock_timeout={POSTGRES_LOCK_TIMEOUT_MS}",
        },
    )
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _begin_postgres(connection: Connection) -> None:
    """Both settings end with the transaction."""
    tenants = connection.get_execution_options().get(TENANTS)
    if tenants is not None:
        connection.exec_driver_sql(f"SET LOCAL ROLE {VISITOR}")
        connection.exec_driver_sql("SELECT set_config('natvakt.tenants', %s, true)", (tenants,))
