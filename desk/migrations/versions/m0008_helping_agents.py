"""Translations beside their originals, settings of the company, passwords that must be changed, who passed on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "translations",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_translations_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "language", name="pk_translations"),
    )
    op.create_index("ix_translations_conversation_id", "translations", ["conversation_id"])
    op.create_table(
        "company_settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_company_settings"),
    )
    op.add_column("staff_accounts", sa.Column("must_change", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbox_details", sa.Column("passed_on_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("inbox_details", "passed_on_by")
    op.drop_column("staff_accounts", "must_change")
    for table in ("company_settings", "translations"):
        op.drop_table(table)
