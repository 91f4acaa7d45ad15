"""Tokens for programs: hashes, what each was given, and its end."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

api_token = Table(
    "api_token",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    nanoseconds("created_ns"),
    nanoseconds("expires_ns"),
    nanoseconds("last_used_ns"),
    nanoseconds("revoked_ns"),
)

api_token_grant = Table(
    "api_token_grant",
    metadata,
    Column("token_id", Identifier, ForeignKey("api_token.id"), primary_key=True),
    Column("role", Word, primary_key=True),
    Column("tenant", Slug, primary_key=True),  # empty: the whole partner
    Column("site", Slug, primary_key=True),  # empty: all sites of the customer
)
