"""Column types and the metadata they belong to."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

Slug = String(40)  # tenant, site
Identifier = String(64)  # UUIDv7 text and the agent's device ids
Word = String(40)  # states, kinds, roles
Digest = String(128)  # hexadecimal text
RowNumber = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only in an INTEGER key


def nanoseconds(name: str) -> Column[int]:
    """Nanoseconds since 1970-01-01 UTC; 0 means never."""
    return Column(name, BigInteger, nullable=False, server_default="0")
