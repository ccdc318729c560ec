"""What staff made of transcripts: corrections, marks, comments, ratings, tags, states."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desk.accounts.model import Staff
from desk.adapters.sql import review_terms
from desk.adapters.sql.reviews_tables import (
    review_comments,
    review_judgements,
    review_marks,
    review_turns,
    reviews,
)
from desk.adapters.sql.timeline import new_id
from desk.errors import NotFound
from desk.reviews.model import Kind, ReviewState
from desk.reviews.worth import SAME_WORDING


def review_of(connection: Connection, conversation_id: str) -> Row[Any]:
    """The conversation's row.

    Raises:
        NotFound: it has no transcript.
    """
    row = connection.execute(select(reviews).where(reviews.c.id == conversation_id)).first()
    if row is None:
        raise NotFound
    return row


def judge(connection: Connection, conversation_id: str, position: int, values: Mapping[str, Any]) -> Row[Any]:
    """Write down what somebody thinks of one turn; ``values`` are columns of ``review_judgements``.

    Raises:
        NotFound: there is no such turn.
    """
    turn = _turn(connection, conversation_id, position)
    row = {"number": turn.number, "position": position, "text": turn.text, "said": turn.intent, **values}
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(review_judgements).values(row)
    keys = [review_judgements.c.number, review_judgements.c.position]
    changed = {**values, "text": turn.text, "said": turn.intent}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))
    table = review_judgements.c
    same = (table.number == turn.number) & (table.position == position)
    nothing = dict.fromkeys(("corrected_by", "corrected_by_name", "corrected_at", "exported_at"))
    taken_back = update(review_judgements).where(same, table.intent.is_(None), table.entities.is_(None))
    connection.execute(taken_back.values(nothing))
    return turn


def mark(connection: Connection, conversation_id: str, position: int, staff: Staff, now: datetime, *, on: bool) -> None:
    """Put this person's mark on a turn, or take it off.

    Raises:
        NotFound: there is no such turn.
    """
    turn = _turn(connection, conversation_id, position)
    table = review_marks.c
    mine = and_(table.number == turn.number, table.position == position, table.staff_id == staff.id)
    connection.execute(delete(review_marks).where(mine))
    if on:
        row = {"number": turn.number, "position": position, "staff_id": staff.id, "name": staff.name, "at": now}
        connection.execute(review_marks.insert().values(row))


def comment(
    connection: Connection, conversation_id: str, position: int | None, text: str, *, staff: Staff, now: datetime
) -> dict[str, Any]:
    """Say something about a conversation, or about one turn.

    Raises:
        NotFound: there is no such conversation or turn.
    """
    number = (
        review_of(connection, conversation_id).number
        if position is None
        else _turn(connection, conversation_id, position).number
    )
    row = {
        "id": new_id("rc"),
        "number": number,
        "position": position,
        "staff_id": staff.id,
        "name": staff.name,
        "text": text,
        "at": now,
    }
    connection.execute(review_comments.insert().values(row))
    return row


def change(
    connection: Connection,
    conversation_id: str,
    *,
    state: ReviewState | None,
    tags: Sequence[str] | None,
    flagged: bool | None,
) -> Row[Any]:
    """Set what is given. What was read makes other conversations of the same wording pay less.

    Raises:
        NotFound: it has no transcript.
    """
    row = review_of(connection, conversation_id)
    values: dict[str, Any] = {}
    if state is not None:
        values["state"] = state.value
    if flagged is not None:
        values["flagged"] = flagged
    if tags is not None:
        values["tags"] = list(tags)
        named = {(review_terms.TAG, tag) for tag in tags}
        ids = review_terms.ids_of(connection, named)
        review_terms.put_terms(connection, row.number, named, ids, kinds=(review_terms.TAG,))
    if values:
        connection.execute(update(reviews).where(reviews.c.number == row.number).values(values))
    if state is ReviewState.REVIEWED and row.state != state and row.wording:
        _lessen(connection, row)
    return review_of(connection, conversation_id)


def of_conversation(connection: Connection, number: int) -> tuple[dict[int, Row[Any]], list[Row[Any]], list[Row[Any]]]:
    """Judgements by position, marks, comments."""
    judged = connection.execute(select(review_judgements).where(review_judgements.c.number == number))
    marks = select(review_marks).where(review_marks.c.number == number).order_by(review_marks.c.at)
    comments = select(review_comments).where(review_comments.c.number == number).order_by(review_comments.c.at)
    return (
        {row.position: row for row in judged},
        list(connection.execute(marks)),
        list(connection.execute(comments)),
    )


def corrections(
    connection: Connection, *, exported: bool | None, before: tuple[datetime, int, int] | None = None, limit: int = 1000
) -> Sequence[Row[Any]]:
    """Corrections of customers' and teachers' words, newest first; with ``exported`` only those that were, or not."""
    table = review_judgements.c
    query = (
        select(review_judgements, reviews.c.id.label("conversation_id"))
        .join(reviews, reviews.c.number == table.number)
        .where(table.corrected_at.is_not(None))
        .order_by(table.corrected_at.desc(), table.number.desc(), table.position.desc())
        .limit(limit)
    )
    if exported is not None:
        query = query.where(table.exported_at.is_not(None) if exported else table.exported_at.is_(None))
    if before is not None:
        at, number, position = before
        same = table.corrected_at == at
        query = query.where(
            (table.corrected_at < at)
            | (same & (table.number < number))
            | (same & (table.number == number) & (table.position < position))
        )
    return connection.execute(query).all()


def how_many(connection: Connection) -> tuple[int, int]:
    """How many corrections are not in the training data yet, and how many are."""
    table = review_judgements.c
    query = select(func.count(), func.count(table.exported_at)).where(table.corrected_at.is_not(None))
    overall, out = connection.execute(query).one()
    return overall - out, out


def exported(connection: Connection, places: Sequence[tuple[int, int, datetime]], now: datetime) -> None:
    """These corrections are in the training data now; one that was changed meanwhile is not."""
    table = review_judgements.c
    for number, position, corrected_at in places:
        same = (table.number == number) & (table.position == position) & (table.corrected_at == corrected_at)
        connection.execute(update(review_judgements).where(same).values(exported_at=now))


def confusion(
    connection: Connection, since: datetime | None, until: datetime | None
) -> list[tuple[str, str, int, list[str]]]:
    """What was taken for what: intent said, intent corrected, how often, conversations (five at most)."""
    table = review_judgements.c
    query = (
        select(table.said, table.intent, reviews.c.id, table.corrected_at)
        .join(reviews, reviews.c.number == table.number)
        .where(
            table.intent.is_not(None),
            table.said.is_not(None),
            table.said != table.intent,
            reviews.c.kind == Kind.CUSTOMER,
        )
        .order_by(table.corrected_at.desc())
    )
    if since is not None:
        query = query.where(reviews.c.started_at >= since)
    if until is not None:
        query = query.where(reviews.c.started_at <= until)
    found: dict[tuple[str, str], list[str]] = {}
    for row in connection.execute(query):
        found.setdefault((row.said, row.intent), []).append(row.id)
    pairs = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    return [(said, meant, len(ids), list(dict.fromkeys(ids))[:5]) for (said, meant), ids in pairs]


def _turn(connection: Connection, conversation_id: str, position: int) -> Row[Any]:
    query = (
        select(review_turns)
        .join(reviews, reviews.c.number == review_turns.c.number)
        .where(reviews.c.id == conversation_id, review_turns.c.position == position)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound
    return row


def _lessen(connection: Connection, row: Row[Any]) -> None:
    table = reviews.c
    alike = (table.wording == row.wording) & (table.state == ReviewState.UNREAD) & (table.number != row.number)
    connection.execute(update(reviews).where(alike).values(worth=table.worth * SAME_WORDING))
