"""Gaps of the knowledge that somebody called done."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_gaps_done",
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("wording", name="pk_knowledge_gaps_done"),
    )


def downgrade() -> None:
    op.drop_table("knowledge_gaps_done")
