"""What was agreed about availability."""

import sqlalchemy as sa
from alembic import op

revision = "agreements"
down_revision = "second_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("said_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("devices", sa.Text(), nullable=False),
        sa.Column("needs_all", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_agreement")),
    )


def downgrade() -> None:
    op.drop_table("agreement")
