"""What a customer sets otherwise than the defaults of the rules, and what its sites are known by."""

import sqlalchemy as sa
from alembic import op

revision = "policies"
down_revision = "escalations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_policy",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("given_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_customer_policy")),
    )


def downgrade() -> None:
    op.drop_table("customer_policy")
