"""Conversations that only people held: Rasa knows nothing of them, so the desk's own record makes transcripts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from desk.adapters.sql.reviews_tables import reviews
from desk.adapters.sql.tables import conversations, items
from desk.gateway.model import Speaker
from desk.reviews.model import Turn


def without_bot(connection: Connection, since: datetime, before: datetime, limit: int) -> list[str]:
    """Conversations between these moments in which a customer wrote and no bot spoke, and that are not kept as now."""
    desk = conversations.c
    wrote = _said(Speaker.CUSTOMER)
    count = select(func.count()).select_from(items).where(wrote).scalar_subquery()
    grown = and_(reviews.c.last_event_id == 0, reviews.c.customer_messages < count)
    query = (
        select(desk.id)
        .outerjoin(reviews, reviews.c.id == desk.id)
        .where(
            desk.updated_at >= since,
            desk.updated_at < before,
            exists().where(wrote),
            ~exists().where(_said(Speaker.BOT)),
            or_(reviews.c.id.is_(None), grown),
        )
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def turns_without_bot(connection: Connection, ids: Sequence[str]) -> dict[str, list[Turn]]:
    """A turn a customer's message, with what people said after it; the bot knew nothing in any of them."""
    table = items.c
    query = (
        select(table.conversation_id, table.id, table.speaker, table.name, table.text, table.at)
        .where(table.conversation_id.in_(ids), table.speaker.in_((Speaker.CUSTOMER, Speaker.AGENT)))
        .order_by(table.conversation_id, table.position)
    )
    found: dict[str, list[Turn]] = {}
    for row in connection.execute(query):
        turns = found.setdefault(row.conversation_id, [])
        if row.speaker == Speaker.CUSTOMER or not turns:
            said = row.speaker == Speaker.CUSTOMER
            turns.append(Turn(len(turns), 0, row.id if said else None, row.at, row.text if said else ""))
        if row.speaker == Speaker.AGENT:
            told = {"speaker": "agent", "name": row.name or "", "text": row.text}
            turns[-1] = replace(turns[-1], agent=[*turns[-1].agent, told])
    return found


def _said(speaker: Speaker) -> ColumnElement[bool]:
    return and_(items.c.conversation_id == conversations.c.id, items.c.speaker == speaker)
