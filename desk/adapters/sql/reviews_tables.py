"""Tables of transcript review: a row a conversation and one a turn, read from Rasa's tracker; what staff thinks of it.

``number`` is the small key that turns, terms and judgements hang on; ``id`` is Rasa's sender. Words to search in lie
in ``review_words``, which each kind of data base has in its own form (``review_words.py``).
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    desc,
)
from sqlalchemy.dialects.postgresql import JSONB

from desk.adapters.sql.tables import UtcDateTime, erasures, metadata

READER = "tracker"
"""The one row of ``review_reader``."""


def json_column(*, none_as_null: bool = False) -> Any:
    """JSON; on PostgreSQL in its binary form."""
    return JSON(none_as_null=none_as_null).with_variant(JSONB(none_as_null=none_as_null), "postgresql")


def _of_review() -> Column[int]:
    return Column("number", Integer, ForeignKey("reviews.number", ondelete="CASCADE"), primary_key=True)


reviews = Table(
    "reviews",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(255), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),  # customer, teach
    Column("channel", String(32), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("customer_messages", Integer, nullable=False),
    Column("min_confidence", Float),
    Column("fallbacks", Integer, nullable=False),
    Column("handoff_reason", String(64)),
    Column("rating", Integer),
    Column("sentiment_min", Float),
    Column("outcome", String(16), nullable=False),
    Column("model_version", String(64), nullable=False),
    Column("prompt_version", String(64)),
    Column("state", String(16), nullable=False),  # unread, reviewed, later
    Column("flagged", Boolean, nullable=False),
    Column("worth", Float, nullable=False),
    Column("why_next", String(32)),
    Column("wording", String(32)),
    # Where the tracker was read up to: the last event's row, and when that happened (seconds since 1970).
    Column("last_event_id", BigInteger, nullable=False),
    Column("last_event_at", Float, nullable=False),
    Column("intents", json_column(), nullable=False),
    Column("rungs", json_column(), nullable=False),
    Column("tags", json_column(), nullable=False),
    Column("first_text", Text, nullable=False),
    Index("ix_reviews_started_at_number", "started_at", "number"),
    Index("ix_reviews_state_worth_number", "state", "worth", "number"),
    Index("ix_reviews_wording", "wording"),
    Index("ix_reviews_ended_at", "ended_at"),
    sqlite_autoincrement=True,  # a number is never given again: nothing of an erased conversation can meet a new one
)

review_turns = Table(
    "review_turns",
    metadata,
    _of_review(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("first_event_id", BigInteger, nullable=False),
    Column("message_id", String(128)),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("intent", String(128)),
    Column("confidence", Float),
    Column("body", json_column(), nullable=False),
    Index("ix_review_turns_intent_confidence_number", "intent", "confidence", "number"),
    Index("ix_review_turns_confidence_number", "confidence", "number"),
)

review_terms = Table(
    "review_terms",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),  # intent, entity, slot, action, rung, tag
    Column("value", String(255), nullable=False),
    UniqueConstraint("kind", "value"),
)

review_facets = Table(
    "review_facets",
    metadata,
    Column("term_id", Integer, ForeignKey("review_terms.id", ondelete="CASCADE"), primary_key=True),
    _of_review(),
    Index("ix_review_facets_number", "number"),
    sqlite_with_rowid=False,
)

review_judgements = Table(
    "review_judgements",
    metadata,
    _of_review(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),  # what was said, should the tracker be read anew
    Column("said", String(128)),  # the intent that it was taken for
    Column("intent", String(128)),
    Column("entities", json_column(none_as_null=True)),
    Column("corrected_by", String(64)),
    Column("corrected_by_name", String(128)),
    Column("corrected_at", UtcDateTime),
    Column("exported_at", UtcDateTime),
    Column("answer_rating", Integer),
    Column("should_have_been", String(255)),
    Index("ix_review_judgements_corrected_at", "corrected_at"),
)

review_marks = Table(
    "review_marks",
    metadata,
    _of_review(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("staff_id", String(64), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

review_comments = Table(
    "review_comments",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("number", Integer, ForeignKey("reviews.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer),
    Column("staff_id", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

review_filters = Table(
    "review_filters",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("staff_id", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("query", json_column(), nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

review_reader = Table(
    "review_reader",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("owner", String(64)),
    Column("until", UtcDateTime),
    Column("cursor", BigInteger, nullable=False),
    Column("cursor_at", Float, nullable=False),  # when the event at the cursor happened, seconds since 1970
)

# The reader asks for each conversation whether it was erased meanwhile.
Index("ix_erasures_conversation_hash", erasures.c.conversation_hash)

NEWEST = (desc(reviews.c.started_at), desc(reviews.c.number))
WORTH = (desc(reviews.c.worth), desc(reviews.c.number))
