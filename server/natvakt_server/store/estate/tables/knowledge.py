"""Facts of the knowledge base, one row a source, kind and key; what they claim of operating systems beside them."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, String, Table

from natvakt_server.store.estate.tables.columns import Digest, Word, metadata, nanoseconds

Key = String(128)

knowledge_fact = Table(
    "knowledge_fact",
    metadata,
    Column("kind", Word, primary_key=True),
    Column("source", Word, primary_key=True),
    Column("key", Key, primary_key=True),
    Column("digest", Digest, nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("body", LargeBinary, nullable=False),  # JSON, without claims
    nanoseconds("stored_ns"),
    Index(None, "kind", "key"),
)

knowledge_claim = Table(
    "knowledge_claim",
    metadata,
    Column("kind", Word, primary_key=True),
    Column("source", Word, primary_key=True),
    Column("key", Key, primary_key=True),
    Column("os", Word, primary_key=True),
    Column("cve", String(24), primary_key=True),
    Column("family", Word, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # JSON
    ForeignKeyConstraint(
        ["kind", "source", "key"], ["knowledge_fact.kind", "knowledge_fact.source", "knowledge_fact.key"], ondelete="CASCADE"
    ),
    Index(None, "os"),
)
