"""Background work."""

from sqlalchemy import Column, Float, Index, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

job = Table(
    "job",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("tenant", Slug),
    Column("arguments", Text, nullable=False),  # JSON object
    Column("state", Word, nullable=False),
    Column("progress", Float, nullable=False),
    Column("detail", Text, nullable=False),
    nanoseconds("created_ns"),
    nanoseconds("not_before_ns"),
    nanoseconds("lease_until_ns"),
    Column("result", Text, nullable=False),
    Index(None, "state", "kind", "not_before_ns"),
    Index(None, "tenant", "created_ns"),
)
