"""Accounts of staff, their sessions, and what they did."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from desk.adapters.sql.tables import UtcDateTime, as_json, metadata

staff_accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("email", String(320), nullable=False, unique=True),  # in lower case
    Column("name", String(128), nullable=False),
    Column("password_hash", String(255)),
    Column("roles", as_json(), nullable=False),
    Column("languages", as_json(), nullable=False),
    Column("skills", as_json(), nullable=False),
    Column("teams", as_json(), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("totp_secret", Text),  # encrypted
    Column("totp_pending", Text),  # encrypted, until a first code proves it
    Column("totp_used", BigInteger),  # the last step of 30 s that was used: a code opens once
    Column("must_change", Integer, nullable=False, server_default="0"),  # the password is one that somebody else knows
    Column("disabled_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", String(64), ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("csrf", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("browser", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_staff_sessions_account_id", "account_id"),
)

staff_recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    Column("account_id", String(64), ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("code_hash", String(64), primary_key=True),  # a used code has no row any more
)

staff_identities = Table(
    "staff_identities",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", String(64), ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "issuer"),
)

sign_on_attempts = Table(
    "sign_on_attempts",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_sign_on_attempts_expires_at", "expires_at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("details", as_json(), nullable=False),
    Index("ix_audit_log_at", "at"),
    Index("ix_audit_log_subject", "subject"),
)
