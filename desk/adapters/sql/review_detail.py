"""One conversation with all that is known of it: the transcript, the judgements, and the desk's own record."""

from typing import Any

from sqlalchemy import Connection, select

from desk.adapters.sql import judgements, review_rows
from desk.adapters.sql.tables import conversations, inbox, items
from desk.gateway.model import Speaker
from desk.reviews.model import Turn
from desk.reviews.wire import Detail, Spoken

_MOST_ITEMS = 2000


def detail(connection: Connection, conversation_id: str) -> Detail:
    """Everything.

    Raises:
        NotFound: there is no transcript of it.
    """
    row = judgements.review_of(connection, conversation_id)
    turns = review_rows.turns_of(connection, conversation_id)
    judged, marks, comments = judgements.of_conversation(connection, row.number)
    said = _said(connection, conversation_id)
    own = [one for one in said if one.speaker == Speaker.CUSTOMER]
    return Detail(
        row=row,
        turns=turns,
        judged=judged,
        marks=marks,
        comments=comments,
        titles={one.id: one.text for one in own if one.message.get("payload")},
        moments={one.id: one.at for one in own},
        spoken=_spoken(connection, conversation_id, said, turns),
    )


def _said(connection: Connection, conversation_id: str) -> list[Any]:
    table = items.c
    query = (
        select(table.id, table.speaker, table.name, table.text, table.message, table.at)
        .where(table.conversation_id == conversation_id, table.speaker.in_((Speaker.CUSTOMER, Speaker.AGENT)))
        .order_by(table.position)
        .limit(_MOST_ITEMS)
    )
    return list(connection.execute(query))


def _spoken(connection: Connection, conversation_id: str, said: list[Any], turns: list[Turn]) -> list[Spoken] | None:
    """What people said, and what customers wrote to them that the tracker does not have (yet)."""
    mine = select(conversations.c.id).where(conversations.c.id == conversation_id)
    if connection.execute(mine).first() is None:
        return None
    to_person = select(inbox.c.id).where(inbox.c.conversation_id == conversation_id, inbox.c.state == "for_person")
    told = {turn.message_id for turn in turns}
    waiting = set(connection.execute(to_person).scalars()) - told
    return [
        Spoken(one.speaker, one.name, one.text, one.at)
        for one in said
        if one.speaker == Speaker.AGENT or one.id in waiting
    ]
