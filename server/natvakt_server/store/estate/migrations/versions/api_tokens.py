"""Tokens for programs."""

import sqlalchemy as sa
from alembic import op

revision = "api_tokens"
down_revision = "grants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_used_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("revoked_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_table(
        "api_token_grant",
        sa.Column("token_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_api_token_grant_token_id")),
        sa.PrimaryKeyConstraint("token_id", "role", "tenant", "site", name=op.f("pk_api_token_grant")),
    )


def downgrade() -> None:
    op.drop_table("api_token_grant")
    op.drop_table("api_token")
