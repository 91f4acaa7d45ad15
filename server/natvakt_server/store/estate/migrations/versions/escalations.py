"""Escalation chains, on-call calendars, and the chains that run."""

import sqlalchemy as sa
from alembic import op

revision = "escalations"
down_revision = "api_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "escalation_chain",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("repeat_minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_chain")),
    )
    op.create_table(
        "on_call_calendar",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("turn_days", sa.Integer(), nullable=False),
        sa.Column("handover", sa.String(length=5), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("stand_ins", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_calendar")),
    )
    create_escalations()


def create_escalations() -> None:
    op.create_table(
        "escalation",
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("occasion", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("due_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("incident", "chain", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_standing_due_ns"), "escalation", ["standing", "due_ns"], unique=False)


def downgrade() -> None:
    op.drop_table("escalation")
    op.drop_table("on_call_calendar")
    op.drop_table("escalation_chain")
