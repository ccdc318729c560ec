"""How conversations begin and customers' messages come in: one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Update, exists, select, update

from desk.adapters.sql import snoozing, timeline, work
from desk.adapters.sql.inbox_tables import inbox_details
from desk.adapters.sql.tables import attachments, conversations, inbox, items, outbox
from desk.errors import ConversationClosed, Invalid, NotFound, TokenInvalid
from desk.gateway.model import (
    Attachment,
    Batch,
    Claim,
    Conversation,
    Draft,
    Incoming,
    Item,
    Lease,
    MessageId,
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
        lease: its turn is the caller's to work on.
    """

    item: Item
    conversation: Conversation
    again: bool
    reopened: bool = False
    troubled: bool = False
    lease: Lease | None = None


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
    claim: Claim | None = None,
) -> Accepted:
    """Keep a customer's message and put it where it will be answered; or begin its turn, if nothing is in front of it.

    Args:
        connection: the transaction.
        conversation_id: where it was said.
        incoming: what was said.
        now: when.
        resumable: how long after its last item an ended conversation opens again.
        token_hash: checked in the same transaction, if given.
        token_holds: how long after the last item a token holds.
        claim: whoever asks would work on the message at once.

    Raises:
        ConversationClosed: it ended too long ago.
        Invalid: an attachment is not this conversation's.
        TokenInvalid: see ``authenticate``.
        NotFound: see ``authenticate``.
    """
    if token_hash is not None and token_holds is not None:
        row = _opened(connection, token_hash, conversation_id, now, token_holds, lock=True)
    else:
        row = _present(timeline.row_of(connection, conversation_id, lock=True))
    before = _before(connection, conversation_id, incoming.client_id)
    if before.known:
        known = _present(timeline.item_of_client(connection, conversation_id, incoming.client_id))
        return Accepted(known, timeline.conversation_of(connection, row), again=True)
    changes = _reopening(row, now, resumable)
    conversation = replace(timeline.conversation_of(connection, row), **changes)
    files = files_of(connection, conversation_id, incoming.attachments)
    draft = Draft(
        Speaker.CUSTOMER, text=incoming.text, client_id=incoming.client_id, attachments=files,
        message={"payload": incoming.payload} if incoming.payload else {},
    )  # fmt: skip
    for_bot = bool(incoming.text or incoming.payload) and conversation.state is State.BOT
    begins = for_bot and claim is not None and before.nothing and (row.lease_until is None or row.lease_until <= now)
    columns: dict[str, Any] = dict(changes)
    if for_bot:  # at once; what must wait for an earlier try or an errand is found when it is claimed
        columns["due_at"] = now if row.due_at is None else min(row.due_at, now)
    if begins and claim is not None:
        columns |= work.leased(row.fence, claim)
    if changes:
        connection.execute(_undecided(conversation_id))
    if conversation.state is State.AGENT:
        snoozing.wake(connection, conversation_id)
    item = timeline.append(connection, conversation_id, [draft], now, columns)[0]
    conversation = replace(conversation, position=item.position, updated_at=now)
    batch = _put_into_inbox(connection, conversation, item, incoming, begins=begins)
    return Accepted(
        item,
        conversation,
        again=False,
        reopened=bool(changes),
        troubled=before.troubled,
        lease=Lease(conversation.id, row.fence + 1, batch) if begins else None,
    )


@dataclass(frozen=True, slots=True)
class _Before:
    """What is in front of a new message: it is known itself, messages wait, one of them long, errands wait."""

    known: bool
    messages: bool
    troubled: bool
    errands: bool

    @property
    def nothing(self) -> bool:
        return not (self.messages or self.errands)


def _before(connection: Connection, conversation_id: str, client_id: str) -> _Before:
    waiting = exists().where(inbox.c.conversation_id == conversation_id, inbox.c.state == "waiting")
    known = exists().where(items.c.conversation_id == conversation_id, items.c.client_id == client_id)
    errands = exists().where(
        outbox.c.conversation_id == conversation_id, outbox.c.state == "waiting", outbox.c.kind != "erase"
    )
    query = select(known, waiting, waiting.where(inbox.c.told_at.is_not(None)), errands)
    return _Before(*connection.execute(query).one())


def _put_into_inbox(
    connection: Connection, conversation: Conversation, item: Item, incoming: Incoming, *, begins: bool
) -> Batch | None:
    """A customer's message waits for the bot, or for the person who has the conversation; its turn when it begins."""
    if not incoming.text and not incoming.payload:
        return None
    text = incoming.text or str(incoming.payload)
    metadata = {"locale": conversation.locale} if conversation.locale else {}
    connection.execute(
        inbox.insert().values(
            id=item.id,
            conversation_id=conversation.id,
            position=item.position,
            text=text,
            payload=incoming.payload,
            metadata=metadata,
            state="waiting" if conversation.state is State.BOT else "for_person",
            batch_id=item.id if begins else None,
            attempts=1 if begins else 0,
            next_at=item.at,
            received_at=item.at,
        )
    )
    if not begins:
        return None
    return Batch(
        id=MessageId(item.id),
        message_ids=[item.id],
        text=text,
        payload=incoming.payload,
        metadata=metadata,
        attempts=1,
        since=item.at,
        told=False,
    )


def find_or_begin(connection: Connection, channel: str, external_id: str, now: datetime) -> Conversation:
    """The conversation of a sender of another channel."""
    table = conversations.c
    query = select(table.id).where(table.channel == channel, table.external_id == external_id)
    found = connection.execute(query).scalar_one_or_none()
    if found is not None:
        return _present(timeline.find(connection, found))
    return begin(connection, NewConversation(channel, external_id=external_id), now)


def _opened(
    connection: Connection,
    token_hash: str,
    conversation_id: str,
    now: datetime,
    holds: timedelta,
    *,
    lock: bool = False,
) -> Row[Any]:
    query = select(conversations).where(conversations.c.token_hash == token_hash)
    if lock and connection.dialect.name == "postgresql":
        query = query.with_for_update()
    row = connection.execute(query).first()
    if row is None or row.updated_at + holds <= now:
        raise TokenInvalid
    if row.id != conversation_id:
        raise NotFound
    return row


def _undecided(conversation_id: str) -> Update:
    """How an ended conversation went is open again."""
    mine = update(inbox_details).where(inbox_details.c.conversation_id == conversation_id)
    return mine.values(resolution=None, resolution_comment=None)


def _reopening(row: Row[Any], now: datetime, resumable: timedelta) -> dict[str, Any]:
    """What changes when an ended conversation goes on; nothing in one that has not ended.

    Raises:
        ConversationClosed: it ended too long ago.
    """
    if row.updated_at + resumable <= now:
        raise ConversationClosed
    if row.state != State.CLOSED:
        return {}
    return {"state": State.BOT, "version": row.version + 1, "closed_at": None}


def files_of(connection: Connection, conversation_id: str, ids: Sequence[str]) -> tuple[Attachment, ...]:
    """Files of the conversation that were uploaded before.

    Raises:
        Invalid: one of them is not there.
    """
    if not ids:
        return ()
    query = select(attachments).where(attachments.c.conversation_id == conversation_id, attachments.c.id.in_(ids))
    found = {row.id: Attachment(row.id, row.name, row.type, row.size) for row in connection.execute(query)}
    if set(found) != set(ids):
        raise Invalid("An attachment is not known. Upload the file first, then send the message.")
    return tuple(found[one] for one in ids)


def _present(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found
