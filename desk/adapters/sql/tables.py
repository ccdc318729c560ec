"""The gateway's tables. Hot paths use Core statements on them; there are no mapped classes."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_json() -> Any:
    """JSON, which PostgreSQL keeps parsed."""
    return JSON().with_variant(JSONB(), "postgresql")


def _of_conversation(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "conversation_id",
        String(64),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("external_id", String(128)),
    Column("token_hash", String(64), unique=True),
    Column("locale", String(35)),
    Column("page_url", Text),
    Column("page_title", Text),
    Column("consent", Boolean),
    Column("customer_id", String(128)),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("agent_id", String(64)),
    Column("agent_name", String(128)),
    Column("position", Integer, nullable=False),
    Column("human_since", Integer),
    Column("queued_at", UtcDateTime),
    Column("queue_until", UtcDateTime),
    Column("priority", Integer, nullable=False),
    Column("contact_email", String(320)),
    Column("rating_score", Integer),
    Column("rating_comment", Text),
    Column("read_by_customer", Integer, nullable=False),
    Column("read_by_agent", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    # Work: due_at is when somebody must look at the inbox or outbox next; a lease says who does.
    Column("due_at", UtcDateTime),
    Column("lease_owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("fence", Integer, nullable=False),
    UniqueConstraint("channel", "external_id"),
    Index("ix_conversations_due_at", "due_at"),
    Index("ix_conversations_state_queued_at", "state", "queued_at"),
    Index("ix_conversations_updated_at", "updated_at"),
    Index("ix_conversations_customer_id", "customer_id"),
)

items = Table(
    "items",
    metadata,
    _of_conversation(primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False, unique=True),
    Column("speaker", String(16), nullable=False),
    Column("name", String(128)),
    Column("client_id", String(64)),
    Column("text", Text, nullable=False),
    Column("message", as_json(), nullable=False),
    Column("attachments", as_json(), nullable=False),
    Column("answers", as_json(), nullable=False),
    Column("event", String(32)),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "client_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", String(64), primary_key=True),
    _of_conversation(),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("payload", Text),
    Column("metadata", as_json(), nullable=False),
    Column("state", String(16), nullable=False),  # waiting, done, dead, for_person
    Column("batch_id", String(64)),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
    Column("error", String(64)),
    Index("ix_inbox_conversation_id_state_position", "conversation_id", "state", "position"),
    Index("ix_inbox_state", "state"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(64), primary_key=True),
    # Not a foreign key: what must be erased elsewhere outlives the conversation here, or never was here.
    Column("conversation_id", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", as_json(), nullable=False),
    Column("state", String(16), nullable=False),  # waiting, done, dead
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("error", String(64)),
    Index("ix_outbox_conversation_id_state_created_at", "conversation_id", "state", "created_at"),
    Index("ix_outbox_state_next_at", "state", "next_at"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(64), primary_key=True),
    _of_conversation(),
    Column("message_id", String(128), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("priority", String(16), nullable=False),
    Column("team", String(64)),
    Column("details", as_json(), nullable=False),
    Column("ticket_number", String(32)),
    Column("announced", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "message_id"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", String(64), primary_key=True),
    _of_conversation(),
    Column("name", String(255), nullable=False),
    Column("type", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_attachments_conversation_id", "conversation_id"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("receipt", String(64), primary_key=True),
    Column("conversation_hash", String(64), nullable=False),
    Column("erased_at", UtcDateTime, nullable=False),
    Column("counts", as_json(), nullable=False),
)
