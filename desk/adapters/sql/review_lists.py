"""Finding transcripts: lists with combined filters, what there is to filter by, and what to read next.

The statements are plain conditions on ``reviews`` with sub-queries on narrow indexes: both data bases choose well
between walking the newest rows and collecting a rare term's (measured: docs/measurements.md).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, false, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from desk.adapters.sql import review_terms
from desk.adapters.sql.review_words import has_words
from desk.adapters.sql.reviews_tables import NEWEST, WORTH, review_facets, review_turns, reviews
from desk.reviews.model import Kind, ReviewFilter, ReviewState, Sort

MOST_COUNTED = 10_000

After = tuple[datetime | float, int]
"""The sorted value and the number of the last row of the page before."""

_TERMS = ("entity", "slot", "action", "rung", "tag")
_SAME = {
    "channel": reviews.c.channel,
    "handoff_reason": reviews.c.handoff_reason,
    "outcome": reviews.c.outcome,
    "model": reviews.c.model_version,
    "state": reviews.c.state,
    "flagged": reviews.c.flagged,
}
_AT_LEAST = {"since": reviews.c.started_at, "turns_min": reviews.c.turns}
_AT_MOST = {
    "until": reviews.c.started_at,
    "turns_max": reviews.c.turns,
    "sentiment_max": reviews.c.sentiment_min,
    "rating_max": reviews.c.rating,
}


def page(
    connection: Connection, wanted: ReviewFilter, *, sort: Sort, after: After | None, limit: int
) -> Sequence[Row[Any]]:
    """The next rows, one more than ``limit`` if there are more."""
    value, order = (reviews.c.worth, WORTH) if sort == "worth" else (reviews.c.started_at, NEWEST)
    query = select(reviews).where(*conditions(connection, wanted)).order_by(*order).limit(limit + 1)
    if after is not None:
        query = query.where(or_(value < after[0], and_(value == after[0], reviews.c.number < after[1])))
    return connection.execute(query).all()


def count(connection: Connection, wanted: ReviewFilter) -> int:
    """How many there are, counted up to one more than ``MOST_COUNTED``."""
    some = select(reviews.c.number).where(*conditions(connection, wanted)).limit(MOST_COUNTED + 1)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def next_worth(connection: Connection, after: str | None) -> Row[Any] | None:
    """The unread conversation that pays most; after this one, if it is named, in the same order."""
    query = select(reviews).where(reviews.c.kind == Kind.CUSTOMER, reviews.c.state == ReviewState.UNREAD)
    last = None
    if after is not None:
        last = connection.execute(select(reviews.c.worth, reviews.c.number).where(reviews.c.id == after)).first()
    if last is not None:
        table = reviews.c
        further = or_(table.worth < last.worth, and_(table.worth == last.worth, table.number < last.number))
        found = connection.execute(query.where(further).order_by(*WORTH).limit(1)).first()
        if found is not None:
            return found
        query = query.where(reviews.c.id != after)
    return connection.execute(query.order_by(*WORTH).limit(1)).first()


def facets(connection: Connection) -> dict[str, list[str]]:
    """Everything that a filter may name."""
    by_kind = review_terms.values_by_kind(connection)
    columns = {"channels": reviews.c.channel, "models": reviews.c.model_version}
    columns |= {"handoff_reasons": reviews.c.handoff_reason}
    query = select(*columns.values()).where(reviews.c.kind == Kind.CUSTOMER).distinct()
    rows = connection.execute(query).all()  # one pass for all three
    found = {name: sorted({row[n] for row in rows if row[n]}) for n, name in enumerate(columns)}
    plural = {"intent": "intents", "action": "actions", "rung": "rungs", "tag": "tags"}
    plural |= {"entity": "entities", "slot": "slots"}
    return found | {name: by_kind.get(kind, []) for kind, name in plural.items()}


def conditions(connection: Connection, wanted: ReviewFilter) -> list[ColumnElement[bool]]:
    """Everything that must hold."""
    found: list[ColumnElement[bool]] = [reviews.c.kind == Kind.CUSTOMER]
    given = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
    given = {name: value for name, value in given.items() if value is not None}
    found += [column == given[name] for name, column in _SAME.items() if name in given]
    found += [column >= given[name] for name, column in _AT_LEAST.items() if name in given]
    found += [column <= given[name] for name, column in _AT_MOST.items() if name in given]
    if wanted.fallback is not None:
        found.append(reviews.c.fallbacks > 0 if wanted.fallback else reviews.c.fallbacks == 0)
    terms = {kind: given[kind] for kind in _TERMS if kind in given}
    if wanted.intent and wanted.confidence_min is None and wanted.confidence_max is None:
        terms["intent"] = wanted.intent
    found += _have_terms(connection, terms)
    found += _meant(wanted)
    if wanted.q and wanted.q.strip():
        found.append(_is_found_by(connection, wanted.q))
    return found


def _meant(wanted: ReviewFilter) -> list[ColumnElement[bool]]:
    """Intent and confidence are asked of one message together: "order_status below 0.6"."""
    low, high = wanted.confidence_min, wanted.confidence_max
    if low is None and high is None:
        return []
    if wanted.intent is None and low is None:
        return [reviews.c.min_confidence <= high]
    turn = review_turns.c
    said = [turn.confidence >= (low or 0.0), turn.confidence <= (1.0 if high is None else high)]
    if wanted.intent:
        said.append(turn.intent == wanted.intent)
    return [reviews.c.number.in_(select(turn.number).where(*said))]


def _have_terms(connection: Connection, wanted: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """The ids are looked up first: of a number the planner knows how frequent it is, of a sub-query it does not."""
    ids = review_terms.found(connection, sorted(wanted.items()))
    if len(ids) < len(wanted):
        return [false()]
    facet = review_facets.c
    return [reviews.c.number.in_(select(facet.number).where(facet.term_id == one)) for one in ids.values()]


def _is_found_by(connection: Connection, query: str) -> ColumnElement[bool]:
    """Words, or the conversation's own id."""
    words = has_words(connection.dialect, query)
    is_id = reviews.c.id == query.strip()
    if words is None or connection.execute(select(1).where(is_id)).first() is not None:
        return is_id
    return words
