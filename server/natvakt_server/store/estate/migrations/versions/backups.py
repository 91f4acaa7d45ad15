"""Backups: what people expect of them, and how each stands."""

import sqlalchemy as sa
from alembic import op

revision = "backups"
down_revision = "incidents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_expectation()
    _create_standing()


def _create_expectation() -> None:
    op.create_table(
        "backup_expectation",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("job", sa.String(length=255), nullable=False),
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("said_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "device", "job", name=op.f("pk_backup_expectation")),
    )


def _create_standing() -> None:
    op.create_table(
        "backup_standing",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("job", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("since_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("judged_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("told_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("schedule", sa.String(length=120), nullable=False),
        sa.Column("success_ns", sa.BigInteger(), nullable=True),
        sa.Column("due_ns", sa.BigInteger(), nullable=True),
        sa.Column("next_ns", sa.BigInteger(), nullable=True),
        sa.Column("late_ns", sa.BigInteger(), nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("usual_bytes", sa.BigInteger(), nullable=True),
        sa.Column("usual_days", sa.Integer(), nullable=False),
        sa.Column("usual_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("restore_test_ns", sa.BigInteger(), nullable=True),
        sa.Column("saved", sa.Boolean(), nullable=True),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("target", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "device", "job", name=op.f("pk_backup_standing")),
    )
    op.create_index(op.f("ix_backup_standing_state"), "backup_standing", ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("backup_standing")
    op.drop_table("backup_expectation")
