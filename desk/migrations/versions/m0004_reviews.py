"""Tables of the console: reviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _conversations_and_turns()
    _terms()
    _judgements()
    op.create_table(
        "review_filters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("query", JSON, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_filters"),
    )
    op.create_table(
        "review_reader",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("cursor_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_review_reader"),
    )
    op.create_index("ix_erasures_conversation_hash", "erasures", ["conversation_hash"])
    _words()
    if op.get_bind().dialect.name == "postgresql":  # senders of REST have longer names; SQLite does not count
        op.alter_column("outbox", "conversation_id", type_=sa.String(length=255))


def downgrade() -> None:
    op.execute("DROP TABLE review_words")
    op.drop_index("ix_erasures_conversation_hash", "erasures")
    for table in ("review_reader", "review_filters", "review_comments", "review_marks", "review_judgements"):
        op.drop_table(table)
    for table in ("review_facets", "review_terms", "review_turns", "reviews"):
        op.drop_table(table)


def _conversations_and_turns() -> None:
    op.create_table(
        "reviews",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("customer_messages", sa.Integer(), nullable=False),
        sa.Column("min_confidence", sa.Float(), nullable=True),
        sa.Column("fallbacks", sa.Integer(), nullable=False),
        sa.Column("handoff_reason", sa.String(length=64), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("sentiment_min", sa.Float(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("model_version", sa.String(length=64), nullable=False),
        sa.Column("prompt_version", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("why_next", sa.String(length=32), nullable=True),
        sa.Column("wording", sa.String(length=32), nullable=True),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("last_event_at", sa.Float(), nullable=False),
        sa.Column("intents", JSON, nullable=False),
        sa.Column("rungs", JSON, nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("first_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_reviews"),
        sa.UniqueConstraint("id", name="uq_reviews_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reviews_started_at_number", "reviews", ["started_at", "number"])
    op.create_index("ix_reviews_state_worth_number", "reviews", ["state", "worth", "number"])
    op.create_index("ix_reviews_wording", "reviews", ["wording"])
    op.create_index("ix_reviews_ended_at", "reviews", ["ended_at"])
    op.create_table(
        "review_turns",
        _of_review("review_turns"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_event_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(length=128), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=128), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("body", JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", "position", name="pk_review_turns"),
    )
    op.create_index("ix_review_turns_intent_confidence_number", "review_turns", ["intent", "confidence", "number"])
    op.create_index("ix_review_turns_confidence_number", "review_turns", ["confidence", "number"])


def _terms() -> None:
    op.create_table(
        "review_terms",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_terms"),
        sa.UniqueConstraint("kind", "value", name="uq_review_terms_kind_value"),
    )
    op.create_table(
        "review_facets",
        sa.Column(
            "term_id",
            sa.Integer(),
            sa.ForeignKey("review_terms.id", name="fk_review_facets_term_id", ondelete="CASCADE"),
            nullable=False,
        ),
        _of_review("review_facets"),
        sa.PrimaryKeyConstraint("term_id", "number", name="pk_review_facets"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_facets_number", "review_facets", ["number"])


def _judgements() -> None:
    op.create_table(
        "review_judgements",
        _of_review("review_judgements"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said", sa.String(length=128), nullable=True),
        sa.Column("intent", sa.String(length=128), nullable=True),
        sa.Column("entities", JSON, nullable=True),
        sa.Column("corrected_by", sa.String(length=64), nullable=True),
        sa.Column("corrected_by_name", sa.String(length=128), nullable=True),
        sa.Column("corrected_at", MOMENT, nullable=True),
        sa.Column("exported_at", MOMENT, nullable=True),
        sa.Column("answer_rating", sa.Integer(), nullable=True),
        sa.Column("should_have_been", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("number", "position", name="pk_review_judgements"),
    )
    op.create_index("ix_review_judgements_corrected_at", "review_judgements", ["corrected_at"])
    op.create_table(
        "review_marks",
        _of_review("review_marks"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", "position", "staff_id", name="pk_review_marks"),
    )
    op.create_table(
        "review_comments",
        sa.Column("id", sa.String(length=64), nullable=False),
        _of_review("review_comments"),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_comments"),
    )
    op.create_index("ix_review_comments_number", "review_comments", ["number"])


def _of_review(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("reviews.number", name=f"fk_{table}_number", ondelete="CASCADE")
    return sa.Column("number", sa.Integer(), key, nullable=False)


def _words() -> None:
    """Words to search in, in each data base's own form (``desk/adapters/sql/review_words.py``)."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE review_words USING fts5(words, tokenize='unicode61 remove_diacritics 2')")
        return
    op.execute(
        "CREATE TABLE review_words ("
        "number integer PRIMARY KEY REFERENCES reviews (number) ON DELETE CASCADE, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_review_words_words ON review_words USING gin (words)")
