"""Writing transcripts: what the tracker says of a conversation becomes its row, its turns, its terms, its words."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, func, select, update

from contracts.senders import is_of_the_gateway
from desk.adapters.sql import review_desk_sides, review_terms, review_turn_rows, review_words
from desk.adapters.sql.reviews_tables import (
    review_comments,
    review_facets,
    review_judgements,
    review_marks,
    review_turns,
    reviews,
)
from desk.adapters.sql.tables import conversations, erasures
from desk.reviews.model import DeskSide, Outcome, ReviewState, Summary, Turn
from desk.reviews.summary import QUIET, summary_of
from desk.reviews.worth import SAME_WORDING

FROM_TRACKER = ("intent", "entity", "slot", "action", "rung")
"""Kinds of terms that are read from the tracker; tags are staff's."""


@dataclass(frozen=True, slots=True)
class Known:
    """How far a conversation has been read.

    Attributes:
        position: of its last turn, which is read again because it may have gone on.
        first_event_id: where that turn begins.
    """

    number: int
    last_event_id: int
    position: int
    first_event_id: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """What was read of a conversation: ``turns`` replace all that are kept from ``turns[0].position`` on."""

    id: str
    turns: Sequence[Turn]
    last_event_id: int
    last_event_at: float


def known(connection: Connection, ids: Sequence[str]) -> dict[str, Known]:
    """How far these conversations have been read; unknown ones are left out."""
    last = (
        select(review_turns.c.number, func.max(review_turns.c.position).label("position"))
        .join(reviews, reviews.c.number == review_turns.c.number)
        .where(reviews.c.id.in_(ids))
        .group_by(review_turns.c.number)
        .subquery()
    )
    query = (
        select(reviews.c.id, reviews.c.number, reviews.c.last_event_id, last.c.position, review_turns.c.first_event_id)
        .join(last, last.c.number == reviews.c.number)
        .join(review_turns, (review_turns.c.number == last.c.number) & (review_turns.c.position == last.c.position))
    )
    rows = connection.execute(query).all()
    return {row.id: Known(row.number, row.last_event_id, row.position, row.first_event_id) for row in rows}


def store(connection: Connection, fresh: Sequence[Fresh], now: datetime) -> int:
    """Keep what was read by now, less what was erased meanwhile; how many conversations were written."""
    ids = [one.id for one in fresh]
    sides = review_desk_sides.desk_sides(connection, ids)
    erased = _erased(connection, ids)
    kept = [left for one in fresh if (left := _without_erased(one, erased.get(one.id))).turns]
    summaries = [(one, _summary(connection, one, sides.get(one.id), now)) for one in kept]
    term_ids = review_terms.ids_of(connection, {term for _, (_, _, found) in summaries for term in found.terms})
    for one, (number, state, summary) in summaries:
        number = _put(connection, number, state, summary, one)  # noqa: PLW2901 - a new row has its number only now
        review_terms.put_terms(connection, number, summary.terms, term_ids, kinds=FROM_TRACKER)
        review_words.put_words(connection, number, summary.words)
    return len(kept)


def join_again(connection: Connection, ids: Sequence[str], now: datetime) -> int:
    """Summarise these conversations anew from the turns that are kept and from what the desk knows now."""
    query = select(reviews.c.id, reviews.c.last_event_id, reviews.c.last_event_at).where(reviews.c.id.in_(ids))
    rows = connection.execute(query).all()
    return store(connection, [_kept(connection, row) for row in rows], now)


def _kept(connection: Connection, row: Any) -> Fresh:
    turns = turns_of(connection, row.id)
    return Fresh(row.id, turns[-1:], row.last_event_id, row.last_event_at)


def turns_of(connection: Connection, conversation_id: str, *, before: int | None = None) -> list[Turn]:
    """The kept turns of a conversation, oldest first; with ``before`` only those with a smaller position."""
    query = (
        select(review_turns)
        .join(reviews, reviews.c.number == review_turns.c.number)
        .where(reviews.c.id == conversation_id)
        .order_by(review_turns.c.position)
    )
    if before is not None:
        query = query.where(review_turns.c.position < before)
    return [review_turn_rows.turn_of(row) for row in connection.execute(query)]


def quiet_by_now(connection: Connection, since: datetime, now: datetime, limit: int) -> list[str]:
    """Conversations that were still open when they were read last, and have ended since."""
    table = reviews.c
    quiet = (table.ended_at >= since) & (table.ended_at <= now - QUIET)
    query = select(table.id).where(quiet, table.outcome == Outcome.OPEN).order_by(table.ended_at).limit(limit)
    return list(connection.execute(query).scalars())


