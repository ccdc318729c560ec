"""How conversations begin and customers' messages come in: one transaction each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, select, update

from desk.adapters.sql import timeline, work
from desk.adapters.sql.tables import attachments, conversations, inbox
from desk.errors import ConversationClosed, Invalid, NotFound, TokenInvalid
from desk.gateway.model import (
    Attachment,
    Conversation,
    Draft,
    Incoming,
    Item,
    NewConversation,
    Speaker,
    State,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is kept.

    Attributes:
        again: this client's id was known already; nothing new was stored.
        troubled: an earlier message of the conversation waits for a neighbour that does not work.
    """

    item: Item
    conversation: Conversation
    again: bool
    reopened: bool = False
    troubled: bool = False


def begin(connection: Connection, new: NewConversation, now: datetime) -> Conversation:
    """A conversation with nothing said in it yet."""
    conversation_id = timeline.new_id("c")
    values: dict[str, Any] = {
        "id": conversation_id,
        "channel": new.channel,
        "external_id": new.external_id,
        "token_hash": new.token_hash,
        "locale": new.locale,
        "page_url": new.page_url,
        "page_title": new.page_title,
        "consent": new.consent,
        "state": State.BOT.value,
        "version": 1,
        "position": 0,
        "priority": 0,
        "read_by_customer": 0,
        "read_by_agent": 0,
        "created_at": now,
        "updated_at": now,
        "fence": 0,
    }
    connection.execute(conversations.insert().values(values))
    return _present(timeline.find(connection, conversation_id))


def authenticate(
    connection: Connection, token_hash: str, conversation_id: str, now: datetime, holds: timedelta
) -> Conversation:
    """The conversation that this token opens.

    Raises:
        TokenInvalid: no conversation has this token, or it is too old.
        NotFound: the token is another conversation's.
    """
    return timeline.conversation_of(connection, _opened(connection, token_hash, conversation_id, now, holds))


def accept(
    connection: Connection,
    conversation_id: str,
    incoming: Incoming,
    now: datetime,
    *,
    resumable: timedelta,
    token_hash: str | None = None,
    token_holds: timedelta | None = None,
) -> Accepted:
    """Keep a customer's message and put it where it will be answered.

    Args:
        connection: the transaction.
        conversation_id: where it was said.
        incoming: what was said.
        now: when.
        resumable: how long after its last item an ended conversation opens again.
        token_hash: checked in the same transaction, if given.
        token_holds: how long after the last item a token holds.

    Raises:
        ConversationClosed: it ended too long ago.
        Invalid: an attachment is not this conversation's.
        TokenInvalid: see ``authenticate``.
        NotFound: see ``authenticate``.
    """
    if token_hash is not None and token_holds is not None:
        _opened(connection, token_hash, conversation_id, now, token_holds)
    row = _present(timeline.row_of(connection, conversation_id, lock=True))
    known = timeline.item_of_client(connection, conversation_id, incoming.client_id)
    if known is not None:
        return Accepted(known, timeline.conversation_of(connection, row), again=True)
    reopened = _reopen(connection, row, now, resumable)
    files = _files(connection, conversation_id, incoming.attachments)
    draft = Draft(
        Speaker.CUSTOMER, text=incoming.text, client_id=incoming.client_id, attachments=files,
        message={"payload": incoming.payload} if incoming.payload else {},
    )  # fmt: skip
    item = timeline.append(connection, conversation_id, [draft], now)[0]
    conversation = _present(timeline.find(connection, conversation_id))
    troubled = _troubled(connection, conversation_id)
    if incoming.text or incoming.payload:
        work.put_into_inbox(
            connection,
            conversation,
            item,
            text=incoming.text or str(incoming.payload),
            payload=incoming.payload,
            now=now,
        )
    return Accepted(item, conversation, again=False, reopened=reopened, troubled=troubled)


def find_or_begin(connection: Connection, channel: str, external_id: str, now: datetime) -> Conversation:
    """The conversation of a sender of another channel."""
    table = conversations.c
    query = select(table.id).where(table.channel == channel, table.external_id == external_id)
    found = connection.execute(query).scalar_one_or_none()
    if found is not None:
        return _present(timeline.find(connection, found))
    return begin(connection, NewConversation(channel, external_id=external_id), now)


def _opened(connection: Connection, token_hash: str, conversation_id: str, now: datetime, holds: timedelta) -> Row[Any]:
    query = select(conversations).where(conversations.c.token_hash == token_hash)
    row = connection.execute(query).first()
    if row is None or row.updated_at + holds <= now:
        raise TokenInvalid
    if row.id != conversation_id:
        raise NotFound
    return row


def _reopen(connection: Connection, row: Row[Any], now: datetime, resumable: timedelta) -> bool:
    if row.updated_at + resumable <= now:
        raise ConversationClosed
    if row.state != State.CLOSED:
        return False
    opened = {"state": State.BOT.value, "version": row.version + 1, "closed_at": None}
    connection.execute(update(conversations).where(conversations.c.id == row.id).values(opened))
    return True


def _files(connection: Connection, conversation_id: str, ids: Any) -> tuple[Attachment, ...]:
    if not ids:
        return ()
    query = select(attachments).where(attachments.c.conversation_id == conversation_id, attachments.c.id.in_(ids))
    found = {row.id: Attachment(row.id, row.name, row.type, row.size) for row in connection.execute(query)}
    if set(found) != set(ids):
        raise Invalid("An attachment is not known. Upload the file first, then send the message.")
    return tuple(found[one] for one in ids)


def _troubled(connection: Connection, conversation_id: str) -> bool:
    query = select(inbox.c.id).where(
        inbox.c.conversation_id == conversation_id, inbox.c.state == "waiting", inbox.c.told_at.is_not(None)
    )
    return connection.execute(query.limit(1)).first() is not None


def _present(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found
