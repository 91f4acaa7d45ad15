"""What sources of knowledge were asked, for all processes of a server: answers remembered, calls counted, whose turn it is."""

from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Word, metadata, nanoseconds

knowledge_question = Table(
    "knowledge_question",
    metadata,
    Column("source", Word, nullable=False),
    Column("subject", String(200), nullable=False),
    nanoseconds("answered_ns"),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    PrimaryKeyConstraint("source", "subject"),
)

knowledge_source = Table(
    "knowledge_source",
    metadata,
    Column("source", Word, primary_key=True),
    nanoseconds("not_before_ns"),
    Column("holder", Identifier, nullable=False),
    nanoseconds("held_until_ns"),
    nanoseconds("tried_ns"),
    nanoseconds("succeeded_ns"),
    Column("calls", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    Column("error", Text, nullable=False),
)

knowledge_call = Table(
    "knowledge_call",
    metadata,
    Column("service", Word, nullable=False),
    nanoseconds("at_ns"),
    PrimaryKeyConstraint("service", "at_ns"),
)
