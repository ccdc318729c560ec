"""Conversations that are put off: what ends it, and which ones it holds for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, false, func, update

from desk.adapters.sql import timeline
from desk.adapters.sql.inbox_tables import inbox_details

_AWAKE = {"snoozed_at": None, "snoozed_until": None}


def put_off(now: datetime) -> ColumnElement[bool]:
    """Whether a conversation, outer-joined with its details, is put off now."""
    return func.coalesce(inbox_details.c.snoozed_until > now, false())


def wake(connection: Connection, conversation_id: str) -> None:
    """The customer is back, or somebody else has it: the reason for putting it off is gone."""
    table = inbox_details.c
    mine = update(inbox_details).where(table.conversation_id == conversation_id, table.snoozed_until.is_not(None))
    connection.execute(mine.values(_AWAKE))


def over(connection: Connection, now: datetime) -> Sequence[str]:
    """Wake those whose time is over; each is named once, whoever asks."""
    late = update(inbox_details).where(inbox_details.c.snoozed_until <= now).values(_AWAKE)
    woken = list(connection.execute(late.returning(inbox_details.c.conversation_id)).scalars())
    for conversation_id in woken:
        timeline.notify(connection, conversation_id, {"s": 1})
    return woken
