"""What figures and gaps read of transcript review's tables, where they are: named here, defined in that room.

Nothing is written to them, and everything works without them.
"""

from sqlalchemy import Connection, column, inspect, table
from sqlalchemy.types import JSON, Float, Integer, String, Text

from desk.adapters.sql.tables import UtcDateTime

reviews = table(
    "reviews",
    column("number", Integer),
    column("id", String),
    column("kind", String),
    column("started_at", UtcDateTime()),
    column("ended_at", UtcDateTime()),
    column("fallbacks", Integer),
    column("handoff_reason", String),
    column("rating", Integer),
    column("sentiment_min", Float),
    column("model_version", String),
    column("prompt_version", String),
    column("intents", JSON),
)
review_turns = table(
    "review_turns",
    column("number", Integer),
    column("position", Integer),
    column("at", UtcDateTime()),
    column("text", Text),
    column("intent", String),
    column("body", JSON),
)
review_terms = table("review_terms", column("id", Integer), column("kind", String), column("value", String))
review_facets = table("review_facets", column("term_id", Integer), column("number", Integer))
review_judgements = table(
    "review_judgements", column("number", Integer), column("position", Integer), column("answer_rating", Integer)
)


def has_reviews(connection: Connection) -> bool:
    """Whether transcript review keeps its tables here."""
    return inspect(connection).has_table("reviews")
