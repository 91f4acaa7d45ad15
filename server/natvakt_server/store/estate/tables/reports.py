"""What goes with reports: findings that are accepted, who gets reports by mail, and the mails."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

Address = String(254)  # RFC 5321, section 4.5.3.1.3

acceptance = Table(
    "acceptance",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("finding", Identifier, nullable=False),
    Column("until", String(10), nullable=False),  # ISO day
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    nanoseconds("accepted_ns"),
    Column("rule", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("object", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "finding"),
)

recipient = Table(
    "report_recipient",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("address", Address, nullable=False),
    Column("language", String(2), nullable=False),
    PrimaryKeyConstraint("tenant", "address"),
)

mail = Table(
    "report_mail",
    metadata,
    Column("assessment", Identifier, ForeignKey("assessment.id", ondelete="CASCADE"), nullable=False),
    Column("address", Address, nullable=False),
    Column("tenant", Slug, nullable=False),
    Column("language", String(2), nullable=False),
    Column("state", Word, nullable=False),  # waiting, sent, failed
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("detail", Text, nullable=False),
    nanoseconds("created_ns"),
    nanoseconds("not_before_ns"),
    nanoseconds("sent_ns"),
    PrimaryKeyConstraint("assessment", "address"),
    Index(None, "state", "not_before_ns"),
)
