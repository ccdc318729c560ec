"""Sign-on by a provider, recovery codes, conversations by customer, and an audit log that nobody can rewrite."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_recovery_codes()
    _make_identities()
    _make_attempts()
    op.create_index("ix_conversations_customer_id", "conversations", ["customer_id"])
    _seal_audit_log()


def _make_recovery_codes() -> None:
    op.create_table(
        "staff_recovery_codes",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name="fk_staff_recovery_codes_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_staff_recovery_codes"),
    )


def _make_identities() -> None:
    op.create_table(
        "staff_identities",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name="fk_staff_identities_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_staff_identities"),
        sa.UniqueConstraint("account_id", "issuer", name="uq_staff_identities_account_id_issuer"),
    )


def _make_attempts() -> None:
    op.create_table(
        "sign_on_attempts",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_sign_on_attempts"),
    )
    op.create_index("ix_sign_on_attempts_expires_at", "sign_on_attempts", ["expires_at"])


def _seal_audit_log() -> None:
    """Lines can be added only; whoever must remove old ones does it as the data base's owner, seen by all."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log "
            "FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_no_{act.lower()} BEFORE {act} ON audit_log "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_log_append_only ON audit_log")
        op.execute("DROP FUNCTION audit_log_is_append_only()")
    else:
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_log_no_{act}")
    op.drop_index("ix_conversations_customer_id", "conversations")
    for table in ("sign_on_attempts", "staff_identities", "staff_recovery_codes"):
        op.drop_table(table)
