"""The first schema: estate, identity, accounts, jobs, assessments, audit trail, ledger and inbox."""

import sqlalchemy as sa
from alembic import op

revision = "first_schema"
down_revision = None
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_agent()
    _create_agent_session()
    _create_assessment()
    _create_audit()
    _create_boot_clock()
    _create_customer()
    _create_document_part()
    _create_job()
    _create_lane()
    _create_recipient_key()
    _create_token()
    _create_user_account()
    _create_identity_key()
    _create_ledger()
    _create_site()
    _create_user_link()
    _create_user_session()
    _create_device()
    _create_inbox()
    _create_quarantine()
    _create_agent_device()
    _create_snapshot()
    _create_snapshot_version()


def _create_agent() -> None:
    op.create_table(
        "agent",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("enrolled_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_seen_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("certificate_not_after_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("revoked_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
    )
    op.create_index(op.f("ix_agent_tenant_site"), "agent", ["tenant", "site"], unique=False)


def _create_agent_session() -> None:
    op.create_table(
        "agent_session",
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=64), nullable=False),
        sa.Column("previous_nonce", sa.LargeBinary(length=64), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("fenced", sa.Boolean(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("skew_ns", sa.BigInteger(), nullable=False),
        sa.Column("opened_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("agent", "epoch", name=op.f("pk_agent_session")),
    )


def _create_assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("made_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sites", sa.Text(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_tenant_made_ns"), "assessment", ["tenant", "made_ns"], unique=False)


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=True),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_tenant_number"), "audit", ["tenant", "number"], unique=False)


def _create_boot_clock() -> None:
    op.create_table(
        "boot_clock",
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("boot_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("started_wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("agent", "boot_id", name=op.f("pk_boot_clock")),
    )


def _create_customer() -> None:
    op.create_table(
        "customer",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("schedule", sa.String(length=40), nullable=True),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_customer")),
    )


def _create_document_part() -> None:
    op.create_table(
        "document_part",
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("observed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "device", "kind", "digest", "part", name=op.f("pk_document_part")),
    )
    op.create_index(op.f("ix_document_part_received_ns"), "document_part", ["received_ns"], unique=False)


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=True),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_state_kind_not_before_ns"), "job", ["state", "kind", "not_before_ns"], unique=False)
    op.create_index(op.f("ix_job_tenant_created_ns"), "job", ["tenant", "created_ns"], unique=False)


def _create_lane() -> None:
    op.create_table(
        "lane",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=True),
        sa.Column("leased", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("waiting_bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("agent", "epoch", "lane", name=op.f("uq_lane_agent_epoch_lane")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lane_first_row"), "lane", ["first_row"], unique=False)
    op.create_index(op.f("ix_lane_tenant"), "lane", ["tenant"], unique=False)


def _create_recipient_key() -> None:
    op.create_table(
        "recipient_key",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("suite", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("not_before_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_after_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("destroyed_ns", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_key")),
    )
    op.create_index(op.f("ix_recipient_key_tenant"), "recipient_key", ["tenant"], unique=False)


def _create_token() -> None:
    op.create_table(
        "token",
        sa.Column("token_hash", sa.LargeBinary(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("used_ns", sa.BigInteger(), nullable=True),
        sa.Column("bound_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_token")),
    )


def _create_user_account() -> None:
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
    )


def _create_identity_key() -> None:
    op.create_table(
        "identity_key",
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("not_before_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_after_ns", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_identity_key_agent")),
        sa.PrimaryKeyConstraint("agent", "fingerprint", name=op.f("pk_identity_key")),
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("row", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("is_gap", sa.Boolean(), nullable=False),
        sa.Column("received_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("offset_ns", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_ledger_lane_id")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_ledger")),
        sa.UniqueConstraint("lane_id", "seq", name=op.f("uq_ledger_lane_id_seq")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ledger_lane_id_last_seq"), "ledger", ["lane_id", "last_seq"], unique=False)
    op.create_index(op.f("ix_ledger_received_ns"), "ledger", ["received_ns"], unique=False)


def _create_site() -> None:
    op.create_table(
        "site",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["customer.tenant"], name=op.f("fk_site_tenant")),
        sa.PrimaryKeyConstraint("tenant", "site", name=op.f("pk_site")),
    )


def _create_user_link() -> None:
    op.create_table(
        "user_link",
        sa.Column("token_hash", sa.LargeBinary(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("used_ns", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_link_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_link")),
    )


def _create_user_session() -> None:
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.LargeBinary(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_used_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("csrf", sa.String(length=255), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)


def _create_device() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("role_overridden", sa.Boolean(), nullable=False),
        sa.Column("vendor", sa.String(length=255), nullable=True),
        sa.Column("os", sa.String(length=40), nullable=True),
        sa.Column("version", sa.String(length=255), nullable=True),
        sa.Column("model", sa.String(length=255), nullable=True),
        sa.Column("serial", sa.String(length=255), nullable=True),
        sa.Column("engine_id", sa.String(length=255), nullable=True),
        sa.Column("base_mac", sa.String(length=255), nullable=True),
        sa.Column("first_seen_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_seen_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("described_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("replaced_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["tenant", "site"], ["site.tenant", "site.site"], name=op.f("fk_device_tenant_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_tenant_site"), "device", ["tenant", "site"], unique=False)


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("row", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lane_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("leased", sa.Boolean(), nullable=False),
        sa.Column("lane_class", sa.String(length=40), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("clock_trusted", sa.Boolean(), nullable=False),
        sa.Column("boot_id", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_inbox_lane_id")),
        sa.ForeignKeyConstraint(["row"], ["ledger.row"], name=op.f("fk_inbox_row")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_lane_id_state_row"), "inbox", ["lane_id", "state", "row"], unique=False)


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("row", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["row"], ["ledger.row"], name=op.f("fk_quarantine_row")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_quarantine")),
    )


def _create_agent_device() -> None:
    op.create_table(
        "agent_device",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=40), nullable=False),
        sa.Column("agent_device", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_agent_device_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_device")),
        sa.UniqueConstraint("tenant", "site", "agent_device", name=op.f("uq_agent_device_tenant_site_agent_device")),
    )
    op.create_index(op.f("ix_agent_device_device_id"), "agent_device", ["device_id"], unique=False)


def _create_snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("agent_device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("observed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("confirmed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("rows", sa.Text(), nullable=True),
        sa.Column("awaited_digest", sa.String(length=128), nullable=True),
        sa.Column("awaited_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["agent_device_id"], ["agent_device.id"], name=op.f("fk_snapshot_agent_device_id")),
        sa.PrimaryKeyConstraint("agent_device_id", "kind", name=op.f("pk_snapshot")),
    )


def _create_snapshot_version() -> None:
    op.create_table(
        "snapshot_version",
        sa.Column("agent_device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("first_observed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_observed_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_device_id"], ["agent_device.id"], name=op.f("fk_snapshot_version_agent_device_id")),
        sa.PrimaryKeyConstraint("agent_device_id", "kind", "digest", name=op.f("pk_snapshot_version")),
    )
