"""To people, from the bot or from a colleague: one transaction each, items and version together."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from desk.adapters.sql import entrance, timeline, work
from desk.adapters.sql.owner_rows import NO_QUEUE, Changed, as_it_stands, owned, silence, store
from desk.adapters.sql.tables import conversations, handoffs, inbox, items
from desk.errors import NotPossible
from desk.gateway.model import Conversation, Draft, Happened, Speaker, State
from desk.handoff.model import RANK, Handoff
from desk.sentences import Sentences


def queue(
    connection: Connection,
    conversation_id: str,
    handoff: Handoff,
    now: datetime,
    *,
    waits: timedelta,
    sentences: Sentences,
    in_turn: bool,
) -> Changed:
    """Put the conversation into the queue; the same message's call again changes nothing.

    Args:
        connection: the transaction.
        conversation_id: whose.
        handoff: why.
        now: when.
        waits: how long until the customer is told that nobody came.
        sentences: what is said.
        in_turn: the call comes from a running turn, whose answer is told before the place in the queue.

    Raises:
        UnknownConversation: there is none.
        NotPossible: it has ended.
    """
    row, owner = owned(connection, conversation_id)
    if _recorded(connection, conversation_id, handoff.message_id):
        return as_it_stands(connection, conversation_id), []
    waiting_or_served = owner.state in (State.QUEUED, State.AGENT)
    _record(connection, conversation_id, handoff, now, announced=waiting_or_served or not in_turn)
    if waiting_or_served:
        return as_it_stands(connection, conversation_id), []
    store(
        connection,
        row,
        owner.queued(),
        queued_at=now,
        queue_until=now + waits,
        priority=RANK[handoff.priority],
        human_since=row.position,
    )
    _keep_for_person(connection, conversation_id, running=row.lease_owner is not None)
    conversation = as_it_stands(connection, conversation_id)
    if in_turn:
        timeline.notify(connection, conversation_id, {"s": 1})
        return conversation, []
    told = timeline.append(connection, conversation_id, [queued_draft(conversation, sentences)], now)
    return as_it_stands(connection, conversation_id), told


def miss(connection: Connection, conversation_id: str, handoff: Handoff, now: datetime) -> None:
    """Record a call that nobody is there for: the bot keeps the conversation. The same message's call counts once.

    Raises:
        UnknownConversation: there is none.
    """
    owned(connection, conversation_id)
    if not _recorded(connection, conversation_id, handoff.message_id):
        _record(connection, conversation_id, handoff, now, announced=True)


def queued_draft(conversation: Conversation, sentences: Sentences) -> Draft:
    """What a customer who waits is told."""
    words = sentences.say("queued", place=conversation.queue_place or 1)
    return Draft(Speaker.SYSTEM, text=words, event=Happened.HANDOFF_QUEUED)


def late_in_queue(connection: Connection, now: datetime) -> Sequence[str]:
    """Conversations whose time in the queue is over."""
    table = conversations.c
    query = select(table.id).where(table.state == State.QUEUED, table.queue_until <= now).limit(100)
    return list(connection.execute(query).scalars())


def take(
    connection: Connection,
    conversation_id: str,
    agent: tuple[str, str],
    now: datetime,
    *,
    expected: int | None,
    sentences: Sentences,
) -> Changed:
    """The conversation is this person's. What the bot was about to say is not said any more.

    Raises:
        StaleVersion: somebody changed it first.
        NotPossible: it has ended.
        UnknownConversation: there is none.
    """
    row, owner = owned(connection, conversation_id)
    owner.expect(expected)
    if owner.state is State.AGENT and owner.agent_id == agent[0]:
        return as_it_stands(connection, conversation_id), []
    human_since = row.human_since if owner.state in (State.QUEUED, State.AGENT) else row.position
    store(connection, row, owner.taken(*agent), **(NO_QUEUE | {"human_since": human_since}))
    if owner.state is not State.AGENT:
        silence(connection, row)
        _keep_for_person(connection, conversation_id, running=False)
    words = sentences.say("agent_joined", name=agent[1])
    joined = Draft(Speaker.SYSTEM, text=words, name=agent[1], event=Happened.AGENT_JOINED)
    told = timeline.append(connection, conversation_id, [joined], now)
    return as_it_stands(connection, conversation_id), told


def reply(
    connection: Connection,
    conversation_id: str,
    agent: tuple[str, str],
    said: tuple[str, str],
    now: datetime,
    *,
    expected: int | None,
    sentences: Sentences,
    files: Sequence[str] = (),
) -> Changed:
    """A person's words; whoever replies owns the conversation. ``said`` is the client's id and the text.

    Each reply is a new version, so that a colleague who has not read it is refused. Whoever has the conversation may
    name any version since they took it: only their own replies made newer ones.

    Raises:
        Invalid: one of the files was not uploaded to this conversation.
        StaleVersion: somebody changed it first.
        NotPossible: it has ended.
        UnknownConversation: there is none.
    """
    client_id, text = said
    row, owner = owned(connection, conversation_id)
    known = timeline.item_of_client(connection, conversation_id, client_id)
    if known is not None:
        return as_it_stands(connection, conversation_id), [known]
    if owner.agent_id == agent[0] and expected is not None and expected >= _taken_at(connection, row):
        expected = None
    _, joined = take(connection, conversation_id, agent, now, expected=expected, sentences=sentences)
    newer = update(conversations).where(conversations.c.id == conversation_id)
    connection.execute(newer.values(version=conversations.c.version + 1))
    attached = entrance.files_of(connection, conversation_id, files)
    draft = Draft(Speaker.AGENT, text=text, name=agent[1], client_id=client_id, attachments=attached)
    added = timeline.append(connection, conversation_id, [draft], now)
    return as_it_stands(connection, conversation_id), [*joined, *added]


def requeue(
    connection: Connection,
    conversation_id: str,
    now: datetime,
    *,
    waits: timedelta,
    expected: int | None,
    sentence: str,
    sentences: Sentences,
    only_of: str | None = None,
) -> Changed:
    """From a person to the queue, for a colleague; what the customer writes stays a person's to answer.

    Args:
        connection: the transaction.
        conversation_id: whose.
        now: when.
        waits: how long until the customer is told that nobody came.
        expected: the version that the caller has seen, if any.
        sentence: what the customer is told, with their ``place``.
        sentences: what is said.
        only_of: nothing is done when this person does not have it any more.

    Raises:
        StaleVersion: somebody changed it first.
        NotPossible: no person has it, or not this one.
        UnknownConversation: there is none.
    """
    row, owner = owned(connection, conversation_id)
    if only_of is not None and owner.agent_id != only_of:
        raise NotPossible("Somebody else has it by now.")
    store(connection, row, owner.expect(expected).requeued(), queued_at=now, queue_until=now + waits)
    place = as_it_stands(connection, conversation_id).queue_place or 1
    draft = Draft(Speaker.SYSTEM, text=sentences.say(sentence, place=place), event=Happened.HANDOFF_QUEUED)
    told = timeline.append(connection, conversation_id, [draft], now)
    return as_it_stands(connection, conversation_id), told


def reopen(
    connection: Connection, conversation_id: str, agent: tuple[str, str], now: datetime, *, sentences: Sentences
) -> Changed:
    """An ended conversation goes on, with this person.

    Raises:
        NotPossible: it has not ended.
        UnknownConversation: there is none.
    """
    row, owner = owned(connection, conversation_id)
    store(connection, row, owner.reopened(), closed_at=None, human_since=row.position)
    return take(connection, conversation_id, agent, now, expected=None, sentences=sentences)


def _recorded(connection: Connection, conversation_id: str, message_id: str) -> bool:
    query = select(handoffs.c.id).where(
        handoffs.c.conversation_id == conversation_id, handoffs.c.message_id == message_id
    )
    return connection.execute(query).first() is not None


def _record(connection: Connection, conversation_id: str, handoff: Handoff, now: datetime, *, announced: bool) -> None:
    told = asdict(handoff)
    columns = {name: told.pop(name) for name in ("message_id", "reason", "priority", "team", "ticket_number")}
    connection.execute(
        handoffs.insert().values(
            id=timeline.new_id("h"),
            conversation_id=conversation_id,
            details=told,
            announced=announced,
            at=now,
            **columns,
        )
    )


def _taken_at(connection: Connection, row: Row[Any]) -> int:
    """The version with which the person took the conversation: each reply since then made one more."""
    mine = items.c.conversation_id == row.id
    joined = select(func.max(items.c.position)).where(mine, items.c.event == Happened.AGENT_JOINED.value)
    since = connection.execute(joined).scalar_one_or_none() or 0
    replies = select(func.count()).where(mine, items.c.speaker == Speaker.AGENT.value, items.c.position > since)
    return int(row.version - connection.execute(replies).scalar_one())


def _keep_for_person(connection: Connection, conversation_id: str, *, running: bool) -> None:
    """What waits for the bot is for the person now, but for the turn that runs."""
    waiting = update(inbox).where(inbox.c.conversation_id == conversation_id, inbox.c.state == "waiting")
    if running:
        waiting = waiting.where(inbox.c.batch_id.is_(None))
    connection.execute(waiting.values(state="for_person"))
    work.refresh_due(connection, conversation_id)
