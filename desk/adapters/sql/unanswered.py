"""Questions that were not answered well: from the gateway's conversations, and from reviewed ones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, or_, select

from desk.adapters.sql.database import Database
from desk.adapters.sql.figures_tables import conversation_figures, unanswered_questions
from desk.adapters.sql.review_views import (
    has_reviews,
    review_facets,
    review_judgements,
    review_terms,
    review_turns,
    reviews,
)
from desk.adapters.sql.tables import conversations
from desk.analytics.model import FALLBACK_RUNGS
from desk.knowledge_admin.model import Asked

MOST = 5_000
_CROSS = -0.3
_BAD_RATING = 2
_NOT_UNDERSTOOD = "nlu_fallback"
_SAID_SO = "utter_not_understood"
"""The bot's words where it neither understood nor found anything: no rung of the ladder says so."""


class DeskQuestions:
    """``Unanswered`` of the gateway's own conversations."""

    def __init__(self, database: Database) -> None:
        """Read the facts that ``desk.analytics`` keeps."""
        self._database = database

    async def between(self, since: datetime, until: datetime) -> Sequence[Asked]:
        """See ``Unanswered.between``."""
        return await self._database.read(_asked_of_desk, since, until)


class ReviewedQuestions:
    """``Unanswered`` of transcript review: what was not understood, and all of what the gateway does not know."""

    def __init__(self, database: Database) -> None:
        """Read review's tables, if they are there."""
        self._database = database

    async def between(self, since: datetime, until: datetime) -> Sequence[Asked]:
        """See ``Unanswered.between``."""
        return await self._database.read(_asked_of_reviews, since, until)


def _asked_of_desk(connection: Connection, since: datetime, until: datetime) -> list[Asked]:
    asked, facts = unanswered_questions.c, conversation_figures.c
    unhappy = or_(facts.handed_over, facts.rating <= _BAD_RATING)
    rows = connection.execute(
        select(asked.text, asked.conversation_id, asked.at, unhappy.label("unhappy"))
        .join(conversation_figures, facts.conversation_id == asked.conversation_id)
        .where(asked.at >= since, asked.at <= until)
        .order_by(asked.at.desc())
        .limit(MOST)
    )
    return [Asked(row.text, row.conversation_id, row.at, bool(row.unhappy)) for row in rows]


def _asked_of_reviews(connection: Connection, since: datetime, until: datetime) -> list[Asked]:
    if not has_reviews(connection):
        return []
    facet = (review_terms.c.id == review_facets.c.term_id) & (review_terms.c.kind == "rung")
    badly = (
        select(review_facets.c.number)
        .join(review_terms, facet)
        .where(review_terms.c.value.in_(FALLBACK_RUNGS))
        .scalar_subquery()
    )
    turn = review_turns.c
    same_turn = (review_judgements.c.number == turn.number) & (review_judgements.c.position == turn.position)
    rows = connection.execute(
        select(
            turn.text, turn.at, turn.intent, turn.body, reviews.c.id, reviews.c.rating, reviews.c.handoff_reason,
            reviews.c.sentiment_min, review_judgements.c.answer_rating,
            reviews.c.id.in_(select(conversations.c.id)).label("of_desk"),
        )
        .join(reviews, reviews.c.number == turn.number)
        .outerjoin(review_judgements, same_turn)
        .where(reviews.c.started_at >= since, reviews.c.started_at <= until, reviews.c.kind == "customer")
        .where(or_(reviews.c.fallbacks > 0, reviews.c.number.in_(badly), review_judgements.c.answer_rating < 0))
        .order_by(reviews.c.started_at.desc())
        .limit(MOST)
    )  # fmt: skip
    found = []
    for row in rows:
        knew = (row.body or {}).get("knew") or {}
        if row.of_desk and not any(one.get("response") == _SAID_SO for one in (row.body or {}).get("bot") or ()):
            continue  # ``DeskQuestions`` has those that a rung of the ladder missed
        badly_answered = knew.get("rung") in FALLBACK_RUNGS or row.intent == _NOT_UNDERSTOOD
        if not row.text or row.text.startswith("/") or not (badly_answered or (row.answer_rating or 0) < 0):
            continue
        unhappy = (
            (row.rating or _BAD_RATING + 1) <= _BAD_RATING
            or row.handoff_reason is not None
            or (row.sentiment_min or 0.0) < _CROSS
            or (row.answer_rating or 0) < 0
        )
        found.append(Asked(row.text, row.id, row.at, unhappy))
    return found
