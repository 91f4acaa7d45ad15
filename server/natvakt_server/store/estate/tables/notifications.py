"""Occasions, who hears of them, and the messages to them."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, RowNumber, Slug, Word, metadata, nanoseconds

Key = String(255)
Recipient = String(254)

occasion = Table(
    "occasion",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("key", Key, nullable=False, unique=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("incident", Identifier, nullable=False),
    Column("kind", Word, nullable=False),
    Column("severity", Word, nullable=False),
    nanoseconds("at_ns"),
    Column("body", Text, nullable=False),  # JSON: cause, devices, suppressed, facts, by
    Column("routed", Boolean, nullable=False),  # rules were asked who gets it
    Index(None, "routed", "id"),
    Index(None, "at_ns"),
)

destination = Table(
    "notification_destination",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", Text, nullable=False),
    Column("channel", Word, nullable=False),
    Column("language", String(2), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("settings", Text, nullable=False),  # JSON
    Column("sealed", LargeBinary),  # secret settings, for the worker's key only
    Column("enabled", Boolean, nullable=False),
    Column("quiet_from", String(5), nullable=False),
    Column("quiet_until", String(5), nullable=False),
    Column("digest_minutes", Integer, nullable=False),
)

rule = Table(
    "notification_rule",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", Text, nullable=False),
    Column("tenant", Slug, nullable=False),  # empty: every customer
    Column("site", Slug, nullable=False),
    Column("least", Word, nullable=False),
    Column("kinds", Text, nullable=False),  # JSON
    Column("destinations", Text, nullable=False),  # JSON
    Column("chain", Identifier, nullable=False),
    Column("enabled", Boolean, nullable=False),
)

message = Table(
    "notification_message",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("destination", Identifier, nullable=False),  # may be gone since
    Column("recipient", Recipient, nullable=False),
    Column("occasion", BigInteger().with_variant(Integer(), "sqlite"), ForeignKey("occasion.id", ondelete="CASCADE"), nullable=False),
    Column("tenant", Slug, nullable=False),
    Column("incident", Identifier, nullable=False),
    Column("kind", Word, nullable=False),
    Column("severity", Word, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("state", Word, nullable=False),  # waiting, sent, failed
    Column("attempts", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    nanoseconds("created_ns"),
    nanoseconds("not_before_ns"),
    nanoseconds("sent_ns"),
    Column("digest", Identifier, nullable=False),
    Index(None, "state", "not_before_ns"),
    Index(None, "destination", "recipient", "sent_ns"),
    Index(None, "created_ns"),
    Index(None, "occasion"),
)
