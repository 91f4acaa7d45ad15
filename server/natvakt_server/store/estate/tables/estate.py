"""Customers, sites, devices, and what each agent last said about them.

    customer 1--n site 1--n device 1--n agent_device 1--n snapshot      (newest whole state of a table)
                                                     1--n snapshot_version (every state there ever was, for the kinds worth it)

What an agent says stays under the agent's own device; only `agent_device.device_id` says which estate device that is. Recognising,
merging or replacing a device moves that one pointer and rewrites nothing.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, String, Table, Text, UniqueConstraint

from natvakt_server.store.estate.tables.columns import Digest, Identifier, RowNumber, Slug, Word, metadata, nanoseconds

customer = Table(
    "customer",
    metadata,
    Column("tenant", Slug, primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", Word, nullable=False),
    Column("time_zone", Word, nullable=False),
    Column("schedule", Word),
    nanoseconds("created_ns"),
)

site = Table(
    "site",
    metadata,
    Column("tenant", Slug, ForeignKey("customer.tenant"), primary_key=True),
    Column("site", Slug, primary_key=True),
    Column("name", Text, nullable=False),
    nanoseconds("created_ns"),
)

device = Table(
    "device",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("name", String(255), nullable=False),
    Column("address", String(255), nullable=False),
    Column("role", Word, nullable=False),
    Column("role_overridden", Boolean, nullable=False),
    Column("vendor", String(255)),
    Column("os", Word),
    Column("version", String(255)),
    Column("model", String(255)),
    Column("serial", String(255)),
    Column("engine_id", String(255)),
    Column("base_mac", String(255)),
    nanoseconds("first_seen_ns"),
    nanoseconds("last_seen_ns"),
    nanoseconds("described_ns"),  # time of the `device` document the columns come from
    Column("replaced_by", Identifier),  # the device that stands in its place now; not listed while set
    ForeignKeyConstraint(["tenant", "site"], ["site.tenant", "site.site"]),
    Index(None, "tenant", "site"),
)

agent_device = Table(
    "agent_device",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("agent_device", Identifier, nullable=False),
    Column("device_id", Identifier, ForeignKey("device.id"), nullable=False),
    UniqueConstraint("tenant", "site", "agent_device"),
    Index(None, "device_id"),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("agent_device_id", BigInteger, ForeignKey("agent_device.id"), primary_key=True, autoincrement=False),
    Column("kind", Word, primary_key=True),
    nanoseconds("observed_ns"),
    nanoseconds("confirmed_ns"),
    Column("digest", Digest, nullable=False),
    Column("rows", Text),  # canonical JSON; none: confirmed before it came
    # The newest "still the same" about a state that has not come yet: lanes overtake each other.
    Column("awaited_digest", Digest),
    nanoseconds("awaited_ns"),
)

snapshot_version = Table(
    "snapshot_version",
    metadata,
    Column("agent_device_id", BigInteger, ForeignKey("agent_device.id"), primary_key=True, autoincrement=False),
    Column("kind", Word, primary_key=True),
    Column("digest", Digest, primary_key=True),
    nanoseconds("first_observed_ns"),
    nanoseconds("last_observed_ns"),
    Column("rows", Text, nullable=False),
)
