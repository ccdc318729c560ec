"""Who has waited long for the bot and heard nothing, whatever it is that their messages wait for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from desk.adapters.sql.tables import inbox
from desk.adapters.sql.timeline import append, row_of
from desk.gateway.model import Draft, Item, State

_AT_ONCE = 100


def left_in_silence(connection: Connection, since: datetime) -> Sequence[str]:
    """Conversations whose oldest waiting message came before ``since``, with no word to the customer."""
    query = (
        select(inbox.c.conversation_id)
        .where(inbox.c.state == "waiting")
        .group_by(inbox.c.conversation_id)
        .having(func.min(inbox.c.received_at) <= since, func.max(inbox.c.told_at).is_(None))
        .limit(_AT_ONCE)
    )
    return list(connection.execute(query).scalars())


def oldest_waiting(connection: Connection) -> datetime | None:
    """When the oldest message came that waits for the bot."""
    query = select(func.min(inbox.c.received_at)).where(inbox.c.state == "waiting")
    oldest: datetime | None = connection.execute(query).scalar_one()
    return oldest


def break_silence(connection: Connection, conversation_id: str, late: Draft, now: datetime) -> list[Item]:
    """Say that it takes longer; nothing where somebody has said so meanwhile, or the bot no longer answers."""
    row = row_of(connection, conversation_id, lock=True)
    if row is None or row.state != State.BOT:
        return []
    waiting = (inbox.c.conversation_id == conversation_id) & (inbox.c.state == "waiting")
    if connection.execute(select(func.max(inbox.c.told_at)).where(waiting)).scalar_one() is not None:
        return []
    if connection.execute(update(inbox).where(waiting).values(told_at=now)).rowcount == 0:
        return []
    return append(connection, conversation_id, [late], now)
