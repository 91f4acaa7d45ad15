"""Commands to agents."""

import sqlalchemy as sa
from alembic import op

revision = "agent_command"
down_revision = "first_schema"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_command",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("not_after_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("answered_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_command")),
    )
    op.create_index(op.f("ix_agent_command_agent_not_after_ns"), "agent_command", ["agent", "not_after_ns"], unique=False)
