"""Escalation chains, on-call calendars, and the chains that run."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Word, metadata, nanoseconds

chain = Table(
    "escalation_chain",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", Text, nullable=False),
    Column("steps", Text, nullable=False),  # JSON
    Column("repeat_minutes", Integer, nullable=False),
)

calendar = Table(
    "on_call_calendar",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("first_day", String(10), nullable=False),  # ISO day
    Column("turn_days", Integer, nullable=False),
    Column("handover", String(5), nullable=False),
    Column("people", Text, nullable=False),  # JSON
    Column("stand_ins", Text, nullable=False),  # JSON
)

escalation = Table(
    "escalation",
    metadata,
    Column("incident", Identifier, nullable=False),
    Column("chain", Identifier, nullable=False),  # may be gone since
    Column("occasion", BigInteger().with_variant(Integer(), "sqlite"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    nanoseconds("due_ns"),
    Column("standing", Word, nullable=False),  # running, acknowledged, cleared, ended
    PrimaryKeyConstraint("incident", "chain"),
    Index(None, "standing", "due_ns"),
)
