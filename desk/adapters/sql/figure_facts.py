"""Facts of conversations kept in step with the gateway's tables: what changed since the last time is made anew."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, and_, cast, delete, func, insert, or_, select, update

from desk.adapters.sql.figures_tables import conversation_figures, figures_state, unanswered_questions
from desk.adapters.sql.review_views import has_reviews, reviews
from desk.adapters.sql.tables import conversations, handoffs, items
from desk.analytics.facts import facts_of
from desk.analytics.model import Facts, History, Rules, Said, Unanswered

BATCH = 500
READER = "reader"
_LOCK = 7302110048
_OVERLAP = timedelta(minutes=2)  # a transaction that took its time is seen the next time
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def refresh(connection: Connection, now: datetime, *, rules: Rules, zone: ZoneInfo) -> int:
    """Bring one batch up to date; how many conversations it was. Fewer than ``BATCH``: nothing is left to do."""
    if not _alone(connection):
        return 0
    cursor = _cursor(connection)
    changed = _changed(connection, cursor)
    others = [] if len(changed) == BATCH else _rated_or_reviewed(connection, cursor[0])
    ids = {row.id for row in changed} | set(others)
    if ids:
        ids |= _earlier_of_customer(connection, changed, rules.window)
        _write(connection, ids, rules=rules, zone=zone)
    if changed and len(changed) == BATCH:
        _move(connection, changed[-1].updated_at, changed[-1].id)
    else:
        _move(connection, max(now - _OVERLAP, cursor[0]), "")
    return len(changed)


def _alone(connection: Connection) -> bool:
    """Whether this transaction may write facts; another gateway that does so is not waited for."""
    if connection.dialect.name != "postgresql":
        return True  # SQLite has one writer anyway
    return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_LOCK})").scalar())


def _cursor(connection: Connection) -> tuple[datetime, str]:
    body = connection.execute(select(figures_state.c.body).where(figures_state.c.name == READER)).scalar()
    return (datetime.fromisoformat(body["at"]), str(body["id"])) if body else (_BEGINNING, "")


def _move(connection: Connection, at: datetime, last: str) -> None:
    body = {"at": at.isoformat(), "id": last}
    mine = figures_state.c.name == READER
    if connection.execute(update(figures_state).where(mine).values(body=body)).rowcount == 0:
        connection.execute(insert(figures_state).values(name=READER, body=body))


def _changed(connection: Connection, cursor: tuple[datetime, str]) -> Sequence[Any]:
    at, last = cursor
    table = conversations.c
    after = or_(table.updated_at > at, and_(table.updated_at == at, table.id > last))
    query = select(table.id, table.updated_at, table.customer_id, table.created_at).where(table.updated_at >= at, after)
    return connection.execute(query.order_by(table.updated_at, table.id).limit(BATCH)).all()


def _rated_or_reviewed(connection: Connection, since: datetime) -> list[str]:
    """Conversations of which something is known by now that does not move ``updated_at``."""
    facts, table = conversation_figures.c, conversations.c
    joined = select(table.id).join(conversation_figures, facts.conversation_id == table.id)
    contact = and_(table.contact_email.is_not(None), facts.handed_over.is_(False))
    rated = and_(table.rating_score.is_not(None), func.coalesce(facts.rating, 0) != table.rating_score)
    found = list(connection.execute(joined.where(or_(rated, contact)).limit(BATCH)).scalars())
    if has_reviews(connection):
        recent = reviews.c.ended_at >= since - timedelta(hours=1)
        late = select(facts.conversation_id).join(reviews, reviews.c.id == facts.conversation_id)
        missing = late.where(recent, facts.model_version.is_(None)).limit(BATCH)
        found += connection.execute(missing).scalars()
    return found


def _earlier_of_customer(connection: Connection, changed: Sequence[Any], window: timedelta) -> set[str]:
    """The same customers' conversations just before: whether they came back about them is known by now."""
    began = {row.customer_id: row.created_at for row in changed if row.customer_id}
    table = conversations.c
    found: set[str] = set()
    for some in _portions(sorted(began)):
        query = select(table.id, table.customer_id, table.created_at, table.updated_at)
        for row in connection.execute(query.where(table.customer_id.in_(some))):
            then = began[row.customer_id]
            if row.created_at < then and row.updated_at >= then - window:
                found.add(row.id)
    return found


