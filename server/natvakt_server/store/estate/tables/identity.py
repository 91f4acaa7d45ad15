"""Agents, their keys, tokens, recipient keys, audit trail. Public halves and hashes only: nothing here opens or signs anything."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

agent = Table(
    "agent",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("state", Word, nullable=False),
    nanoseconds("enrolled_ns"),
    nanoseconds("last_seen_ns"),
    Column("version", String(64), nullable=False),
    nanoseconds("certificate_not_after_ns"),
    nanoseconds("revoked_ns"),
    Column("detail", Text, nullable=False),
    Index(None, "tenant", "site"),
)

identity_key = Table(
    "identity_key",
    metadata,
    Column("agent", Identifier, ForeignKey("agent.id"), primary_key=True),
    Column("fingerprint", LargeBinary(32), primary_key=True),
    Column("public_key", LargeBinary(32), nullable=False),
    nanoseconds("not_before_ns"),
    Column("not_after_ns", BigInteger),
)

token = Table(
    "token",
    metadata,
    Column("token_hash", LargeBinary(64), primary_key=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    nanoseconds("expires_ns"),
    Column("used_ns", BigInteger),
    Column("bound_key", LargeBinary(32)),
    Column("agent", Identifier),
)

recipient_key = Table(
    "recipient_key",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("tenant", Slug, nullable=False),
    Column("suite", Integer, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    nanoseconds("not_before_ns"),
    nanoseconds("not_after_ns"),
    Column("destroyed_ns", BigInteger),
    Index(None, "tenant"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 without a hole
    nanoseconds("at_ns"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", Word, nullable=False),
    Column("detail", Text, nullable=False),
    Column("tenant", Slug),
    Column("previous", LargeBinary(32), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Index(None, "tenant", "number"),
)
