"""Backups: what people expect of them, and how each stood when it was last judged."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

JobName = String(255)

backup_expectation = Table(
    "backup_expectation",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("device", Identifier, nullable=False),  # empty: every device that nothing is said of
    Column("job", JobName, nullable=False),  # empty: the configuration
    Column("schedule", String(120), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("grace_seconds", Integer, nullable=False),
    nanoseconds("said_ns"),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "device", "job"),
)

backup_standing = Table(
    "backup_standing",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("device", Identifier, nullable=False),
    Column("job", JobName, nullable=False),
    Column("state", Word, nullable=False),
    Column("reason", Word, nullable=False),
    nanoseconds("since_ns"),
    nanoseconds("judged_ns"),
    nanoseconds("told_ns"),
    Column("origin", Word, nullable=False),
    Column("schedule", String(120), nullable=False),
    Column("success_ns", BigInteger),
    Column("due_ns", BigInteger),
    Column("next_ns", BigInteger),
    Column("late_ns", BigInteger),
    Column("missed", Integer, nullable=False),
    Column("bytes", BigInteger),
    Column("usual_bytes", BigInteger),
    Column("usual_days", Integer, nullable=False),
    nanoseconds("usual_ns"),
    Column("restore_test_ns", BigInteger),
    Column("saved", Boolean),
    Column("kind", String(255), nullable=False),
    Column("target", String(255), nullable=False),
    Column("detail", String(255), nullable=False),
    PrimaryKeyConstraint("tenant", "device", "job"),
    Index(None, "state"),
)
