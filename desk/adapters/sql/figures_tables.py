"""Tables behind the figures: one row of facts a conversation, and the questions that were not answered.

They follow from the gateway's tables and can be made anew from them; a conversation's erasure takes them along.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from desk.adapters.sql.tables import UtcDateTime, conversations, metadata

conversation_figures = Table(
    "conversation_figures",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), nullable=False),  # of the company's zone, 2026-11-25
    Column("at", UtcDateTime, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("customer_messages", Integer, nullable=False),
    Column("bot_turns", Integer, nullable=False),
    Column("fallbacks", Integer, nullable=False),
    Column("unanswered", Integer, nullable=False),
    Column("generated", Integer, nullable=False),
    Column("handed_over", Boolean, nullable=False),
    Column("reason", String(64)),
    Column("agent_id", String(64)),
    Column("agent_name", String(128)),
    Column("first_response", Float),  # seconds, like the two below
    Column("person_response", Float),
    Column("resolution_time", Float),
    Column("rating", Integer),
    Column("reopened", Boolean, nullable=False),
    Column("verdict", String(8)),  # yes, no; empty: time decides
    Column("quiet_until", UtcDateTime, nullable=False),
    Column("intent", String(128)),
    Column("model_version", String(64)),
    Column("prompt_version", String(64)),
    Index("ix_conversation_figures_day_channel", "day", "channel"),
)

unanswered_questions = Table(
    "unanswered_questions",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("rung", String(32), nullable=False),
    Index("ix_unanswered_questions_at", "at"),
)

figures_state = Table(
    "figures_state",
    metadata,
    Column("name", String(32), primary_key=True),  # reader: how far facts were made; savings: the formula
    Column("body", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
)

# Whether a customer came back is asked by customer and time.
Index("ix_conversations_customer_id_created_at", conversations.c.customer_id, conversations.c.created_at)
