"""Owners as rows of the conversations' table: what taking and giving back share."""

from typing import Any

from sqlalchemy import Connection, Row, update

from desk.adapters.sql import snoozing, timeline, work
from desk.adapters.sql.tables import conversations
from desk.errors import UnknownConversation
from desk.gateway.model import Conversation, Item, State
from desk.handoff.ownership import Ownership

Changed = tuple[Conversation, list[Item]]

NO_QUEUE: dict[str, Any] = {"queued_at": None, "queue_until": None, "priority": 0}


def owned(connection: Connection, conversation_id: str) -> tuple[Row[Any], Ownership]:
    row = timeline.row_of(connection, conversation_id, lock=True)
    if row is None:
        raise UnknownConversation
    return row, Ownership(State(row.state), row.version, row.agent_id, row.agent_name)


def store(connection: Connection, row: Row[Any], owner: Ownership, **more: Any) -> None:
    """Another owner; what the one before put off is not put off for the next."""
    snoozing.wake(connection, row.id)
    values = {
        "state": owner.state.value,
        "version": owner.version,
        "agent_id": owner.agent_id,
        "agent_name": owner.agent_name,
        **more,
    }
    connection.execute(update(conversations).where(conversations.c.id == row.id).values(values))


def as_it_stands(connection: Connection, conversation_id: str) -> Conversation:
    found = timeline.find(connection, conversation_id)
    if found is None:
        raise UnknownConversation
    return found


def silence(connection: Connection, row: Row[Any]) -> None:
    """Whatever a worker is about to write for this conversation is refused from now on, and no place is announced."""
    mine = update(conversations).where(conversations.c.id == row.id)
    connection.execute(mine.values(fence=row.fence + 1, lease_owner=None, lease_until=None))
    work.unannounced_handoffs(connection, row.id)
