"""What people asked agents to do."""

from sqlalchemy import Boolean, Column, Index, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

agent_command = Table(
    "agent_command",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("tenant", Slug, nullable=False),
    Column("agent", Identifier, nullable=False),
    Column("verb", Word, nullable=False),
    nanoseconds("not_after_ns"),
    nanoseconds("created_ns"),
    Column("accepted", Boolean),
    Column("detail", Text, nullable=False),
    nanoseconds("answered_ns"),
    Index(None, "agent", "not_after_ns"),
)
