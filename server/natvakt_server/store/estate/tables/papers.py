"""What people hand in: lists of service contracts, answers to what only a person can see, and what a customer sets otherwise."""

from sqlalchemy import Boolean, Column, PrimaryKeyConstraint, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, metadata, nanoseconds

Cell = String(100)

contract_list = Table(
    "contract_list",
    metadata,
    Column("tenant", Slug, nullable=False),
    nanoseconds("given_ns"),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("tenant"),
)

contract = Table(
    "contract",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("serial", Cell, nullable=False),
    Column("number", Cell, nullable=False),
    Column("ends_on", String(10), nullable=True),  # ISO day
    Column("service", Cell, nullable=False),
    PrimaryKeyConstraint("tenant", "serial"),
)

answer = Table(
    "answer",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("rule", Cell, nullable=False),
    Column("device", Identifier, nullable=False),
    Column("holds", Boolean, nullable=False),
    nanoseconds("given_ns"),
    Column("by", Text, nullable=False),
    Column("remark", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "rule", "device"),
)

customer_policy = Table(
    "customer_policy",
    metadata,
    Column("tenant", Slug, nullable=False),
    Column("numbers", Text, nullable=False),  # JSON: threshold -> number
    Column("places", Text, nullable=False),  # JSON: kind -> addresses and networks
    nanoseconds("given_ns"),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("tenant"),
)
