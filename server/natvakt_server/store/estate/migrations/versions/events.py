"""Events: traps, informs and syslog."""

import sqlalchemy as sa
from alembic import op

revision = "events"
down_revision = "report_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("agent_device_id", sa.BigInteger(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("facility", sa.String(length=255), nullable=False),
        sa.Column("mnemonic", sa.String(length=255), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("told_at", sa.String(length=255), nullable=False),
        sa.Column("user", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("is_change", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_device_id"], ["agent_device.id"], name=op.f("fk_event_agent_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_tenant_at_ns"), "event", ["tenant", "at_ns"], unique=False)
    op.create_index(op.f("ix_event_agent_device_id_at_ns"), "event", ["agent_device_id", "at_ns"], unique=False)
    op.create_index(op.f("ix_event_at_ns"), "event", ["at_ns"], unique=False)


def downgrade() -> None:
    op.drop_table("event")
