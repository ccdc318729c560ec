"""Reading conversations the way the inbox lists them: one query for the rows, one for what was said last in each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, not_, or_, select

from desk.adapters.sql import snoozing, timeline
from desk.adapters.sql.inbox_tables import inbox_details, notes
from desk.adapters.sql.tables import conversations, handoffs, items
from desk.gateway.model import Attachment, Happened, Speaker, State
from desk.handoff.model import Priority
from desk.inbox.model import Details, Note, Queue, Summary, Words

TITLE_CHARACTERS = 120
LAST_CHARACTERS = 160
MOST_OPEN = 500
"""Open conversations are ordered by how long they wait, so all of them are read; nobody works through more."""

_ATTENDED = (Happened.AGENT_JOINED.value, Happened.STOPPED_WAITING.value)
"""What ends a call for a person: somebody came, or the customer did not want one any more."""

_JOINED = conversations.outerjoin(inbox_details, inbox_details.c.conversation_id == conversations.c.id)
_COLUMNS = (
    conversations,
    inbox_details.c.priority.label("set_priority"),
    inbox_details.c.customer_name,
    inbox_details.c.team,
    inbox_details.c.tags,
    inbox_details.c.snoozed_at,
    inbox_details.c.snoozed_until,
    inbox_details.c.resolution,
    inbox_details.c.resolution_comment,
    inbox_details.c.merged_into,
)


def _human(state: State) -> ColumnElement[bool]:
    return conversations.c.state == state.value


def _nobody_came() -> Select[tuple[str]]:
    """Ids of conversations in which a person was called and nobody has come since; who came and went has not."""
    same = items.c.conversation_id == handoffs.c.conversation_id
    later = items.alias()
    queued_again = exists().where(
        later.c.conversation_id == items.c.conversation_id,
        later.c.event == Happened.HANDOFF_QUEUED.value,
        later.c.position > items.c.position,
    )
    attended = exists().where(
        same, items.c.event.in_(_ATTENDED), items.c.at >= handoffs.c.at, not_(queued_again.correlate(items))
    )
    return select(handoffs.c.conversation_id).where(not_(attended))


def _missed() -> ColumnElement[bool]:
    return and_(_human(State.BOT), conversations.c.id.in_(_nobody_came()))


def belongs(queue: Queue, staff_id: str) -> ColumnElement[bool]:
    """The queue as a condition; what is snoozed is told from what is not after reading."""
    conditions: Mapping[Queue, ColumnElement[bool]] = {
        Queue.MINE: and_(_human(State.AGENT), conversations.c.agent_id == staff_id),
        Queue.UNASSIGNED: _human(State.QUEUED),
        Queue.MISSED: _missed(),
        Queue.BOT: _human(State.BOT),
        Queue.SNOOZED: and_(_human(State.AGENT), inbox_details.c.snoozed_until.is_not(None)),
        Queue.RESOLVED: _human(State.CLOSED),
        Queue.ALL: conversations.c.position > 0,
    }
    return conditions[queue]


def listed(
    connection: Connection,
    queue: Queue,
    staff_id: str,
    *,
    filters: Mapping[str, str | None],
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Summary]:
    """Summaries of a queue, newest change first.

    Args:
        connection: the transaction.
        queue: which list.
        staff_id: whose, for ``mine``.
        filters: ``team``, ``priority``, ``tag``, ``q`` (words that were said, or the id); None is no filter.
        before: change and id of the last one of the page before.
        limit: most of them.
    """
    table = conversations.c
    query = select(*_COLUMNS).select_from(_JOINED).where(belongs(queue, staff_id), table.position > 0)
    query = query.where(*_filtered(connection, filters))
    if before is not None:
        at, last_id = before
        query = query.where(or_(table.updated_at < at, and_(table.updated_at == at, table.id < last_id)))
    rows = connection.execute(query.order_by(table.updated_at.desc(), table.id.desc()).limit(limit)).all()
    return summaries(connection, rows)


def _filtered(connection: Connection, filters: Mapping[str, str | None]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if team := filters.get("team"):
        wanted.append(inbox_details.c.team == team)
    if priority := filters.get("priority"):
        wanted.append(func.coalesce(inbox_details.c.priority, "normal") == priority)
    if tag := filters.get("tag"):
        wanted.append(_has_tag(connection, tag))
    if words := filters.get("q"):
        like = f"%{_escaped(words)}%"
        said = select(items.c.conversation_id).where(items.c.text.ilike(like, escape="\\"))
        wanted.append(or_(conversations.c.id == words, conversations.c.id.in_(said)))
    return wanted


def _escaped(words: str) -> str:
    r"""For LIKE with ``\`` as escape: ``%`` and ``_`` mean themselves."""
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _has_tag(connection: Connection, tag: str) -> ColumnElement[bool]:
    if connection.dialect.name == "postgresql":
        return inbox_details.c.tags.op("@>")(func.jsonb_build_array(tag))
    each = func.json_each(inbox_details.c.tags).table_valued("value")
    return select(each.c.value).where(each.c.value == tag).exists()


def one(connection: Connection, conversation_id: str) -> Summary | None:
    """The summary of a conversation."""
    query = select(*_COLUMNS).select_from(_JOINED).where(conversations.c.id == conversation_id)
    row = connection.execute(query).first()
    return summaries(connection, [row])[0] if row else None


def several(connection: Connection, ids: Sequence[str]) -> list[Summary]:
    """The summaries of some conversations, in that order."""
    query = select(*_COLUMNS).select_from(_JOINED).where(conversations.c.id.in_(ids))
    rows = {row.id: row for row in connection.execute(query)}
    return summaries(connection, [rows[ident] for ident in ids if ident in rows])


def cared_for(connection: Connection) -> Sequence[str]:
    """Conversations in people's care."""
    with_people = conversations.c.state.in_((State.QUEUED.value, State.AGENT.value))
    return list(connection.execute(select(conversations.c.id).where(with_people)).scalars())


