"""Incidents, what they explain and who has them; maintenance; figures that monitoring has yet to look at."""

import sqlalchemy as sa
from alembic import op

revision = "incidents"
down_revision = "notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _incidents()
    _members()
    _watching()


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("started_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("raised_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cleared_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("flapping", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("merged", sa.String(length=64), nullable=False),
        sa.Column("maintenance", sa.String(length=64), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("owner_until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_cleared_ns"), "incident", ["cleared_ns"], unique=False)
    op.create_index(op.f("ix_incident_tenant_cleared_ns"), "incident", ["tenant", "cleared_ns"], unique=False)


def _members() -> None:
    op.create_table(
        "incident_member",
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("since_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_incident_member_incident"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("incident", "device", "cause", "part", "since_ns", name=op.f("pk_incident_member")),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_acknowledgement_incident"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("incident", "claim", name=op.f("pk_acknowledgement")),
    )


def _watching() -> None:
    op.create_table(
        "maintenance",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("start_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("end_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("weekdays", sa.String(length=16), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("ended_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance")),
    )
    op.create_index(op.f("ix_maintenance_tenant_end_ns"), "maintenance", ["tenant", "end_ns"], unique=False)
    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("received_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index(op.f("ix_observation_tenant_site_id"), "observation", ["tenant", "site", "id"], unique=False)
    op.create_table(
        "watch",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "site", name=op.f("pk_watch")),
    )


def downgrade() -> None:
    op.drop_table("watch")
    op.drop_table("observation")
    op.drop_table("maintenance")
    op.drop_table("acknowledgement")
    op.drop_table("incident_member")
    op.drop_table("incident")
