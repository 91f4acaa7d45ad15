"""Letters from the gateway to the worker, and the worker's signed notices. No token, no private key: hashes and public halves."""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

letter = Table(
    "letter",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("sender", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    nanoseconds("asked_ns"),
    nanoseconds("lease_until_ns"),
    Column("answer", LargeBinary),
    Index(None, "asked_ns"),
)

notice = Table(
    "notice",
    metadata,
    Column("tenant", Slug, primary_key=True),
    Column("agent", Identifier, primary_key=True),  # empty: every agent of the tenant
    Column("kind", Word, primary_key=True),
    Column("reference", Identifier, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    nanoseconds("not_after_ns"),
)