def counts_of_all(connection: Connection, now: datetime) -> tuple[dict[str, int], dict[str, int]]:
    """How many conversations each list has, and how many of them are each agent's own."""
    snoozed = snoozing.put_off(now)
    query = (
        select(conversations.c.agent_id, func.count())
        .select_from(_JOINED)
        .where(_human(State.AGENT), not_(snoozed), conversations.c.position > 0)
        .group_by(conversations.c.agent_id)
    )
    return counts(connection, "", now), {row[0]: int(row[1]) for row in connection.execute(query)}


def waiting_first(connection: Connection) -> Sequence[Any]:
    """Ids of the queue in the order in which they are served: urgent before old."""
    query = select(conversations.c.id, inbox_details.c.team).select_from(_JOINED).where(_human(State.QUEUED))
    return connection.execute(query.order_by(conversations.c.priority.desc(), conversations.c.queued_at)).all()


def counts(connection: Connection, staff_id: str, now: datetime) -> dict[str, int]:
    """How many conversations each list has."""
    table = conversations.c
    with_person = table.state == State.AGENT.value
    snoozed = snoozing.put_off(now)
    lists = {
        "mine": and_(with_person, table.agent_id == staff_id, not_(snoozed)),
        "unassigned": table.state == State.QUEUED.value,
        "missed": _missed(),
        "bot": table.state == State.BOT.value,
        "snoozed": and_(with_person, snoozed),
        "resolved": table.state == State.CLOSED.value,
    }
    counted = [func.coalesce(func.sum(case((one, 1), else_=0)), 0).label(name) for name, one in lists.items()]
    row = connection.execute(select(*counted).select_from(_JOINED).where(table.position > 0)).mappings().one()
    return {name: int(count) for name, count in row.items()}


def summaries(connection: Connection, rows: Sequence[Row[Any]]) -> list[Summary]:
    """The rows with what was said last in each: five queries, however many rows."""
    ids = [row.id for row in rows]
    customers, lasts = _last_of(connection, ids, Speaker.CUSTOMER), _last_of(connection, ids, None)
    waits, moods = _waits(connection, ids), _handoffs(connection, ids)
    called = set(connection.execute(_nobody_came().where(handoffs.c.conversation_id.in_(ids))).scalars())
    made = []
    for row in rows:
        mood, priority = moods.get(row.id, (None, None))
        unread, waiting_since = waits.get(row.id, (0, None))
        cared_for = row.state in (State.QUEUED, State.AGENT)
        words = customers.get(row.id)
        made.append(
            Summary(
                conversation=timeline.conversation_of(connection, row),
                details=_details(row, priority),
                title=_cut(words.text, TITLE_CHARACTERS) if words else "",
                last=lasts.get(row.id),
                unread=unread,
                waiting_since=(waiting_since or row.queued_at) if cared_for else None,
                mood=mood,
                rating=row.rating_score,
                missed=row.state == State.BOT and row.id in called,
            )
        )
    return made


