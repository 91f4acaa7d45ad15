"""What devices said by themselves, each once, on the agent's device: recognising or merging devices rewrites no history."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from natvakt_server.store.estate.tables.columns import RowNumber, Slug, Word, metadata, nanoseconds

event = Table(
    "event",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("tenant", Slug, nullable=False),
    Column("agent_device_id", BigInteger, ForeignKey("agent_device.id"), nullable=False),
    nanoseconds("at_ns"),
    Column("kind", Word, nullable=False),
    Column("name", String(96), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("source", String(255), nullable=False),
    Column("known", Boolean, nullable=False),
    Column("facility", String(255), nullable=False),
    Column("mnemonic", String(255), nullable=False),
    Column("message", Text, nullable=False),
    Column("host", String(255), nullable=False),
    Column("told_at", String(255), nullable=False),
    Column("user", String(255), nullable=False),
    Column("origin", String(255), nullable=False),
    Column("is_change", Boolean, nullable=False),
    Column("count", Integer, nullable=False),
    Index(None, "tenant", "at_ns"),
    Index(None, "agent_device_id", "at_ns"),
    Index(None, "at_ns"),
)
