"""Changes that agents make beside the owner: priority, team, tags, snoozing, notes, presence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, and_, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from desk.adapters.sql import inbox_rows, owners, snoozing, timeline
from desk.adapters.sql.inbox_tables import inbox_details, notes, staff_presence
from desk.adapters.sql.owner_rows import Changed
from desk.adapters.sql.tables import conversations
from desk.errors import NotFound
from desk.gateway.model import State
from desk.handoff.model import RANK, Priority
from desk.inbox.model import Note
from desk.sentences import Sentences

_Values = dict[str, Any]
_NEW: _Values = {"tags": []}


def change(connection: Connection, conversation_id: str, /, **values: Any) -> None:
    """Set details of a conversation.

    Raises:
        NotFound: there is no such conversation.
    """
    if timeline.row_of(connection, conversation_id) is None:
        raise NotFound
    _keep(connection, inbox_details, ("conversation_id", conversation_id), new=_NEW, changed=values)


def set_priority(connection: Connection, conversation_id: str, priority: Priority) -> None:
    """How soon somebody has to look; it moves the customer's place in the queue.

    Raises:
        NotFound: there is no such conversation.
    """
    change(connection, conversation_id, priority=priority)
    moved = update(conversations).where(conversations.c.id == conversation_id)
    connection.execute(moved.values(priority=RANK[priority]))


def change_tags(connection: Connection, conversation_id: str, add: Sequence[str], remove: Sequence[str]) -> None:
    """Add and take away; what is there stays in its order.

    Raises:
        NotFound: there is no such conversation.
    """
    timeline.row_of(connection, conversation_id, lock=True)
    query = select(inbox_details.c.tags).where(inbox_details.c.conversation_id == conversation_id)
    there = connection.execute(query).scalar_one_or_none() or []
    tags = [tag for tag in dict.fromkeys([*there, *add]) if tag not in set(remove)]
    change(connection, conversation_id, tags=tags)


def add_note(connection: Connection, conversation_id: str, note: Note) -> Note:
    """Keep a note, once a client id.

    Raises:
        NotFound: there is no such conversation.
    """
    row = timeline.row_of(connection, conversation_id, lock=True)
    if row is None:
        raise NotFound
    known = [one for one in inbox_rows.notes_of(connection, conversation_id) if one.client_id == note.client_id]
    if known:
        return known[0]
    kept = Note(note.id, row.position, note.author_id, note.author_name, note.client_id, note.text, note.at)
    connection.execute(
        notes.insert().values(
            id=kept.id,
            conversation_id=conversation_id,
            after_position=kept.after_position,
            author_id=kept.author_id,
            author_name=kept.author_name,
            client_id=kept.client_id,
            text=kept.text,
            at=kept.at,
        )
    )
    return kept


def mark_read(connection: Connection, conversation_id: str, position: int) -> None:
    """An agent has seen everything up to here."""
    table = conversations.c
    further = update(conversations).where(table.id == conversation_id, table.read_by_agent < position)
    connection.execute(further.where(table.position >= position).values(read_by_agent=position))


def next_free(
    connection: Connection, agent: tuple[str, str], teams: Sequence[str], now: datetime, *, sentences: Sentences
) -> Changed | None:
    """Take the conversation that is to be served next; None when nobody waits.

    A conversation that was asked for a team waits for that team's people; without a team it is anybody's.
    """
    for row in inbox_rows.waiting_first(connection):
        if row.team is not None and teams and row.team not in teams:
            continue
        locked = timeline.row_of(connection, row.id, lock=True)
        if locked is None or locked.state != State.QUEUED:
            continue  # somebody was faster
        return owners.take(connection, row.id, agent, now, expected=locked.version, sentences=sentences)
    return None


def pass_on(
    connection: Connection,
    conversation_id: str,
    staff_id: str,
    team: str | None,
    now: datetime,
    *,
    waits: timedelta,
    sentences: Sentences,
) -> Changed:
    """From a person to a team's queue; where that is refused the team stays as it was.

    Raises:
        NotPossible: no person has it.
        NotFound: there is none.
    """
    change(connection, conversation_id, team=team, passed_on_by=staff_id)
    return owners.requeue(
        connection, conversation_id, now, waits=waits, expected=None, sentence="passed_on", sentences=sentences
    )


def seen(connection: Connection, staff: tuple[str, str], now: datetime) -> None:
    """A sign of life of somebody's console."""
    key = ("staff_id", staff[0])
    _keep(connection, staff_presence, key, new={"away": 0}, changed={"name": staff[1], "seen_at": now})


def expect(connection: Connection, staff: tuple[str, str], now: datetime) -> None:
    """From now on a sign of life of this person is awaited, if none was before."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    new = insert(staff_presence).values(staff_id=staff[0], name=staff[1], seen_at=now, away=0)
    connection.execute(new.on_conflict_do_nothing(index_elements=["staff_id"]))


def set_away(connection: Connection, staff: tuple[str, str], now: datetime, *, away: bool) -> None:
    """Somebody takes no conversations for a while."""
    key = ("staff_id", staff[0])
    _keep(connection, staff_presence, key, new={"seen_at": now}, changed={"name": staff[1], "away": int(away)})


def away_of(connection: Connection, staff_id: str) -> bool:
    """Whether somebody said that they are away."""
    query = select(staff_presence.c.away).where(staff_presence.c.staff_id == staff_id)
    return bool(connection.execute(query).scalar_one_or_none())


def left_alone(connection: Connection, now: datetime, grace: timedelta) -> list[tuple[str, str]]:
    """Conversations whose agent is gone or away for longer than the grace time, with the agent's id.

    What they put off stays theirs until it is back: nobody waits for anything until then.
    An agent who never had a console open (the command line) is not known here and keeps theirs.
    """
    gone = or_(staff_presence.c.seen_at <= now - grace, staff_presence.c.away == 1)
    query = (
        select(conversations.c.id, conversations.c.agent_id)
        .join(staff_presence, staff_presence.c.staff_id == conversations.c.agent_id)
        .outerjoin(inbox_details, inbox_details.c.conversation_id == conversations.c.id)
        .where(and_(conversations.c.state == State.AGENT.value, gone, not_(snoozing.put_off(now))))
        .limit(100)
    )
    return [(row.id, row.agent_id) for row in connection.execute(query)]


def _keep(connection: Connection, table: Table, key: tuple[str, str], *, new: _Values, changed: _Values) -> None:
    """Insert or update one row in one statement."""
    column, value = key
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = insert(table).values(**{column: value}, **{**new, **changed})
    connection.execute(statement.on_conflict_do_update(index_elements=[column], set_=changed))