def _details(row: Row[Any], asked: str | None) -> Details:
    return Details(
        priority=cast("Priority", row.set_priority or asked or "normal"),
        customer_name=row.customer_name,
        team=row.team,
        tags=tuple(row.tags or ()),
        snoozed_at=row.snoozed_at,
        snoozed_until=row.snoozed_until,
        resolution=row.resolution,
        resolution_comment=row.resolution_comment,
        merged_into=row.merged_into,
    )


def _last_of(connection: Connection, ids: Sequence[str], speaker: Speaker | None) -> dict[str, Words]:
    """The last words of each conversation, by anybody but the system, or by one speaker."""
    said = items.c.speaker == speaker.value if speaker else items.c.speaker != Speaker.SYSTEM.value
    newest = (
        select(items.c.conversation_id, func.max(items.c.position).label("position"))
        .where(items.c.conversation_id.in_(ids), said)
        .group_by(items.c.conversation_id)
        .subquery()
    )
    columns = (items.c.conversation_id, items.c.speaker, items.c.text, items.c.at, items.c.attachments)
    query = select(*columns).join(
        newest, and_(items.c.conversation_id == newest.c.conversation_id, items.c.position == newest.c.position)
    )
    return {
        conversation_id: Words(Speaker(speaker), _cut(text, LAST_CHARACTERS), at, _first_file(attachments))
        for conversation_id, speaker, text, at, attachments in connection.execute(query)
    }


def _first_file(attachments: Sequence[dict[str, Any]]) -> Attachment | None:
    return Attachment(**attachments[0]) if attachments else None


def _waits(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[int, datetime | None]]:
    """How many of the customer's items no agent has read, and when the first since an agent's last words came."""
    spoken = (
        select(items.c.conversation_id, func.max(items.c.position).label("position"))
        .where(items.c.conversation_id.in_(ids), items.c.speaker == Speaker.AGENT.value)
        .group_by(items.c.conversation_id)
        .subquery()
    )
    human_since = func.coalesce(conversations.c.human_since, 0)
    since = case((spoken.c.position > human_since, spoken.c.position), else_=human_since)
    query = (
        select(
            items.c.conversation_id,
            func.sum(case((items.c.position > conversations.c.read_by_agent, 1), else_=0)).label("unread"),
            func.min(case((items.c.position > since, items.c.at))).label("waits_since"),
        )
        .select_from(
            items.join(conversations, conversations.c.id == items.c.conversation_id).outerjoin(
                spoken, spoken.c.conversation_id == items.c.conversation_id
            )
        )
        .where(items.c.conversation_id.in_(ids), items.c.speaker == Speaker.CUSTOMER.value)
        .group_by(items.c.conversation_id)
    )
    return {row.conversation_id: (int(row.unread), row.waits_since) for row in connection.execute(query)}


def _handoffs(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[float | None, str]]:
    """Mood and priority of each conversation's newest handoff."""
    query = (
        select(handoffs.c.conversation_id, handoffs.c.priority, handoffs.c.details)
        .where(handoffs.c.conversation_id.in_(ids))
        .order_by(handoffs.c.at)
    )
    found = {}
    for row in connection.execute(query):
        moods = row.details.get("sentiment") or []
        found[row.conversation_id] = (float(moods[-1]) if moods else None, str(row.priority))
    return found


def newest_handoff(connection: Connection, conversation_id: str) -> dict[str, Any] | None:
    """Why a person was called last, with everything that was told then."""
    query = select(handoffs).where(handoffs.c.conversation_id == conversation_id).order_by(handoffs.c.at.desc())
    row = connection.execute(query.limit(1)).first()
    if row is None:
        return None
    told = {
        name: row.details.get(name) for name in ("summary", "collected", "intents", "tried", "sentiment", "last_words")
    }
    return {
        **told,
        "reason": row.reason,
        "priority": row.priority,
        "team": row.team,
        "ticket_number": row.ticket_number,
        "at": row.at,
    }


def tickets_of(connection: Connection, conversation_id: str) -> list[str]:
    """Numbers of the tickets that handoffs opened."""
    query = select(handoffs.c.ticket_number).where(
        handoffs.c.conversation_id == conversation_id, handoffs.c.ticket_number.is_not(None)
    )
    return list(dict.fromkeys(connection.execute(query.order_by(handoffs.c.at)).scalars()))


def notes_of(connection: Connection, conversation_id: str) -> list[Note]:
    """All notes, oldest first."""
    query = select(notes).where(notes.c.conversation_id == conversation_id).order_by(notes.c.at)
    return [
        Note(row.id, row.after_position, row.author_id, row.author_name, row.client_id, row.text, row.at)
        for row in connection.execute(query)
    ]


def _cut(text: str, most: int) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else one_line[: most - 1] + "…"
