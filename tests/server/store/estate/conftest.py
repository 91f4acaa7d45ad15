"""Every test here that asks for `engine` runs over SQLite and over a real PostgreSQL."""

from testkit.databases import database_url, engine, migrated_file, migrated_template, postgres

__all__ = ["database_url", "engine", "migrated_file", "migrated_template", "postgres"]
