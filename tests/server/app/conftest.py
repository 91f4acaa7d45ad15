"""Every test here that asks for `engine` runs over SQLite and over a real PostgreSQL."""

from testkit.databases import database_url, engine, migrated_file, migrated_postgres, postgres

__all__ = ["database_url", "engine", "migrated_file", "migrated_postgres", "postgres"]
