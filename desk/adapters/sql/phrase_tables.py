"""What staff keep for conversations to come: canned replies, macros; and what the bot asked them."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from desk.adapters.sql.tables import UtcDateTime, as_json, metadata

canned_replies = Table(
    "canned_replies",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner_id", String(64), nullable=False),  # empty: everybody's
    Column("shortcut", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("team", String(64)),
    UniqueConstraint("owner_id", "shortcut"),
)

macros = Table(
    "macros",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("actions", as_json(), nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("asked_as", String(128), nullable=False),  # the asker's own id of the call: the same again asks once
    Column("question", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answer", Text),
    Column("answered_by", String(64)),
    Column("answered_by_name", String(128)),
    Column("answered_at", UtcDateTime),
    UniqueConstraint("conversation_id", "asked_as"),
    Index("ix_questions_asked_at", "asked_at"),
)
