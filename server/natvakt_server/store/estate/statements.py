"""The one statement the two databases spell in their own dialects."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], key: Sequence[str]) -> int:
    """Insert the rows whose key is not there yet; answers how many were inserted when one row is given."""
    dialect_insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = dialect_insert(table).on_conflict_do_nothing(index_elements=list(key))
    return connection.execute(statement, [dict(row) for row in rows]).rowcount
