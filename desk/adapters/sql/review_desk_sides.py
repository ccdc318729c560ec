"""What the desk knows of conversations and Rasa does not: channel, rating, why a person was called."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, or_, select

from desk.adapters.sql.reviews_tables import reviews
from desk.adapters.sql.tables import conversations, handoffs
from desk.gateway.model import State
from desk.reviews.model import DeskSide, Outcome


def desk_sides(connection: Connection, ids: Sequence[str]) -> dict[str, DeskSide]:
    """What the desk knows of these conversations. On PostgreSQL nobody can erase them until the transaction ends."""
    table = conversations.c
    query = select(table.id, table.channel, table.rating_score, table.agent_id, table.state).where(table.id.in_(ids))
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
        row.id: DeskSide(row.channel, row.rating_score, reasons.get(row.id), row.state == State.AGENT) for row in rows
    }


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
                (desk.state == State.AGENT) & (reviews.c.outcome != Outcome.PERSON),
            ),
        )
        .limit(limit)
    )
    return list(connection.execute(query).scalars())
