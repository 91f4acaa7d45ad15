"""Migrations make exactly the tables the program knows, on both databases, however often and by however many they are run."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from natvakt_server.store.estate.engine import BadDatabase, open_engine
from natvakt_server.store.estate.schema import migrate, newest_revision, revision
from natvakt_server.store.estate.tables import metadata
from sqlalchemy import Engine, inspect, text
from testkit.databases import administer


def test_migrations_make_exactly_the_metadata(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    assert revision(engine) == newest_revision()
    assert migrate(engine) == newest_revision()


def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    assert revision(open_engine(f"sqlite:///{tmp_path}/empty.db")) is None


@pytest.mark.service("postgres")
def test_several_processes_may_migrate_at_once(postgres) -> None:
    administer(postgres, "CREATE DATABASE raced")
    engines = [open_engine(postgres.url("raced")) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(migrate, engines)) == {newest_revision()}
    for each in engines:
        each.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(BadDatabase, match="from_the_future is newer than this program knows"):
        migrate(engine)
