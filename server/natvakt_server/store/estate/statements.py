"""The one statement the two databases spell in their own dialects."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], key: Sequence[str]) -> int:
    """Insert the rows whose key is not there yet, one at least; answers how many these were."""
    counted = {"preserve_rowcount": True}
    return connection.execute(_insert(connection, table, key), [dict(row) for row in rows], execution_options=counted).rowcount


def insert_one_missing(connection: Connection, table: Table, row: Mapping[str, object], key: Sequence[str]) -> bool:
    """Insert the row unless its key is there; answers whether it was inserted."""
    inserted = _insert(connection, table, key).values(**row).returning(table.c[key[0]])
    return connection.execute(inserted).first() is not None


def _insert(connection: Connection, table: Table, key: Sequence[str]) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=list(key))
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=list(key))
