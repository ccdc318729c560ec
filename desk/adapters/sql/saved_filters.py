"""Filters that somebody gave a name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select

from desk.accounts.model import Staff
from desk.adapters.sql.reviews_tables import review_filters
from desk.adapters.sql.timeline import new_id
from desk.errors import Invalid, NotFound

_MOST = 100

Saved = dict[str, Any]


def listed(connection: Connection, staff: Staff) -> list[Saved]:
    """One's own and everybody's, by name."""
    table = review_filters.c
    query = select(review_filters).where(or_(table.staff_id == staff.id, table.shared)).order_by(table.name)
    return [_saved(row, staff) for row in connection.execute(query)]


def save(
    connection: Connection, staff: Staff, name: str, query: Mapping[str, Any], now: datetime, *, shared: bool
) -> Saved:
    """Keep one.

    Raises:
        Invalid: this person has too many.
    """
    mine = select(func.count()).where(review_filters.c.staff_id == staff.id)
    if connection.execute(mine).scalar_one() >= _MOST:
        raise Invalid(f"You have {_MOST} filters already. Delete one first.")
    values = {
        "id": new_id("rf"),
        "staff_id": staff.id,
        "name": name,
        "query": dict(query),
        "shared": shared,
        "at": now,
    }
    row = connection.execute(review_filters.insert().values(values).returning(review_filters)).one()
    return _saved(row, staff)


def remove(connection: Connection, staff: Staff, filter_id: str) -> None:
    """Delete one's own.

    Raises:
        NotFound: there is none of one's own with this id.
    """
    mine = (review_filters.c.id == filter_id) & (review_filters.c.staff_id == staff.id)
    if connection.execute(delete(review_filters).where(mine)).rowcount == 0:
        raise NotFound


def _saved(row: Any, staff: Staff) -> Saved:
    return {
        "id": row.id,
        "name": row.name,
        "query": row.query,
        "shared": row.shared,
        "mine": row.staff_id == staff.id,
    }
