"""The second wall between customers, on PostgreSQL: a visitor's transactions run in a role that sees the rows of named customers only.

    SET LOCAL ROLE natvakt_visitor; natvakt.tenants = 'acme,beta'

The role owns nothing, so row-level security holds for it, and for nobody else: worker, backups and the migrations work as the owner and
pay nothing. Policies are made for every table that has a customer, at each migration, so that a new table needs nobody to think of it.
Whose database user may not create roles has the first wall only; `has_walls` tells.

Not walled here: what a visitor's own request needs of nobody's customer in particular.
"""

import logging
from collections.abc import Collection

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from natvakt_server.store.estate.engine import TENANTS, VISITOR
from natvakt_server.store.estate.tables import metadata
from natvakt_server.store.estate.transactions import reading

POLICY = "natvakt_visitors_customers"
EXEMPT = frozenset({"audit", "user_grant", "api_token_grant"})
"""The trail is one chain over all customers; grants are read to find out which customers somebody has."""

_MAKE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'natvakt_visitor') THEN CREATE ROLE natvakt_visitor NOLOGIN; END IF;
    BEGIN EXECUTE format('GRANT natvakt_visitor TO %I', current_user); EXCEPTION WHEN insufficient_privilege THEN NULL; END;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""
_STANDING = """
SELECT relname, has_table_privilege(:role, c.oid, 'SELECT, INSERT, UPDATE, DELETE') AS open,
       relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = :policy) AS walled
FROM pg_class c WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""

logger = logging.getLogger(__name__)


def walled_tables() -> list[str]:
    return sorted(table.name for table in metadata.tables.values() if "tenant" in table.c and table.name not in EXEMPT)


def build_walls(connection: Connection) -> bool:
    """Inside the migration's transaction, again and again the same. False: this database user may not."""
    if connection.dialect.name != "postgresql":
        return False
    try:
        with connection.begin_nested():
            connection.execute(text(_MAKE_ROLE))
            for statement in _missing(connection):
                connection.execute(text(statement))
    except ProgrammingError as error:
        logger.warning("event=row-walls-missing reason=%s", getattr(error.orig, "sqlstate", ""))
        return False
    return True


def _missing(connection: Connection) -> list[str]:
    """Only what is not there yet: what stands is left alone, and locks nobody out at the next start."""
    rows = connection.execute(text(_STANDING), {"role": VISITOR, "policy": POLICY}).all()
    opened, walled = {row.relname for row in rows if row.open}, {row.relname for row in rows if row.walled}
    statements = [f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{name}" TO {VISITOR}' for name in sorted(metadata.tables.keys() - opened)]
    if statements:
        statements.append(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {VISITOR}")
    for name in walled_tables():
        if name not in walled:
            statements += [f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY', f'DROP POLICY IF EXISTS {POLICY} ON "{name}"', _policy(name)]
    return statements


def has_walls(engine: Engine) -> bool:
    """Whether this database has the role, and this user may take it on."""
    if engine.dialect.name != "postgresql":
        return False
    try:
        reading(engine_for(engine, ()), lambda c: c.execute(text("SELECT 1")))
    except DBAPIError:
        return False
    return True


def engine_for(engine: Engine, tenants: Collection[str]) -> Engine:
    """The same connections; every transaction through it sees the rows of these customers only."""
    return engine.execution_options(**{TENANTS: ",".join(sorted(tenants))})


def _policy(table: str) -> str:
    own = "tenant = ANY (string_to_array(current_setting('natvakt.tenants', true), ','))"
    return f'CREATE POLICY {POLICY} ON "{table}" TO {VISITOR} USING ({own}) WITH CHECK ({own})'
