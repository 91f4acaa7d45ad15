"""Identities of sign-on providers."""

import sqlalchemy as sa
from alembic import op

revision = "sign_on"
down_revision = "agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_on_identity",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_on_identity_user_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_sign_on_identity")),
        sa.UniqueConstraint("issuer", "user_id", name=op.f("uq_sign_on_identity_issuer_user_id")),
    )


def downgrade() -> None:
    op.drop_table("sign_on_identity")
