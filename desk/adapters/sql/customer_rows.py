"""Everything the desk's tables hold about one customer, whichever feature wrote it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, func, or_, select

from desk.adapters.sql import merging
from desk.adapters.sql.reviews_tables import review_turns, reviews
from desk.adapters.sql.tables import conversations, erasures, items, metadata
from desk.gateway.model import Speaker

_KEYS_NOT_DATA = frozenset({"token_hash", "lease_owner", "lease_until", "fence", "browser_hash", "due_at"})
_DERIVED = frozenset({"review_facets"})
"""Made from the other rows, for searching."""


_MOST_MENTIONS = 200


class How(StrEnum):
    """Why a conversation is thought to be a customer's."""

    ASKED_FOR = "asked_for"
    SIGNED_IN = "signed_in"
    PROVED = "proved"
    LEFT_ADDRESS = "left_address"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Trace:
    """A conversation that may be the customer's.

    Attributes:
        how: the surest reason; what only mentions the address or the number may be somebody else's.
    """

    id: str
    how: How
    channel: str
    began_at: datetime
    first_words: str | None = field(repr=False)


def traces(connection: Connection, asked: str, customer_ids: Collection[str], proved: Collection[str]) -> list[Trace]:
    """Conversations of a customer, the surest first.

    Args:
        connection: of the desk's data base.
        asked: an e-mail address, an order number, a customer's or a conversation's id.
        customer_ids: whom that may mean.
        proved: conversations that proved to be theirs, as the back office knows.
    """
    table, found = conversations.c, dict[str, How]()
    itself = select(table.id).where(or_(table.id == asked, table.external_id == asked))
    transcript = select(reviews.c.id).where(reviews.c.id == asked)
    steps = [
        (How.ASKED_FOR, itself.union(transcript)),
        (How.SIGNED_IN, select(table.id).where(table.customer_id.in_(customer_ids))),
        (How.PROVED, _here(proved)),
    ]
    if "@" in asked:
        steps.append((How.LEFT_ADDRESS, select(table.id).where(func.lower(table.contact_email) == asked.lower())))
    if "@" in asked or asked.isdigit():
        steps.append((How.MENTIONS, _mentioning(asked)))
    for how, query in steps:
        for conversation_id in connection.execute(query).scalars():
            found.setdefault(conversation_id, how)
    shown = [_trace(connection, conversation_id, how) for conversation_id, how in found.items()]
    order = list(How)
    return sorted(shown, key=lambda one: (order.index(one.how), one.began_at))


def _here(ids: Collection[str]) -> Any:
    """Those of the ids that the desk or a transcript has; proofs are kept longer than conversations."""
    of_desk = select(conversations.c.id).where(conversations.c.id.in_(ids))
    return of_desk.union(select(reviews.c.id).where(reviews.c.id.in_(ids)))


def _mentioning(asked: str) -> Any:
    said = select(items.c.conversation_id).where(
        items.c.speaker == Speaker.CUSTOMER, items.c.text.icontains(asked, autoescape=True)
    )
    elsewhere = (
        select(reviews.c.id)
        .join(review_turns, review_turns.c.number == reviews.c.number)
        .where(review_turns.c.text.icontains(asked, autoescape=True))
    )
    return said.union(elsewhere).limit(_MOST_MENTIONS)


def _trace(connection: Connection, conversation_id: str, how: How) -> Trace:
    row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).first()
    review = connection.execute(select(reviews).where(reviews.c.id == conversation_id)).first()
    first = (
        select(items.c.text)
        .where(items.c.conversation_id == conversation_id, items.c.speaker == Speaker.CUSTOMER)
        .order_by(items.c.position)
        .limit(1)
    )
    words = connection.execute(first).scalar_one_or_none() or (review.first_text if review else None)
    if row is not None:
        return Trace(conversation_id, how, row.channel, row.created_at, words)
    assert review is not None  # noqa: S101 - every step asked one of the two tables
    return Trace(conversation_id, how, review.channel, review.started_at, words)


def held_about(connection: Connection, conversation_id: str, together: Collection[str]) -> dict[str, Any] | None:
    """Every row about a conversation by the name of its table; None when it is gone.

    Tables are found by their columns, so that what a new feature keeps is never forgotten here. What was said in
    another conversation that was merged into this one is told only when that one is handed out ``together`` with it:
    nobody else has looked whose words they are.
    """
    own = _rows(connection, conversations, "id", conversation_id)
    transcripts = _rows(connection, reviews, "id", conversation_id)
    if not own and not transcripts:
        return None
    held: dict[str, Any] = {"conversation": own[0] if own else None}
    for table in metadata.sorted_tables:
        if "conversation_id" in table.c:
            held[str(table.name)] = _rows(connection, table, "conversation_id", conversation_id)
        elif _is_of_a_review(table) and transcripts:
            held[str(table.name)] = _rows(connection, table, "number", transcripts[0]["number"])
    marks = {merging.mark_of(one) for one in together}
    held["notes"] = [
        one for one in held["notes"] if one["client_id"] in marks or not one["client_id"].startswith(merging.MERGED)
    ]
    return held | {"reviews": transcripts}


def keep_receipt(connection: Connection, receipt: str, hashed: str, at: datetime, counts: Mapping[str, Any]) -> None:
    """That a customer's data was erased; it names them by a hash only."""
    values = {"receipt": receipt, "conversation_hash": hashed, "erased_at": at, "counts": dict(counts)}
    connection.execute(erasures.insert().values(values))


def _is_of_a_review(table: Table) -> bool:
    return table is not reviews and table.name not in _DERIVED and "number" in table.c and table.name[:6] == "review"


def _rows(connection: Connection, table: Table, column: str, value: object) -> list[dict[str, Any]]:
    shown = [one for one in table.c if one.name not in _KEYS_NOT_DATA]
    query = select(*shown).where(table.c[column] == value).order_by(*table.primary_key.columns)
    return [{str(name): told for name, told in row.items()} for row in connection.execute(query).mappings()]
