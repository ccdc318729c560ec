"""Names that conversations are filtered by (intents, entities, slots, actions, rungs, tags), each kept once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from desk.adapters.sql.reviews_tables import review_facets, review_terms

Term = tuple[str, str]
"""Kind and value."""

TAG = "tag"
_LONGEST_VALUE = 255
_AT_ONCE = 200


def ids_of(connection: Connection, terms: Collection[Term]) -> dict[Term, int]:
    """The ids of these terms; new ones are added. Another process may add the same one meanwhile."""
    wanted = sorted({(kind, value[:_LONGEST_VALUE]) for kind, value in terms})
    known = found(connection, wanted)
    missing = [term for term in wanted if term not in known]
    if missing:
        dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
        rows = [{"kind": kind, "value": value} for kind, value in missing]
        connection.execute(dialect.insert(review_terms).on_conflict_do_nothing(), rows)
        known |= found(connection, missing)
    return {(kind, value): known[kind, value[:_LONGEST_VALUE]] for kind, value in terms}


def found(connection: Connection, terms: Sequence[Term]) -> dict[Term, int]:
    """The ids of those that there are."""
    table = review_terms.c
    ids: dict[Term, int] = {}
    for start in range(0, len(terms), _AT_ONCE):
        some = terms[start : start + _AT_ONCE]
        query = select(table.id, table.kind, table.value).where(tuple_(table.kind, table.value).in_(some))
        ids |= {(row.kind, row.value): int(row.id) for row in connection.execute(query)}
    return ids


def put_terms(
    connection: Connection, number: int, terms: Iterable[Term], ids: Mapping[Term, int], *, kinds: Collection[str]
) -> None:
    """The conversation has these terms, and no others of these kinds, from now on."""
    query = (
        select(review_facets.c.term_id)
        .join(review_terms, review_terms.c.id == review_facets.c.term_id)
        .where(review_facets.c.number == number, review_terms.c.kind.in_(kinds))
    )
    before = set(connection.execute(query).scalars())
    wanted = {ids[term] for term in terms}
    if gone := before - wanted:
        mine = delete(review_facets).where(review_facets.c.number == number, review_facets.c.term_id.in_(gone))
        connection.execute(mine)
    if new := wanted - before:
        connection.execute(review_facets.insert(), [{"term_id": one, "number": number} for one in sorted(new)])


def values_by_kind(connection: Connection) -> dict[str, list[str]]:
    """Every term that some conversation has, by kind, in alphabetical order."""
    used = select(1).where(review_facets.c.term_id == review_terms.c.id).exists()
    query = select(review_terms.c.kind, review_terms.c.value).where(used).order_by(review_terms.c.value)
    by_kind: dict[str, list[str]] = {}
    for row in connection.execute(query):
        by_kind.setdefault(row.kind, []).append(row.value)
    return by_kind
