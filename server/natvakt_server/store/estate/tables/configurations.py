"""Configurations: each text once for a customer, and the spans of time in which a device had one of that meaning.

    agent_device 1--n configuration_version n--1 configuration_text

A version hangs on the agent's device, as snapshots do, so that recognising or merging devices rewrites no history. Texts are found by their
digest within a tenant, never across: what two customers have in common is nobody's business.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table, Text

from natvakt_server.store.estate.tables.columns import Digest, RowNumber, Slug, Word, metadata, nanoseconds

configuration_text = Table(
    "configuration_text",
    metadata,
    Column("tenant", Slug, primary_key=True),
    Column("digest", Digest, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # zlib
    nanoseconds("stored_ns"),  # the newest time it came; texts without a version go some time after
)

configuration_version = Table(
    "configuration_version",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("tenant", Slug, nullable=False),
    Column("agent_device_id", BigInteger, ForeignKey("agent_device.id"), nullable=False),
    Column("source", Word, nullable=False),
    Column("meaning", Digest, nullable=False),
    nanoseconds("first_observed_ns"),
    nanoseconds("last_observed_ns"),
    Column("digest", Digest, nullable=False),
    Column("document", Digest, nullable=False),
    Column("system", Word, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("octets", Integer, nullable=False),
    Column("complete", Boolean),
    Column("incomplete_reason", Text, nullable=False),
    Column("changed_at", String(255), nullable=False),
    Column("changed_by", String(255), nullable=False),
    nanoseconds("changed_ns"),
    ForeignKeyConstraint(["tenant", "digest"], ["configuration_text.tenant", "configuration_text.digest"]),
    Index("ix_configuration_version_place", "agent_device_id", "source", "first_observed_ns"),  # the usual name is too long
    Index(None, "tenant", "digest"),
)
