"""Conversations and their items: read, appended without gaps, told to other gateways."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, text, update

from desk.adapters.sql.tables import conversations, items
from desk.errors import LeaseLost
from desk.gateway.model import (
    Attachment,
    Conversation,
    ConversationId,
    Draft,
    Happened,
    Item,
    Speaker,
    State,
)

NOTIFY_CHANNEL = "desk"


def new_id(kind: str) -> str:
    """An opaque id that nobody can guess."""
    return f"{kind}_{secrets.token_hex(12)}"


def row_of(connection: Connection, conversation_id: str, *, lock: bool = False) -> Row[Any] | None:
    """The conversation's row, locked until the transaction ends if asked (SQLite's writer is alone anyway)."""
    query = select(conversations).where(conversations.c.id == conversation_id)
    if lock and connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return connection.execute(query).first()


def conversation_of(connection: Connection, row: Row[Any]) -> Conversation:
    """The value of a row."""
    place = _place(connection, row) if row.state == State.QUEUED else None
    return Conversation(
        id=ConversationId(row.id),
        channel=row.channel,
        state=State(row.state),
        version=row.version,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        position=row.position,
        locale=row.locale,
        customer_id=row.customer_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        queued_at=row.queued_at,
        human_since=row.human_since,
        contact_email=row.contact_email,
        read_by_customer=row.read_by_customer,
        queue_place=place,
    )


def find(connection: Connection, conversation_id: str) -> Conversation | None:
    """The conversation as it stands."""
    row = row_of(connection, conversation_id)
    return conversation_of(connection, row) if row else None


def _place(connection: Connection, row: Row[Any]) -> int:
    table = conversations.c
    before = or_(
        table.priority > row.priority,
        and_(table.priority == row.priority, table.queued_at < row.queued_at),
    )
    query = select(func.count()).where(table.state == State.QUEUED, before)
    return int(connection.execute(query).scalar_one()) + 1


def append(
    connection: Connection,
    conversation_id: str,
    drafts: Sequence[Draft],
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> list[Item]:
    """The drafts as the conversation's next items; ``more`` are columns of the conversation that change with them.

    Raises:
        LeaseLost: the conversation is gone.
    """
    if not drafts:
        return []
    grown = (
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(position=conversations.c.position + len(drafts), updated_at=now, **(more or {}))
        .returning(conversations.c.position)
    )
    last = connection.execute(grown).scalar_one_or_none()
    if last is None:
        raise LeaseLost(conversation_id)
    first = last - len(drafts) + 1
    added = [Item(first + n, new_id("m"), draft, now) for n, draft in enumerate(drafts)]
    connection.execute(items.insert(), [_row(conversation_id, item) for item in added])
    notify(connection, conversation_id, {"p": last})
    return added


def items_between(
    connection: Connection, conversation_id: str, *, after: int = 0, before: int | None = None, limit: int = 100
) -> list[Item]:
    """Items with ``after < position < before``, oldest first: the last ones when paging back, else the first ones."""
    query = select(items).where(items.c.conversation_id == conversation_id, items.c.position > after)
    if before is None:
        return [_item(row) for row in connection.execute(query.order_by(items.c.position).limit(limit))]
    query = query.where(items.c.position < before).order_by(items.c.position.desc()).limit(limit)
    return [_item(row) for row in connection.execute(query)][::-1]


def item_of_client(connection: Connection, conversation_id: str, client_id: str) -> Item | None:
    """The item that a client's own id has become."""
    query = select(items).where(items.c.conversation_id == conversation_id, items.c.client_id == client_id)
    row = connection.execute(query).first()
    return _item(row) if row else None


def text_of(connection: Connection, conversation_id: str, item_id: str) -> str | None:
    """The words of one item."""
    query = select(items.c.text).where(items.c.conversation_id == conversation_id, items.c.id == item_id)
    return connection.execute(query).scalar_one_or_none()


def notify(connection: Connection, conversation_id: str, what: dict[str, Any]) -> None:
    """Tell other gateways on the same PostgreSQL, when and only if this transaction is committed."""
    if connection.dialect.name == "postgresql":
        origin = connection.get_execution_options().get("origin", "")
        payload = json.dumps({"c": conversation_id, "o": origin, **what})
        connection.execute(
            text("SELECT pg_notify(:channel, :payload)"), {"channel": NOTIFY_CHANNEL, "payload": payload}
        )


def _row(conversation_id: str, item: Item) -> dict[str, Any]:
    draft = item.draft
    return {
        "conversation_id": conversation_id,
        "position": item.position,
        "id": item.id,
        "speaker": draft.speaker.value,
        "name": draft.name,
        "client_id": draft.client_id,
        "text": draft.text,
        "message": dict(draft.message),
        "attachments": [asdict(attachment) for attachment in draft.attachments],
        "answers": list(draft.answers),
        "event": draft.event.value if draft.event else None,
        "at": item.at,
    }


def _item(row: Row[Any]) -> Item:
    draft = Draft(
        speaker=Speaker(row.speaker),
        text=row.text,
        name=row.name,
        client_id=row.client_id,
        message=row.message,
        attachments=tuple(Attachment(**attachment) for attachment in row.attachments),
        event=Happened(row.event) if row.event else None,
        answers=tuple(row.answers),
    )
    return Item(position=row.position, id=row.id, draft=draft, at=row.at)
