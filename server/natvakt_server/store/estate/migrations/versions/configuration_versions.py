"""Versions of configurations."""

import sqlalchemy as sa
from alembic import op

revision = "configuration_versions"
down_revision = "mailbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_texts()
    _create_versions()
    op.create_index(
        "ix_configuration_version_place",
        "configuration_version",
        ["agent_device_id", "source", "first_observed_ns"],
        unique=False,
    )
    op.create_index(op.f("ix_configuration_version_tenant_digest"), "configuration_version", ["tenant", "digest"], unique=False)


def _create_texts() -> None:
    op.create_table(
        "configuration_text",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stored_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant", "digest", name=op.f("pk_configuration_text")),
    )


def _create_versions() -> None:
    op.create_table(
        "configuration_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("agent_device_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("meaning", sa.String(length=128), nullable=False),
        sa.Column("first_observed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_observed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("document", sa.String(length=128), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("octets", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=True),
        sa.Column("incomplete_reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.String(length=255), nullable=False),
        sa.Column("changed_by", sa.String(length=255), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["agent_device_id"], ["agent_device.id"], name=op.f("fk_configuration_version_agent_device_id")),
        sa.ForeignKeyConstraint(
            ["tenant", "digest"],
            ["configuration_text.tenant", "configuration_text.digest"],
            name=op.f("fk_configuration_version_tenant_digest"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_version")),
    )
