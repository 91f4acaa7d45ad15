"""The knowledge base."""

import sqlalchemy as sa
from alembic import op

revision = "knowledge"
down_revision = "configuration_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_fact",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stored_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kind", "source", "key", name=op.f("pk_knowledge_fact")),
    )
    op.create_index(op.f("ix_knowledge_fact_kind_key"), "knowledge_fact", ["kind", "key"], unique=False)
    op.create_table(
        "knowledge_claim",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("os", sa.String(length=40), nullable=False),
        sa.Column("cve", sa.String(length=24), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind", "source", "key"],
            ["knowledge_fact.kind", "knowledge_fact.source", "knowledge_fact.key"],
            name=op.f("fk_knowledge_claim_kind_source_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "source", "key", "os", "cve", "family", name=op.f("pk_knowledge_claim")),
    )
    op.create_index(op.f("ix_knowledge_claim_os"), "knowledge_claim", ["os"], unique=False)


def downgrade() -> None:
    op.drop_table("knowledge_claim")
    op.drop_table("knowledge_fact")