def _write(connection: Connection, ids: set[str], *, rules: Rules, zone: ZoneInfo) -> None:
    made: list[Facts] = []
    asked: list[tuple[str, Unanswered]] = []
    for history in _histories(connection, ids):
        if found := facts_of(history, rules=rules, zone=zone):
            made.append(found[0])
            asked += [(history.id, one) for one in found[1]]
    for table in (conversation_figures, unanswered_questions):
        for some in _portions(sorted(ids)):
            connection.execute(delete(table).where(table.c.conversation_id.in_(some)))
    if made:
        connection.execute(insert(conversation_figures), [asdict(facts) for facts in made])
    if asked:
        rows = [{"conversation_id": conversation_id, **asdict(one)} for conversation_id, one in asked]
        connection.execute(insert(unanswered_questions), rows)


def _histories(connection: Connection, ids: set[str]) -> list[History]:
    made = []
    for some in _portions(sorted(ids)):
        rows = connection.execute(select(conversations).where(conversations.c.id.in_(some))).all()
        said = _said(connection, some)
        calls = _calls(connection, some)
        reviewed = _reviewed(connection, some)
        following = _next(connection, rows)
        for row in rows:
            call = calls.get(row.id)
            made.append(
                History(
                    id=row.id,
                    channel=row.channel,
                    at=row.created_at,
                    items=said[row.id],
                    rating=row.rating_score,
                    agent_id=row.agent_id,
                    reason=call.reason if call else None,
                    called_at=call.at if call else None,
                    left_contact=row.contact_email is not None,
                    next_conversation=following.get(row.id),
                    reviewed=reviewed.get(row.id, {}),
                )
            )
    return made


def _said(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[Said]]:
    table = items.c
    rung = cast(table.message["custom"]["rung"].as_string(), String).label("rung")
    rows = connection.execute(
        select(
            table.conversation_id, table.id, table.position, table.speaker, table.at, table.text, table.name,
            table.event, table.answers, rung,
        ).where(table.conversation_id.in_(ids))
    )  # fmt: skip
    said: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        text = row.text if row.speaker == "customer" else ""
        said[row.conversation_id].append(
            Said(row.id, row.position, row.speaker, row.at, text, row.name, row.event, row.rung, tuple(row.answers))
        )
    return said


def _calls(connection: Connection, ids: Sequence[str]) -> Mapping[str, Any]:
    """The first call for a person of each conversation."""
    table = handoffs.c
    rows = connection.execute(
        select(table.conversation_id, table.reason, table.at)
        .where(table.conversation_id.in_(ids))
        .order_by(table.at.desc(), table.id.desc())
    )
    return {row.conversation_id: row for row in rows}


def _reviewed(connection: Connection, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    if not has_reviews(connection):
        return {}
    table = reviews.c
    rows = connection.execute(
        select(table.id, table.intents, table.model_version, table.prompt_version).where(table.id.in_(ids))
    )
    return {
        row.id: {
            "intent": row.intents[0] if row.intents else None,
            "model_version": row.model_version or None,
            "prompt_version": row.prompt_version,
        }
        for row in rows
    }


def _next(connection: Connection, rows: Sequence[Any]) -> Mapping[str, datetime]:
    """When each one's customer began their next conversation, by conversation."""
    table = conversations.c
    customers = sorted({row.customer_id for row in rows if row.customer_id})
    began: dict[str, list[datetime]] = defaultdict(list)
    query = select(table.customer_id, table.created_at).where(table.customer_id.in_(customers), table.position > 0)
    for row in connection.execute(query.order_by(table.created_at)) if customers else ():
        began[row.customer_id].append(row.created_at)
    found: dict[str, datetime] = {}
    for row in rows:
        times = began.get(row.customer_id or "", [])
        place = bisect_right(times, row.created_at)
        if place < len(times):
            found[row.id] = times[place]
    return found


def _portions(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
