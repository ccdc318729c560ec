"""Tables of the console: knowledge and numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _drafts()
    _figures()
    op.create_table(
        "unanswered_questions",
        _of_conversation("unanswered_questions"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rung", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "position", name="pk_unanswered_questions"),
    )
    op.create_index("ix_unanswered_questions_at", "unanswered_questions", ["at"])
    op.create_table(
        "figures_state",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_figures_state"),
    )
    op.create_index("ix_conversations_customer_id_created_at", "conversations", ["customer_id", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_conversations_customer_id_created_at", "conversations")
    for table in ("figures_state", "unanswered_questions", "conversation_figures", "knowledge_drafts"):
        op.drop_table(table)


def _of_conversation(table: str) -> sa.Column[str]:
    key = sa.ForeignKey("conversations.id", name=f"fk_{table}_conversation_id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.String(length=64), key, nullable=False)


def _drafts() -> None:
    op.create_table(
        "knowledge_drafts",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("conversation_id", sa.String(length=255), nullable=True),
        sa.Column("updated_by", sa.String(length=128), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_drafts"),
    )


def _figures() -> None:
    op.create_table(
        "conversation_figures",
        _of_conversation("conversation_figures"),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("customer_messages", sa.Integer(), nullable=False),
        sa.Column("bot_turns", sa.Integer(), nullable=False),
        sa.Column("fallbacks", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("generated", sa.Integer(), nullable=False),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("agent_id", sa.String(length=64), nullable=True),
        sa.Column("agent_name", sa.String(length=128), nullable=True),
        sa.Column("first_response", sa.Float(), nullable=True),
        sa.Column("person_response", sa.Float(), nullable=True),
        sa.Column("resolution_time", sa.Float(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("quiet_until", MOMENT, nullable=False),
        sa.Column("intent", sa.String(length=128), nullable=True),
        sa.Column("model_version", sa.String(length=64), nullable=True),
        sa.Column("prompt_version", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_conversation_figures"),
    )
    op.create_index("ix_conversation_figures_day_channel", "conversation_figures", ["day", "channel"])
