"""Fixtures that run a test over SQLite and over a real PostgreSQL. Import them into a `conftest.py`:

    from testkit.databases import database_url, engine, migrated_file, migrated_postgres, postgres

Each test begins with an empty, migrated database: a copied file for SQLite, a database that is emptied after each test for PostgreSQL.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.schema import migrate
from natvakt_server.store.estate.tables import metadata
from services.postgres import PostgresMissing, PrivatePostgres
from sqlalchemy import Engine

DATABASES = ("sqlite", pytest.param("postgres", marks=pytest.mark.service("postgres")))


@dataclass(frozen=True, slots=True)
class Ids:
    """UUID-like names in order: first, second, third."""

    numbers: count

    def __call__(self) -> str:
        return f"00000000-0000-7000-8000-{next(self.numbers):012d}"


def counting_ids() -> Ids:
    return Ids(count(1))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    try:
        cluster = PrivatePostgres.start(syncs=False)
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()  # the last connection folds the WAL into the file
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PrivatePostgres) -> str:
    """One database for all tests of this process; each leaves it empty."""
    url = postgres.url("contract")
    administer(postgres, "CREATE DATABASE contract")
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database."""
    if request.param == "sqlite":
        path = tmp_path / "natvakt.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("migrated_postgres")
    yield url
    empty_all_tables(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def administer(cluster: PrivatePostgres, statement: str) -> None:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(statement)


def empty_all_tables(url: str) -> None:
    statements = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("; ".join(statements))
