"""From people back to the bot, and the end: one transaction each, items and version together."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from desk.adapters.sql import inbox_work, timeline, work
from desk.adapters.sql.owner_rows import NO_QUEUE, Changed, as_it_stands, owned, silence, store
from desk.adapters.sql.tables import inbox, items
from desk.errors import NotPossible
from desk.gateway.model import Draft, Happened, Speaker, State
from desk.inbox.model import Note
from desk.sentences import Sentences


def leave_queue(
    connection: Connection, conversation_id: str, now: datetime, draft: Draft, *, only_late: bool = False
) -> Changed:
    """Back to the bot, which answers what was written meanwhile.

    Raises:
        NotPossible: it is not in the queue (any more), or with ``only_late`` its time is not over.
        UnknownConversation: there is none.
    """
    row, owner = owned(connection, conversation_id)
    if only_late and (row.queue_until is None or row.queue_until > now):
        raise NotPossible("It may still wait.")
    store(connection, row, owner.not_waiting(), **NO_QUEUE)
    _back_to_bot(connection, row, now, note=None)
    told = timeline.append(connection, conversation_id, [draft], now)
    return as_it_stands(connection, conversation_id), told


def give_back(
    connection: Connection,
    conversation_id: str,
    now: datetime,
    *,
    expected: int | None,
    sentences: Sentences,
    note: Note | None = None,
) -> Changed:
    """From the person to the bot; what was said meanwhile goes to Rasa's tracker before the next turn.

    What the customer wrote after the person's last words is the bot's to answer.

    ``note`` is for colleagues and for the bot's memory: the customer never reads it.

    Raises:
        StaleVersion: somebody changed it first.
        NotPossible: no person has it.
        UnknownConversation: there is none.
    """
    row, owner = owned(connection, conversation_id)
    name = row.agent_name or sentences.say("default_agent")
    store(connection, row, owner.expect(expected).returned(), **NO_QUEUE)
    if note is not None:
        inbox_work.add_note(connection, conversation_id, note)
    _back_to_bot(connection, row, now, note=(note.author_name, note.text) if note else None)
    left = Draft(Speaker.SYSTEM, text=sentences.say("agent_left", name=name), name=name, event=Happened.AGENT_LEFT)
    back = Draft(Speaker.SYSTEM, text=sentences.say("back_to_bot"), event=Happened.BACK_TO_BOT)
    told = timeline.append(connection, conversation_id, [left, back], now)
    return as_it_stands(connection, conversation_id), told


def close(connection: Connection, conversation_id: str, now: datetime, *, sentences: Sentences) -> Changed:
    """The end; ending it again changes nothing. What still waited is not answered any more.

    Raises:
        UnknownConversation: there is none.
    """
    row, owner = owned(connection, conversation_id)
    if owner.state is State.CLOSED:
        return as_it_stands(connection, conversation_id), []
    if owner.state is State.AGENT:
        _send_human_part(connection, row, now)
    silence(connection, row)
    store(connection, row, owner.closed(), **(NO_QUEUE | {"closed_at": now}))
    waiting = update(inbox).where(inbox.c.conversation_id == conversation_id)
    connection.execute(waiting.where(inbox.c.state.in_(("waiting", "for_person"))).values(state="done", error="closed"))
    work.refresh_due(connection, conversation_id)
    ended = Draft(Speaker.SYSTEM, text=sentences.say("closed"), event=Happened.CLOSED)
    told = timeline.append(connection, conversation_id, [ended], now)
    return as_it_stands(connection, conversation_id), told


def _last_word_of_people(connection: Connection, row: Row[Any]) -> int:
    """Position of the newest words of a person since people are in charge; 0 without any."""
    query = select(func.max(items.c.position)).where(
        items.c.conversation_id == row.id,
        items.c.speaker == Speaker.AGENT.value,
        items.c.position > (row.human_since or 0),
    )
    return connection.execute(query).scalar_one_or_none() or 0


def _back_to_bot(connection: Connection, row: Row[Any], now: datetime, *, note: tuple[str, str] | None) -> None:
    """What people answered becomes the bot's memory, what they did not answer its work."""
    _send_human_part(connection, row, now, note=note, up_to=_last_word_of_people(connection, row))
    back = update(inbox).where(inbox.c.conversation_id == row.id, inbox.c.state == "for_person")
    connection.execute(back.values(state="waiting", attempts=0, next_at=now, received_at=now, told_at=None))
    work.refresh_due(connection, row.id)


def _send_human_part(
    connection: Connection,
    row: Row[Any],
    now: datetime,
    *,
    note: tuple[str, str] | None = None,
    up_to: int = 2**31 - 1,
) -> None:
    """Everything the customer said to a person, and what people said, becomes an errand to Rasa.

    A message of a turn that was cut off by a person names that turn: if Rasa remembers it, it is not said again.
    """
    mine = and_(inbox.c.conversation_id == row.id, inbox.c.state == "for_person", inbox.c.position <= up_to)
    turns = {one.id: one.batch_id for one in connection.execute(select(inbox.c.id, inbox.c.batch_id).where(mine))}
    query = (
        select(items)
        .where(
            items.c.conversation_id == row.id,
            items.c.position <= up_to,
            or_(items.c.position > (row.human_since or 0), items.c.id.in_(turns)),
        )
        .order_by(items.c.position)
    )
    said = [
        {"speaker": one.speaker, "text": one.text, "name": one.name, "message_id": one.id, "turn": turns.get(one.id)}
        for one in connection.execute(query)
        if one.text and (one.speaker == Speaker.AGENT or one.id in turns)
    ]
    if note is not None:
        said.append({"speaker": "note", "text": note[1], "name": note[0], "message_id": None})
    connection.execute(update(inbox).where(mine).values(state="done"))
    if said:
        work.put_into_outbox(connection, row.id, "human_part", {"said": said}, now)
    work.refresh_due(connection, row.id)
