"""What sources of knowledge were asked."""

import sqlalchemy as sa
from alembic import op

revision = "asked"
down_revision = "papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_question",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("answered_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source", "subject", name=op.f("pk_knowledge_question")),
    )
    op.create_table(
        "knowledge_source",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("not_before_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("held_until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tried_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("succeeded_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_knowledge_source")),
    )
    op.create_table(
        "knowledge_call",
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("service", "at_ns", name=op.f("pk_knowledge_call")),
    )


def downgrade() -> None:
    op.drop_table("knowledge_call")
    op.drop_table("knowledge_source")
    op.drop_table("knowledge_question")
