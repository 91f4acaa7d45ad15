"""Incidents, what they explain and who has them; maintenance; and what monitoring has yet to look at."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, RowNumber, Slug, Word, metadata, nanoseconds

Name, Part = String(255), String(64)

incident = Table(
    "incident",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("cause", Word, nullable=False),
    Column("device", Identifier, nullable=False),  # empty: the site
    Column("name", Name, nullable=False),
    Column("part", Part, nullable=False),
    Column("severity", Word, nullable=False),
    nanoseconds("started_ns"),
    nanoseconds("raised_ns"),
    nanoseconds("cleared_ns"),
    Column("flapping", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("merged", Identifier, nullable=False),
    Column("maintenance", Identifier, nullable=False),
    Column("members", Integer, nullable=False),
    Column("owner", Name, nullable=False),
    nanoseconds("owner_until_ns"),
    Column("claims", Integer, nullable=False),
    Index(None, "tenant", "cleared_ns"),
    Index(None, "cleared_ns"),
)

incident_member = Table(
    "incident_member",
    metadata,
    Column("incident", Identifier, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("device", Identifier, nullable=False),
    Column("cause", Word, nullable=False),
    Column("part", Part, nullable=False),
    Column("name", Name, nullable=False),
    Column("why", Word, nullable=False),
    nanoseconds("since_ns"),
    nanoseconds("until_ns"),
    PrimaryKeyConstraint("incident", "device", "cause", "part", "since_ns"),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("incident", Identifier, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("claim", Integer, nullable=False),
    Column("by", Name, nullable=False),
    nanoseconds("at_ns"),
    nanoseconds("until_ns"),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("incident", "claim"),
)

maintenance = Table(
    "maintenance",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("device", Identifier, nullable=False),
    nanoseconds("start_ns"),
    nanoseconds("end_ns"),
    Column("reason", Text, nullable=False),
    Column("owner", Name, nullable=False),
    nanoseconds("created_ns"),
    Column("weekdays", String(16), nullable=False),  # digits, 0 is Monday; empty: once
    Column("start_minute", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("time_zone", Word, nullable=False),
    nanoseconds("ended_ns"),
    Index(None, "tenant", "end_ns"),
)

observation = Table(
    "observation",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    nanoseconds("received_ns"),
    Column("body", LargeBinary, nullable=False),
    Index(None, "tenant", "site", "id"),
)

watch = Table(
    "watch",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant", "site"),
)
