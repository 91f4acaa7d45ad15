"""Accepted findings, recipients of reports, and the outbox of reports."""

import sqlalchemy as sa
from alembic import op

revision = "report_desk"
down_revision = "knowledge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acceptance",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("finding", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("accepted_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "finding", name=op.f("pk_acceptance")),
    )
    op.create_table(
        "report_recipient",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "address", name=op.f("pk_report_recipient")),
    )
    op.create_table(
        "report_mail",
        sa.Column("assessment", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sent_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessment.id"], name=op.f("fk_report_mail_assessment"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assessment", "address", name=op.f("pk_report_mail")),
    )
    op.create_index(op.f("ix_report_mail_state_not_before_ns"), "report_mail", ["state", "not_before_ns"], unique=False)


def downgrade() -> None:
    op.drop_table("report_mail")
    op.drop_table("report_recipient")
    op.drop_table("acceptance")
