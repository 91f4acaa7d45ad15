"""Brings a database to the shape this version needs. Safe to run at every start, by several processes at once."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from natvakt_server.store.estate.engine import BadDatabase
from natvakt_server.store.estate.row_walls import build_walls
from natvakt_server.store.estate.transactions import reading, writing

SCRIPTS = "natvakt_server.store.estate:migrations"
_MIGRATION_LOCK = 0x6E6174766B74  # any number all our processes agree on ("natvkt")


def migrate(engine: Engine) -> str:
    """Run what is missing, in one transaction; answers the revision reached. Raises StoreUnavailable, BadDatabase."""
    return writing(engine, _upgrade)


def revision(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    return reading(engine, _current)


def newest_revision() -> str:
    """The revision this version of the program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _upgrade(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":  # SQLite holds its one write lock already
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    config = _config()
    current = _current(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise BadDatabase(
            f"database: revision {current} is newer than this program knows; start the version that made it, or restore a backup"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    build_walls(connection)
    return newest_revision()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "os")
    return config
