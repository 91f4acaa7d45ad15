"""Which person an identity of a sign-on provider belongs to."""

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint

from natvakt_server.store.estate.tables.columns import Identifier, metadata

sign_on_identity = Table(
    "sign_on_identity",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user_id", Identifier, ForeignKey("user_account.id"), nullable=False),
    UniqueConstraint("issuer", "user_id"),
)