def erase(connection: Connection, conversation_id: str) -> int:
    """Forget the transcript and all that was said about it; how many there were (0 or 1)."""
    number = connection.execute(select(reviews.c.number).where(reviews.c.id == conversation_id)).scalar_one_or_none()
    if number is None:
        return 0
    review_words.drop_words(connection, number)
    for table in (review_turns, review_facets, review_judgements, review_marks, review_comments, reviews):
        connection.execute(delete(table).where(table.c.number == number))
    return 1


def of_nobody(connection: Connection, before: datetime, limit: int) -> list[str]:
    """Conversations that ended before then and that the desk does not have: REST, the shell, teaching."""
    has = exists().where(conversations.c.id == reviews.c.id)
    query = select(reviews.c.id).where(reviews.c.ended_at < before, ~has).order_by(reviews.c.ended_at).limit(limit)
    return list(connection.execute(query).scalars())


def _erased(connection: Connection, ids: Sequence[str]) -> dict[str, datetime]:
    """When these conversations were erased, those that were."""
    by_hash = {hashlib.sha256(one.encode()).hexdigest(): one for one in ids}
    table = erasures.c
    query = select(table.conversation_hash, table.erased_at).where(table.conversation_hash.in_(by_hash))
    return {
        by_hash[row.conversation_hash]: row.erased_at for row in connection.execute(query.order_by(table.erased_at))
    }


def _without_erased(one: Fresh, erased_at: datetime | None) -> Fresh:
    """The desk's own ids are never given again; a sender of REST may come back under the old name."""
    if erased_at is None:
        return one
    kept = () if is_of_the_gateway(one.id) else tuple(turn for turn in one.turns if turn.at > erased_at)
    return replace(one, turns=kept)


def _summary(
    connection: Connection, one: Fresh, side: DeskSide | None, now: datetime
) -> tuple[int | None, str | None, Summary]:
    query = select(reviews.c.number, reviews.c.state, reviews.c.last_event_id).where(reviews.c.id == one.id)
    row = connection.execute(query).first()
    first = one.turns[0].position
    earlier = turns_of(connection, one.id, before=first) if row and first else []
    summary = summary_of(one.id, [*earlier, *one.turns], side, now=now)
    if row is None:
        return None, None, summary
    went_on = one.last_event_id > row.last_event_id and row.state == ReviewState.REVIEWED
    return row.number, (ReviewState.UNREAD.value if went_on else row.state), summary


def _put(connection: Connection, number: int | None, state: str | None, summary: Summary, one: Fresh) -> int:
    values = columns_of(summary) | {"last_event_id": one.last_event_id, "last_event_at": one.last_event_at}
    if _judged(connection, summary):
        values["worth"] *= SAME_WORDING
    if number is None:
        new = {**values, "state": ReviewState.UNREAD.value, "flagged": False, "tags": []}
        number = int(connection.execute(reviews.insert().values(new).returning(reviews.c.number)).scalar_one())
    else:
        connection.execute(update(reviews).where(reviews.c.number == number).values({**values, "state": state}))
        replaced = (review_turns.c.number == number) & (review_turns.c.position >= one.turns[0].position)
        connection.execute(delete(review_turns).where(replaced))
    connection.execute(review_turns.insert(), [review_turn_rows.row_of(number, turn) for turn in one.turns])
    return number


def columns_of(summary: Summary) -> dict[str, Any]:
    """What a row says of its conversation; where it was read up to and what staff did is beside it."""
    return {
        "id": summary.id,
        "kind": summary.kind.value,
        "channel": summary.channel[:32],
        "started_at": summary.started_at,
        "ended_at": summary.ended_at,
        "turns": summary.turns,
        "customer_messages": summary.customer_messages,
        "min_confidence": summary.min_confidence,
        "fallbacks": summary.fallbacks,
        "handoff_reason": summary.handoff_reason[:64] if summary.handoff_reason else None,
        "rating": summary.rating,
        "sentiment_min": summary.sentiment_min,
        "outcome": summary.outcome.value,
        "model_version": summary.model_version[:64],
        "prompt_version": summary.prompt_version[:64] if summary.prompt_version else None,
        "worth": summary.worth,
        "why_next": summary.why_next,
        "wording": summary.wording,
        "intents": list(summary.intents),
        "rungs": list(summary.rungs),
        "first_text": summary.first_text.replace("\x00", ""),
    }


def _judged(connection: Connection, summary: Summary) -> bool:
    """Whether somebody has read another conversation that leads with the same wording."""
    if summary.wording is None:
        return False
    table = reviews.c
    query = select(1).where(
        table.wording == summary.wording, table.state == ReviewState.REVIEWED, table.id != summary.id
    )
    return connection.execute(query.limit(1)).first() is not None
