"""Changes of a conversation's owner: one transaction each, items and version together."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from desk.adapters.sql import timeline, work
from desk.adapters.sql.tables import conversations, handoffs, inbox, items
from desk.errors import NotPossible, UnknownConversation
from desk.gateway.model import Conversation, Draft, Happened, Item, Speaker, State
from desk.handoff.model import RANK, Handoff
from desk.handoff.ownership import Ownership
from desk.sentences import Sentences

Changed = tuple[Conversation, list[Item]]


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
    row, owner = _owned(connection, conversation_id)
    if _recorded(connection, conversation_id, handoff.message_id):
        return _now(connection, conversation_id), []
    waiting_or_served = owner.state in (State.QUEUED, State.AGENT)
    _record(connection, conversation_id, handoff, now, announced=waiting_or_served or not in_turn)
    if waiting_or_served:
        return _now(connection, conversation_id), []
    _store(
        connection,
        row,
        owner.queued(),
        queued_at=now,
        queue_until=now + waits,
        priority=RANK[handoff.priority],
        human_since=row.position,
    )
    _keep_for_person(connection, conversation_id, running=row.lease_owner is not None)
    conversation = _now(connection, conversation_id)
    if in_turn:
        timeline.notify(connection, conversation_id, {"s": 1})
        return conversation, []
    told = timeline.append(connection, conversation_id, [queued_draft(conversation, sentences)], now)
    return _now(connection, conversation_id), told


def queued_draft(conversation: Conversation, sentences: Sentences) -> Draft:
    """What a customer who waits is told."""
    words = sentences.say("queued", place=conversation.queue_place or 1)
    return Draft(Speaker.SYSTEM, text=words, event=Happened.HANDOFF_QUEUED)


def leave_queue(
    connection: Connection, conversation_id: str, now: datetime, draft: Draft, *, only_late: bool = False
) -> Changed:
    """Back to the bot, which answers what was written meanwhile.

    Raises:
        NotPossible: it is not in the queue (any more), or with ``only_late`` its time is not over.
        UnknownConversation: there is none.
    """
    row, owner = _owned(connection, conversation_id)
    if only_late and (row.queue_until is None or row.queue_until > now):
        raise NotPossible("It may still wait.")
    _store(connection, row, owner.not_waiting(), **_NO_QUEUE)
    told = timeline.append(connection, conversation_id, [draft], now)
    back = update(inbox).where(inbox.c.conversation_id == conversation_id, inbox.c.state == "for_person")
    connection.execute(back.values(state="waiting", next_at=now, received_at=now))
    work.refresh_due(connection, conversation_id)
    return _now(connection, conversation_id), told


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
    """The conversation is this person's.

    Raises:
        StaleVersion: somebody changed it first.
        NotPossible: it has ended.
        UnknownConversation: there is none.
    """
    row, owner = _owned(connection, conversation_id)
    owner.expect(expected)
    if owner.state is State.AGENT and owner.agent_id == agent[0]:
        return _now(connection, conversation_id), []
    human_since = row.human_since if owner.state in (State.QUEUED, State.AGENT) else row.position
    _store(connection, row, owner.taken(*agent), **(_NO_QUEUE | {"human_since": human_since}))
    if owner.state is State.BOT:
        _keep_for_person(connection, conversation_id, running=row.lease_owner is not None)
    words = sentences.say("agent_joined", name=agent[1])
    joined = Draft(Speaker.SYSTEM, text=words, name=agent[1], event=Happened.AGENT_JOINED)
    told = timeline.append(connection, conversation_id, [joined], now)
    return _now(connection, conversation_id), told


def reply(
    connection: Connection,
    conversation_id: str,
    agent: tuple[str, str],
    said: tuple[str, str],
    now: datetime,
    *,
    expected: int | None,
    sentences: Sentences,
) -> Changed:
    """A person's words; whoever replies owns the conversation. ``said`` is the client's id and the text.

    Raises:
        StaleVersion: somebody changed it first.
        NotPossible: it has ended.
        UnknownConversation: there is none.
    """
    client_id, text = said
    _owned(connection, conversation_id)
    known = timeline.item_of_client(connection, conversation_id, client_id)
    if known is not None:
        return _now(connection, conversation_id), [known]
    _, joined = take(connection, conversation_id, agent, now, expected=expected, sentences=sentences)
    draft = Draft(Speaker.AGENT, text=text, name=agent[1], client_id=client_id)
    added = timeline.append(connection, conversation_id, [draft], now)
    return _now(connection, conversation_id), [*joined, *added]


def give_back(
    connection: Connection, conversation_id: str, now: datetime, *, expected: int | None, sentences: Sentences
) -> Changed:
    """From the person to the bot; what was said meanwhile goes to Rasa's tracker before the next turn.

    Raises:
        StaleVersion: somebody changed it first.
        NotPossible: no person has it.
        UnknownConversation: there is none.
    """
    row, owner = _owned(connection, conversation_id)
    name = row.agent_name or sentences.say("default_agent")
    _store(connection, row, owner.expect(expected).returned(), **_NO_QUEUE)
    _send_human_part(connection, row, now)
    left = Draft(Speaker.SYSTEM, text=sentences.say("agent_left", name=name), name=name, event=Happened.AGENT_LEFT)
    back = Draft(Speaker.SYSTEM, text=sentences.say("back_to_bot"), event=Happened.BACK_TO_BOT)
    told = timeline.append(connection, conversation_id, [left, back], now)
    return _now(connection, conversation_id), told


def close(connection: Connection, conversation_id: str, now: datetime, *, sentences: Sentences) -> Changed:
    """The end; ending it again changes nothing. What still waited is not answered any more.

    Raises:
        UnknownConversation: there is none.
    """
    row, owner = _owned(connection, conversation_id)
    if owner.state is State.CLOSED:
        return _now(connection, conversation_id), []
    if owner.state is State.AGENT:
        _send_human_part(connection, row, now)
    _store(connection, row, owner.closed(), **(_NO_QUEUE | {"closed_at": now}))
    waiting = update(inbox).where(inbox.c.conversation_id == conversation_id)
    connection.execute(waiting.where(inbox.c.state.in_(("waiting", "for_person"))).values(state="done", error="closed"))
    work.refresh_due(connection, conversation_id)
    ended = Draft(Speaker.SYSTEM, text=sentences.say("closed"), event=Happened.CLOSED)
    told = timeline.append(connection, conversation_id, [ended], now)
    return _now(connection, conversation_id), told


_NO_QUEUE: dict[str, Any] = {"queued_at": None, "queue_until": None, "priority": 0}


def _owned(connection: Connection, conversation_id: str) -> tuple[Row[Any], Ownership]:
    row = timeline.row_of(connection, conversation_id, lock=True)
    if row is None:
        raise UnknownConversation
    return row, Ownership(State(row.state), row.version, row.agent_id, row.agent_name)


def _store(connection: Connection, row: Row[Any], owner: Ownership, **more: Any) -> None:
    values = {
        "state": owner.state.value,
        "version": owner.version,
        "agent_id": owner.agent_id,
        "agent_name": owner.agent_name,
        **more,
    }
    connection.execute(update(conversations).where(conversations.c.id == row.id).values(values))


def _now(connection: Connection, conversation_id: str) -> Conversation:
    found = timeline.find(connection, conversation_id)
    if found is None:
        raise UnknownConversation
    return found


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


def _keep_for_person(connection: Connection, conversation_id: str, *, running: bool) -> None:
    """What waits for the bot is for the person now, but for the turn that runs."""
    waiting = update(inbox).where(inbox.c.conversation_id == conversation_id, inbox.c.state == "waiting")
    if running:
        waiting = waiting.where(inbox.c.batch_id.is_(None))
    connection.execute(waiting.values(state="for_person"))
    work.refresh_due(connection, conversation_id)


def _send_human_part(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Everything the customer said to a person, and what people said, becomes an errand to Rasa."""
    mine = inbox.c.conversation_id == row.id
    said_to_person = set(connection.execute(select(inbox.c.id).where(mine, inbox.c.state == "for_person")).scalars())
    query = (
        select(items)
        .where(
            items.c.conversation_id == row.id,
            or_(items.c.position > (row.human_since or 0), items.c.id.in_(said_to_person)),
        )
        .order_by(items.c.position)
    )
    said = [
        {"speaker": one.speaker, "text": one.text, "name": one.name, "message_id": one.id}
        for one in connection.execute(query)
        if one.text and (one.speaker == Speaker.AGENT or one.id in said_to_person)
    ]
    connection.execute(update(inbox).where(mine, inbox.c.state == "for_person").values(state="done"))
    if said:
        work.put_into_outbox(connection, row.id, "human_part", {"said": said}, now)
    work.refresh_due(connection, row.id)


def demand_known(connection: Connection, conversation_id: str) -> None:
    """Make sure that the conversation is ours.

    Raises:
        UnknownConversation: it is not.
    """
    _now(connection, conversation_id)
