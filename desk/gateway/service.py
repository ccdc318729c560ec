"""What customers can do with their conversations. Every call is one or two transactions; then listeners are told."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, or_, update

from desk.adapters.sql import entrance, giving_back, owners, timeline
from desk.adapters.sql.database import Database
from desk.adapters.sql.tables import conversations
from desk.company import Opening, OpeningHours
from desk.errors import AnotherCustomer, ConversationClosed, NotPossible
from desk.gateway.hub import Hub
from desk.gateway.model import Conversation, Draft, Happened, Incoming, Item, NewConversation, Speaker, State
from desk.gateway.ports import Turns
from desk.handoff.model import Handoff
from desk.metrics import Metrics
from desk.sentences import PERSON_PAYLOAD, Sentences
from desk.tokens import token_hash


@dataclass(frozen=True)
class Windows:
    """How long things last: a token, a conversation that may be resumed, the queue."""

    token: timedelta
    resumable: timedelta
    queue: timedelta


@dataclass(frozen=True)
class DeskParts:
    """What the services of this room share."""

    database: Database
    hub: Hub
    sentences: Sentences
    hours: OpeningHours
    metrics: Metrics
    windows: Windows
    turns: Turns
    now: Callable[[], datetime]


class Gateway:
    """Conversations of the web channel, each opened by its token."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    async def begin(self, new: NewConversation) -> tuple[str, Conversation]:
        """A new conversation and the token that opens it, which is told only here."""
        token = secrets.token_urlsafe(32)
        keyed = NewConversation(
            channel=new.channel,
            token_hash=token_hash(token),
            locale=new.locale,
            page_url=new.page_url,
            page_title=new.page_title,
            consent=new.consent,
        )
        return token, await self._parts.database.write(entrance.begin, keyed, self._parts.now())

    async def open(self, token: str, conversation_id: str) -> Conversation:
        """The conversation, if the token opens it.

        Raises:
            TokenInvalid: unknown, revoked or expired.
            NotFound: the token is another conversation's.
        """
        return await self._parts.database.read(
            entrance.authenticate, token_hash(token), conversation_id, self._parts.now(), self._parts.windows.token
        )

    async def send(self, token: str, conversation_id: str, incoming: Incoming) -> entrance.Accepted:
        """Keep a message; what becomes of it comes by the stream. The same ``client_id`` again is the same message.

        Raises:
            TokenInvalid, NotFound, ConversationClosed, Invalid: nothing was kept.
        """
        return await self.accept(
            conversation_id,
            incoming,
            resumable=self._parts.windows.resumable,
            token_hash=token_hash(token),
            token_holds=self._parts.windows.token,
        )

    async def accept(self, conversation_id: str, incoming: Incoming, **given: Any) -> entrance.Accepted:
        """Keep a message (``given`` as ``entrance.accept`` takes it), begin its turn and tell whoever listens."""
        now = self._parts.now()
        with self._parts.turns.place(conversation_id) as place:
            accepted = await self._parts.database.write(
                entrance.accept, conversation_id, incoming, now, claim=place.claim, **given
            )
            place.lease = accepted.lease
        if not accepted.again:
            await self._after_accepting(accepted, incoming)
        return accepted

    async def _after_accepting(self, accepted: entrance.Accepted, incoming: Incoming) -> None:
        """Tell listeners and the worker; a call for a person does not wait behind a turn that cannot be answered."""
        conversation = accepted.conversation
        self._parts.metrics.messages.labels(conversation.channel).inc()
        self._parts.hub.items(conversation.id, [accepted.item])
        if accepted.reopened:
            self._parts.hub.conversation(conversation)
        if incoming.attachments and not incoming.text and not incoming.payload and conversation.state is State.BOT:
            await self._say(conversation.id, "file_kept")
        if accepted.troubled and incoming.payload == PERSON_PAYLOAD:
            await self.ask_for_person(conversation.id, accepted.item.id)
        if accepted.lease is None and conversation.state is State.BOT:
            self._parts.turns.wake()

    async def timeline(self, conversation_id: str, *, after: int, before: int | None, limit: int) -> list[Item]:
        """Items of the conversation; see ``items_between``."""
        read = partial(timeline.items_between, after=after, before=before, limit=limit)
        return await self._parts.database.read(read, conversation_id)

    async def typing(self, conversation_id: str, *, on: bool) -> None:
        """The customer writes."""
        await self._signal(conversation_id, "typing", {"speaker": "customer", "name": None, "on": on})

    async def read_up_to(self, conversation_id: str, position: int) -> None:
        """The customer has seen everything up to here."""
        await self._parts.database.write(_mark_read, conversation_id, position)
        await self._signal(conversation_id, "read", {"speaker": "customer", "position": position})

    async def rate(self, conversation_id: str, score: int, comment: str | None) -> None:
        """How the customer liked it; the last rating counts."""
        await self._change(conversation_id, rating_score=score, rating_comment=comment)

    async def leave_contact(self, conversation: Conversation, email: str, ticket_number: str | None) -> None:
        """Where a colleague answers when nobody is there; the same address again is said once."""
        await self._change(conversation.id, contact_email=email)
        if ticket_number and conversation.contact_email != email:
            await self._say(conversation.id, "contact_kept", {}, email=email, number=ticket_number)

    async def ask_for_person(self, conversation_id: str, message_id: str) -> Conversation:
        """Into the queue; out of hours the customer is told when people are there, and stays with the bot.

        Raises:
            ConversationClosed: it has ended.
        """
        now = self._parts.now()
        opening = self.opening()
        asked = Handoff(message_id=message_id, reason="asked_for_person")
        if not opening.open:
            await self._parts.database.write(owners.miss, conversation_id, asked, now)
            self._parts.metrics.handoffs.labels("out_of_hours").inc()
            return await self._closed_hours(conversation_id, opening)
        try:
            conversation, told = await self._parts.database.write(
                owners.queue,
                conversation_id,
                asked,
                now,
                waits=self._parts.windows.queue,
                sentences=self._parts.sentences,
                in_turn=False,
            )
        except NotPossible as error:
            raise ConversationClosed from error
        self._parts.metrics.handoffs.labels("queued").inc(1 if told else 0)
        self._publish(conversation, told)
        return conversation

    async def stop_waiting(self, conversation_id: str) -> Conversation:
        """Out of the queue; where it is not in the queue nothing changes."""
        draft = Draft(Speaker.SYSTEM, text=self._parts.sentences.say("stopped_waiting"), event=Happened.STOPPED_WAITING)
        try:
            conversation, told = await self._parts.database.write(
                giving_back.leave_queue, conversation_id, self._parts.now(), draft
            )
        except NotPossible:
            return await self.look(conversation_id)
        self._parts.metrics.queue_ended.labels("customer").inc()
        self._publish(conversation, told)
        self._parts.turns.wake()
        return conversation

    async def end(self, conversation_id: str) -> Conversation:
        """The customer ends it."""
        conversation, told = await self._parts.database.write(
            giving_back.close, conversation_id, self._parts.now(), sentences=self._parts.sentences
        )
        self._publish(conversation, told)
        return conversation

    async def identified(self, conversation_id: str, customer_id: str) -> Conversation:
        """The host site says who this is.

        Raises:
            AnotherCustomer: it said before that this is somebody else.
        """
        if not await self._parts.database.write(_give_to, conversation_id, customer_id):
            raise AnotherCustomer
        conversation = await self.look(conversation_id)
        self._parts.hub.conversation(conversation)
        return conversation

    async def look(self, conversation_id: str) -> Conversation:
        """The conversation as it stands."""
        found = await self._parts.database.read(timeline.find, conversation_id)
        if found is None:
            raise ConversationClosed
        return found

    def opening(self) -> Opening:
        """Whether people are there now."""
        return self._parts.hours.at(self._parts.now())

    def resumable_until(self, conversation: Conversation) -> datetime:
        """Until when a message goes on with this conversation."""
        return conversation.updated_at + self._parts.windows.resumable

    async def _closed_hours(self, conversation_id: str, opening: Opening) -> Conversation:
        message = {"custom": {"kind": "contact", "input": {"kind": "email"}}}
        await self._say(conversation_id, "queued_closed", message, hours=opening.text)
        return await self.look(conversation_id)

    async def _say(
        self, conversation_id: str, sentence: str, message: Mapping[str, Any] | None = None, **values: object
    ) -> None:
        if message is None:
            message = {"buttons": [self._parts.sentences.person_button()]}
        draft = Draft(Speaker.SYSTEM, text=self._parts.sentences.say(sentence, **values), message=message)
        told = await self._parts.database.write(timeline.append, conversation_id, [draft], self._parts.now())
        self._parts.hub.items(conversation_id, told)

    async def _change(self, conversation_id: str, **values: Any) -> None:
        await self._parts.database.write(_set, conversation_id, values)

    async def _signal(self, conversation_id: str, event: str, data: Mapping[str, Any]) -> None:
        self._parts.hub.signal(conversation_id, event, data)
        if not self._parts.database.is_sqlite:
            await self._parts.database.write(timeline.notify, conversation_id, {"e": [event, data]})

    def _publish(self, conversation: Conversation, told: list[Item]) -> None:
        if told:
            self._parts.hub.items(conversation.id, told)
        self._parts.hub.conversation(conversation)


def _set(connection: Connection, conversation_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))


def _give_to(connection: Connection, conversation_id: str, customer_id: str) -> bool:
    """Whether the conversation is this customer's now: it was theirs, or nobody's."""
    table = conversations.c
    nobodys = or_(table.customer_id.is_(None), table.customer_id == customer_id)
    change = update(conversations).where(table.id == conversation_id, nobodys)
    return bool(connection.execute(change.values(customer_id=customer_id)).rowcount)


def _mark_read(connection: Connection, conversation_id: str, position: int) -> None:
    table = conversations.c
    further = update(conversations).where(table.id == conversation_id, table.read_by_customer < position)
    connection.execute(further.where(table.position >= position).values(read_by_customer=position))
