"""What was agreed about availability."""

from sqlalchemy import Boolean, Column, Float, PrimaryKeyConstraint, String, Table, Text

from natvakt_server.store.estate.tables.columns import Slug, metadata, nanoseconds

agreement = Table(
    "agreement",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("name", String(80), nullable=False),  # empty: the customer as a whole
    Column("hours", String(200), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("target", Float, nullable=False),
    nanoseconds("said_ns"),
    Column("by", Text, nullable=False),
    Column("devices", Text, nullable=False),  # JSON, ids of the estate
    Column("needs_all", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant", "name"),
)
