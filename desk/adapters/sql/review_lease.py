"""Which gateway reads the tracker, and how far it is read: one row."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from desk.adapters.sql.reviews_tables import READER, review_reader
from desk.errors import LeaseLost

Place = tuple[int, float]
"""A row of the tracker up to which everything was read, and when its event happened (seconds since 1970)."""


def claim(connection: Connection, owner: str, now: datetime, lasts: timedelta) -> Place | None:
    """Become or stay the reader; None while another gateway is."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    first = dialect.insert(review_reader).values(name=READER, cursor=0, cursor_at=0.0)
    connection.execute(first.on_conflict_do_nothing())
    table = review_reader.c
    free = or_(table.owner == owner, table.until.is_(None), table.until <= now)
    taken = (
        update(review_reader)
        .where(table.name == READER, free)
        .values(owner=owner, until=now + lasts)
        .returning(table.cursor, table.cursor_at)
    )
    row = connection.execute(taken).first()
    return (row.cursor, row.cursor_at) if row else None


def keep(connection: Connection, owner: str) -> None:
    """Make sure that this gateway still reads.

    Raises:
        LeaseLost: another one does; the transaction must write nothing.
    """
    query = select(review_reader.c.owner).where(review_reader.c.name == READER)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    if connection.execute(query).scalar_one_or_none() != owner:
        raise LeaseLost(READER)


def move(connection: Connection, owner: str, place: Place) -> None:
    """Everything up to here was read.

    Raises:
        LeaseLost: another gateway reads now.
    """
    keep(connection, owner)
    moved = update(review_reader).where(review_reader.c.name == READER)
    connection.execute(moved.values(cursor=place[0], cursor_at=place[1]))


def give_back(connection: Connection, owner: str) -> None:
    """Let another gateway read at once."""
    mine = update(review_reader).where(review_reader.c.name == READER, review_reader.c.owner == owner)
    connection.execute(mine.values(owner=None, until=None))
