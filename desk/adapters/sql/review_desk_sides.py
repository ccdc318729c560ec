"""What the desk knows of conversations and Rasa does not: channel, rating, why a person was called."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from desk.adapters.sql.reviews_tables import reviews
from desk.adapters.sql.tables import conversations, handoffs, items
from desk.gateway.model import Speaker, State
from desk.reviews.model import DeskSide, Outcome


def desk_sides(connection: Connection, ids: Sequence[str]) -> dict[str, DeskSide]:
    """What the desk knows of these conversations. On PostgreSQL nobody can erase them until the transaction ends."""
    table = conversations.c
    person = _with_person().label("with_person")
    query = select(table.id, table.channel, table.rating_score, table.state, person).where(table.id.in_(ids))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(key_share=True, read=True)
    rows = connection.execute(query).all()
    why = select(handoffs.c.conversation_id, handoffs.c.reason).where(
        handoffs.c.conversation_id.in_([row.id for row in rows])
    )
    reasons: dict[str, str] = {}
    for row in connection.execute(why.order_by(handoffs.c.at)):
        reasons.setdefault(row.conversation_id, row.reason)
    return {
        row.id: DeskSide(
            row.channel,
            row.rating_score,
            reasons.get(row.id),
            with_person=bool(row.with_person),
            closed=row.state == State.CLOSED,
        )
        for row in rows
    }


def _with_person() -> ColumnElement[bool]:
    """A person has it, or has said something in it; without ``human_since`` no item is looked at."""
    desk = conversations.c
    spoke = exists().where(items.c.conversation_id == desk.id, items.c.speaker == Speaker.AGENT)
    return or_(desk.state == State.AGENT, and_(desk.human_since.is_not(None), spoke))


def stale_desk_sides(connection: Connection, since: datetime, limit: int) -> list[str]:
    """Conversations that moved since then and whose rating or handoff here is not the desk's any more."""
    desk = conversations.c
    why = (
        select(handoffs.c.reason)
        .where(handoffs.c.conversation_id == desk.id)
        .order_by(handoffs.c.at)
        .limit(1)
        .scalar_subquery()
    )
    called = exists().where(handoffs.c.conversation_id == desk.id)
    query = (
        select(desk.id)
        .join(reviews, reviews.c.id == desk.id)
        .where(
            desk.updated_at >= since,
            or_(
                desk.rating_score.is_distinct_from(reviews.c.rating),
                called & reviews.c.handoff_reason.is_distinct_from(why),
                _with_person() & (reviews.c.outcome != Outcome.PERSON),
                (desk.state == State.CLOSED) & (reviews.c.outcome == Outcome.OPEN),
            ),
        )
        .limit(limit)
    )
    return list(connection.execute(query).scalars())
