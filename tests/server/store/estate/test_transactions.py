"""Transactions are repeated from their start where that may help, and say clearly where it does not."""

from pathlib import Path

import pytest
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.estate import Customer
from natvakt_server.store.estate.administration import SqlEstateAdministration
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.estate.schema import migrate
from natvakt_server.store.estate.transactions import ATTEMPTS, reading, writing
from services.postgres import PrivatePostgres
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from testkit.flaky_database import failing_commits

ACME = Customer("acme", "Acme")


@pytest.mark.parametrize("after", [False, True])
def test_promise_26_a_commit_that_fails_is_repeated_and_counts_once(engine: Engine, after: bool) -> None:
    with failing_commits(engine, ATTEMPTS - 1, after=after):
        SqlEstateAdministration(engine).add_customer(ACME)
    assert list(SqlEstateReader(engine).customers()) == [ACME]


def test_promise_26_a_database_that_stays_away_is_told_and_nothing_is_stored(engine: Engine) -> None:
    with failing_commits(engine, ATTEMPTS, after=False), pytest.raises(StoreUnavailable, match="nothing was stored, try again later"):
        SqlEstateAdministration(engine).add_customer(ACME)
    assert list(SqlEstateReader(engine).customers()) == []


@pytest.mark.service("postgres")
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_promise_26_a_backend_killed_in_the_middle_loses_and_doubles_nothing(postgres: PrivatePostgres, engine: Engine) -> None:
    attempts: list[int] = []

    def work(connection: Connection) -> None:
        connection.execute(text("INSERT INTO customer (tenant, name, language, time_zone) VALUES ('acme', 'Acme', 'sv', 'UTC')"))
        attempts.append(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        if len(attempts) == 1:
            other = open_engine(postgres.url())
            reading(other, lambda c: c.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": attempts[0]}))
            other.dispose()
        connection.execute(text("SELECT 1"))

    writing(engine, work)
    assert len(set(attempts)) == 2
    assert [customer.tenant for customer in SqlEstateReader(engine).customers()] == ["acme"]


@pytest.mark.service("postgres")
def test_promise_26_a_server_that_crashes_and_comes_back_is_used_again(postgres: PrivatePostgres) -> None:
    cluster = PrivatePostgres.start(syncs=False)
    opened = open_engine(cluster.url())
    try:
        migrate(opened)
        SqlEstateAdministration(opened).add_customer(ACME)
        cluster.halt()
        with pytest.raises(StoreUnavailable):
            SqlEstateReader(opened).customers()
        with pytest.raises(StoreUnavailable):
            SqlEstateAdministration(opened).add_customer(Customer("beta", "Beta"))
        cluster.resume()
        assert list(SqlEstateReader(opened).customers()) == [ACME]
    finally:
        opened.dispose()
        cluster.stop()


def test_a_database_that_somebody_else_holds_is_told_as_unavailable(tmp_path: Path) -> None:
    holder, waiter = (open_engine(f"sqlite:///{tmp_path}/natvakt.db") for _ in range(2))
    event.listen(waiter, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0"))

    def hold(connection: Connection) -> None:
        with pytest.raises(StoreUnavailable, match=f"SQLITE_BUSY in attempt {ATTEMPTS}"):
            writing(waiter, lambda c: c.exec_driver_sql("CREATE TABLE t (x)"))

    writing(holder, hold)


def test_a_full_disk_is_told_at_once_and_leaves_what_was_there(tmp_path: Path) -> None:
    opened = open_engine(f"sqlite:///{tmp_path}/natvakt.db")
    migrate(opened)
    SqlEstateAdministration(opened).add_customer(ACME)

    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.exec_driver_sql("INSERT INTO customer VALUES ('beta', hex(zeroblob(1000000)), 'sv', 'UTC', NULL, 0)")

    with pytest.raises(StoreUnavailable, match="SQLITE_FULL in attempt 1"):
        writing(opened, fill)
    assert list(SqlEstateReader(opened).customers()) == [ACME]


def test_what_is_wrong_with_the_statement_or_the_data_is_not_repeated(engine: Engine) -> None:
    calls: list[str] = []

    def run(statement: str) -> None:
        def work(connection: Connection) -> None:
            calls.append(statement)
            connection.execute(text(statement))

        writing(engine, work)

    with pytest.raises(IntegrityError):
        run("INSERT INTO site (tenant, site, name) VALUES ('nobody', 'hq', 'HQ')")
    with pytest.raises((ProgrammingError, OperationalError)):  # psycopg and sqlite3 sort it differently
        run("SELECT * FROM no_such_table")
    assert len(calls) == 2
