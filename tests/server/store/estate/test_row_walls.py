"""The second wall: on PostgreSQL, a query that forgets its customer still sees nothing of another's."""

from collections.abc import Iterator

import pytest
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.jobs import ASSESSMENT, Job
from natvakt_server.store.estate.administration import SqlEstateAdministration
from natvakt_server.store.estate.engine import VISITOR, open_engine
from natvakt_server.store.estate.jobs import SqlJobQueue
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.estate.row_walls import EXEMPT, POLICY, build_walls, engine_for, has_walls, walled_tables
from natvakt_server.store.estate.schema import migrate
from natvakt_server.store.estate.tables import metadata
from services.postgres import PrivatePostgres
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError
from testkit.databases import administer, empty_all_tables


@pytest.fixture
def estate(migrated_postgres: str) -> Iterator[Engine]:
    """acme and beta, each with a site and a job, over PostgreSQL."""
    engine = open_engine(migrated_postgres)
    administration, jobs = SqlEstateAdministration(engine), SqlJobQueue(engine)
    for tenant in ("acme", "beta"):
        administration.add_customer(Customer(tenant, tenant))
        administration.add_site(Site(tenant, "hq", "HQ"))
        jobs.add_job(Job(f"job-{tenant}", ASSESSMENT, tenant, {}, "waiting"))
    yield engine
    engine.dispose()
    empty_all_tables(migrated_postgres)


def test_promise_50_a_query_without_a_customer_sees_only_the_visitors(estate: Engine) -> None:
    visitors = engine_for(estate, {"acme"})
    assert [each.tenant for each in SqlEstateReader(visitors).customers()] == ["acme"]
    assert [each.id for each in SqlJobQueue(visitors).jobs()] == ["job-acme"]
    assert SqlEstateReader(visitors).customer("beta") is None
    assert SqlJobQueue(visitors).job("job-beta") is None
    for name in walled_tables():
        table = metadata.tables[name]
        with visitors.begin() as connection:
            assert set(connection.execute(select(table.c.tenant)).scalars()) <= {"acme"}, name


def test_promise_50_nothing_is_written_for_another_customer(estate: Engine) -> None:
    visitors = engine_for(estate, {"acme"})
    with pytest.raises(ProgrammingError):
        SqlJobQueue(visitors).add_job(Job("job-more", ASSESSMENT, "beta", {}, "waiting"))
    SqlJobQueue(visitors).add_job(Job("job-own", ASSESSMENT, "acme", {}, "waiting"))
    with visitors.begin() as connection:
        assert connection.execute(text("UPDATE job SET state = 'done' WHERE tenant = 'beta'")).rowcount == 0
    assert {each.id for each in SqlJobQueue(estate).jobs()} == {"job-acme", "job-beta", "job-own"}


def test_the_wall_ends_with_the_transaction(estate: Engine) -> None:
    """Connections are shared: the next one to use it is whoever it is."""
    with engine_for(estate, {"acme"}).begin() as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == VISITOR
    with estate.begin() as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() != VISITOR
    assert [each.tenant for each in SqlEstateReader(estate).customers()] == ["acme", "beta"]
    assert not SqlEstateReader(engine_for(estate, ())).customers()


def test_every_table_that_has_a_customer_has_its_policy(estate: Engine) -> None:
    with estate.begin() as connection:
        policed = set(connection.execute(text("SELECT tablename FROM pg_policies WHERE policyname = :name"), {"name": POLICY}).scalars())
        on = set(connection.execute(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")).scalars())
    assert policed == on == {table.name for table in metadata.tables.values() if "tenant" in table.c} - EXEMPT


def test_walls_that_stand_are_left_alone(estate: Engine) -> None:
    with estate.begin() as connection:
        connection.execute(text("DROP POLICY natvakt_visitors_customers ON site"))
        assert build_walls(connection)
        before = connection.execute(text("SELECT oid FROM pg_policy ORDER BY oid")).scalars().all()
        assert build_walls(connection)
        assert connection.execute(text("SELECT oid FROM pg_policy ORDER BY oid")).scalars().all() == before


def test_a_database_user_that_may_not_make_roles_has_the_first_wall_only(postgres: PrivatePostgres, migrated_postgres: str) -> None:
    administer(postgres, "CREATE ROLE plain LOGIN")
    administer(postgres, "CREATE DATABASE plain OWNER plain")
    engine = open_engine(postgres.url("plain").replace("natvakt@", "plain@"))
    migrate(engine)
    assert not has_walls(engine)
    administer(postgres, f"GRANT {VISITOR} TO plain")  # as an administrator may do by hand
    migrate(engine)
    assert has_walls(engine)
    engine.dispose()
    known = open_engine(migrated_postgres)
    assert has_walls(known)
    known.dispose()


def test_a_file_has_no_such_wall(migrated_file: object) -> None:
    engine = open_engine(f"sqlite:///{migrated_file}")
    assert not has_walls(engine)
    with engine.begin() as connection:
        assert not build_walls(connection)
    engine.dispose()
