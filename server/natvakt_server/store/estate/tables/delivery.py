"""Ledger, inbox and what belongs to them.

    lane 1--n ledger 1--0..1 inbox        (envelope until it is applied; kept while something of it is in quarantine)
                     1--0..1 quarantine   (what was refused and why)

`ledger` proves that something came; the row of `lane` is its high-water mark, so that a hello costs one look-up, two gateways queue on it,
and a worker's lease has a place. Locks are taken in the order ledger, site, lane, inbox; a gateway takes lanes only, by number.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from natvakt_server.store.estate.tables.columns import Identifier, RowNumber, Slug, Word, metadata, nanoseconds

lane = Table(
    "lane",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("tenant", Slug, nullable=False),
    Column("site", Slug, nullable=False),
    Column("agent", Identifier, nullable=False),
    Column("epoch", LargeBinary(16), nullable=False),
    Column("lane", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("first_row", BigInteger),  # oldest waiting row; none: nothing to do
    Column("leased", Integer, nullable=False, server_default="0"),  # rows in a worker's hands
    nanoseconds("lease_until_ns"),
    Column("waiting_bytes", BigInteger, nullable=False, server_default="0"),  # envelopes waiting or held
    UniqueConstraint("agent", "epoch", "lane"),
    Index(None, "first_row"),
    Index(None, "tenant"),
    sqlite_autoincrement=True,
)

ledger = Table(
    "ledger",
    metadata,
    Column("row", RowNumber, primary_key=True, autoincrement=True),
    Column("lane_id", BigInteger, ForeignKey("lane.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("is_gap", Boolean, nullable=False),
    nanoseconds("received_ns"),
    Column("applied", Boolean, nullable=False),
    Column("points", Integer, nullable=False),
    Column("offset_ns", BigInteger),  # set before the first point is written; a replay uses the same
    UniqueConstraint("lane_id", "seq"),
    Index(None, "lane_id", "last_seq"),
    Index(None, "received_ns"),
    sqlite_autoincrement=True,
)

inbox = Table(
    "inbox",
    metadata,
    Column("row", BigInteger, ForeignKey("ledger.row"), primary_key=True, autoincrement=False),
    Column("lane_id", BigInteger, ForeignKey("lane.id"), nullable=False),
    Column("state", Word, nullable=False),  # waiting | held | quarantined
    Column("leased", Boolean, nullable=False),
    Column("lane_class", Word, nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("clock_trusted", Boolean, nullable=False),
    Column("boot_id", LargeBinary(16), nullable=False),
    Index(None, "lane_id", "state", "row"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("row", BigInteger, ForeignKey("ledger.row"), primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("points", Integer, nullable=False),  # 0: the whole batch
    nanoseconds("at_ns"),
)

document_part = Table(
    "document_part",
    metadata,
    Column("agent", Identifier, primary_key=True),
    Column("device", Identifier, primary_key=True),
    Column("kind", Word, primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("parts", Integer, nullable=False),
    nanoseconds("observed_ns"),
    nanoseconds("received_ns"),
    Column("body", LargeBinary, nullable=False),
    Index(None, "received_ns"),
)

agent_session = Table(
    "agent_session",
    metadata,
    Column("agent", Identifier, primary_key=True),
    Column("epoch", LargeBinary(16), primary_key=True),
    Column("nonce", LargeBinary(64), nullable=False),
    Column("previous_nonce", LargeBinary(64), nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("fenced", Boolean, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    Column("skew_ns", BigInteger, nullable=False),
    nanoseconds("opened_ns"),
)

boot_clock = Table(
    "boot_clock",
    metadata,
    Column("agent", Identifier, primary_key=True),
    Column("boot_id", LargeBinary(16), primary_key=True),
    Column("started_wall_ns", BigInteger, nullable=False),
    Column("source", Word, nullable=False),
)
