"""People: users, what they were given over customers and sites, one-time links, server-side sessions. Hashes and sealed seeds only."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from natvakt_server.store.estate.tables.columns import Identifier, Slug, Word, metadata, nanoseconds

user = Table(
    "user_account",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("name", String(255), nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("role", Word, nullable=False),
    Column("language", Word, nullable=False),
    Column("password_hash", Text),
    Column("totp_sealed", LargeBinary),
    Column("totp_last_step", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("failed_logins", Integer, nullable=False),
    nanoseconds("locked_until_ns"),
)

grant = Table(
    "user_grant",
    metadata,
    Column("user_id", Identifier, ForeignKey("user_account.id"), primary_key=True),
    Column("role", Word, primary_key=True),
    Column("tenant", Slug, primary_key=True),
    Column("site", Slug, primary_key=True),  # empty: all sites of the customer
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("user_id", Identifier, ForeignKey("user_account.id"), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", LargeBinary(1023), primary_key=True),
    Column("user_id", Identifier, ForeignKey("user_account.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    nanoseconds("created_ns"),
    nanoseconds("last_used_ns"),
    Index(None, "user_id"),
)

link = Table(
    "user_link",
    metadata,
    Column("token_hash", LargeBinary(64), primary_key=True),
    Column("user_id", Identifier, ForeignKey("user_account.id"), nullable=False),
    nanoseconds("expires_ns"),
    Column("used_ns", BigInteger),
)

session = Table(
    "user_session",
    metadata,
    Column("token_hash", LargeBinary(64), primary_key=True),
    Column("user_id", Identifier, ForeignKey("user_account.id"), nullable=False),
    nanoseconds("created_ns"),
    nanoseconds("expires_ns"),
    nanoseconds("last_used_ns"),
    Column("csrf", String(255), nullable=False),
    Column("second_factor", Boolean, nullable=False),
    Index(None, "user_id"),
)
