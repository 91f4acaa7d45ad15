"""Lists of service contracts, and answers to what only a person can see."""

import sqlalchemy as sa
from alembic import op

revision = "papers"
down_revision = "events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_list",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("given_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_contract_list")),
    )
    op.create_table(
        "contract",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("serial", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("service", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "serial", name=op.f("pk_contract")),
    )
    op.create_table(
        "answer",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("given_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "rule", "device", name=op.f("pk_answer")),
    )


def downgrade() -> None:
    op.drop_table("answer")
    op.drop_table("contract")
    op.drop_table("contract_list")
