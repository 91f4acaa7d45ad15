"""A copy of the database as it stands at one moment, while others go on writing to it."""

import sqlite3
from pathlib import Path

from sqlalchemy import Engine

from natvakt_server.store.estate.engine import BadDatabase


def copy_database(engine: Engine, target: Path) -> None:
    """SQLite's own online backup. Raises BadDatabase: a database of PostgreSQL is copied by its own tools."""
    if engine.dialect.name != "sqlite":
        raise BadDatabase("this database is PostgreSQL's; copy it with pg_dump, and the rest with --without-database")
    source = engine.raw_connection()
    try:
        copy = sqlite3.connect(target)
        try:
            driver = source.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.backup(copy)
        finally:
            copy.close()
    except sqlite3.Error as error:
        raise BadDatabase(f"{target}: the database could not be copied: {error}; check space and owner of the folder") from error
    finally:
        source.close()
