"""Finished assessments, as signed."""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, metadata, nanoseconds

assessment = Table(
    "assessment",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("tenant", Slug, nullable=False),
    nanoseconds("made_ns"),
    Column("sites", Text, nullable=False),  # JSON array
    Column("scores", Text, nullable=False),  # JSON object by level
    Column("coverage", Text, nullable=False),
    Column("counts", Text, nullable=False),  # JSON object by severity
    Column("document", LargeBinary, nullable=False),
    Column("inputs", LargeBinary, nullable=False),
    Index(None, "tenant", "made_ns"),
)
