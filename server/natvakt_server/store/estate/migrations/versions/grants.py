"""What people may over single customers and sites."""

import sqlalchemy as sa
from alembic import op

revision = "grants"
down_revision = "backups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user_grant",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_grant_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", "tenant", "site", name=op.f("pk_user_grant")),
    )


def downgrade() -> None:
    op.drop_table("user_grant")
