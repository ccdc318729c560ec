"""Tables of the knowledge editor: drafts, gaps that are done. Entries lie in the knowledge index and its history."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from desk.adapters.sql.tables import UtcDateTime, metadata

knowledge_drafts = Table(
    "knowledge_drafts",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("body", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("question", Text),
    Column("conversation_id", String(255)),
    Column("updated_by", String(128), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

gaps_done = Table(
    "knowledge_gaps_done",
    metadata,
    Column("wording", String(64), primary_key=True),  # a hash: what customers wrote is kept with their conversation
    Column("by", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
