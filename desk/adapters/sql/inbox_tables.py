"""What the inbox keeps beside the gateway's tables. Notes lie apart from items: no way to a customer passes here."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from desk.adapters.sql.tables import UtcDateTime, as_json, metadata

inbox_details = Table(
    "inbox_details",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("priority", String(16)),  # as a person set it; until then the handoff's counts
    Column("customer_name", String(128)),  # as the back office told it when somebody looked
    Column("team", String(64)),
    Column("tags", as_json(), nullable=False),
    Column("snoozed_at", UtcDateTime),
    Column("snoozed_until", UtcDateTime),
    Column("resolution", String(32)),
    Column("resolution_comment", Text),
    Column("merged_into", String(64)),
    Column("passed_on_by", String(64)),  # who gave it to a team: it is not handed out to them again
    Index("ix_inbox_details_snoozed_until", "snoozed_until"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("after_position", Integer, nullable=False),
    Column("author_id", String(64), nullable=False),
    Column("author_name", String(128), nullable=False),
    Column("client_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "client_id"),
)

translations = Table(
    "translations",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("item_id", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column(
        "text", Text, nullable=False
    ),  # of a customer's words what a machine made of them, of an agent's the original
    Index("ix_translations_conversation_id", "conversation_id"),
)

company_settings = Table(
    "company_settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", as_json(), nullable=False),
    Column("changed_by", String(128), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

staff_presence = Table(
    "staff_presence",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("away", Integer, nullable=False),
)
