"""Canned replies and macros in their tables."""

from dataclasses import asdict

from sqlalchemy import Connection, delete, select

from desk.adapters.sql.phrase_tables import canned_replies, macros
from desk.errors import NotPossible
from desk.inbox.phrases import Action, Canned, Macro


def canned_of(connection: Connection, staff_id: str) -> list[Canned]:
    """Everybody's and this person's own, by shortcut."""
    mine = canned_replies.c.owner_id.in_(("", staff_id))
    query = select(canned_replies).where(mine).order_by(canned_replies.c.shortcut, canned_replies.c.owner_id)
    return [Canned(**row) for row in connection.execute(query).mappings()]


def keep_canned(connection: Connection, canned: Canned) -> None:
    """Insert or replace it.

    Raises:
        NotPossible: another one of the same owner has the shortcut.
    """
    taken = select(canned_replies.c.id).where(
        canned_replies.c.owner_id == canned.owner_id,
        canned_replies.c.shortcut == canned.shortcut,
        canned_replies.c.id != canned.id,
    )
    if connection.execute(taken).first() is not None:
        raise NotPossible(f"There is a reply with the shortcut {canned.shortcut!r} already.")
    remove_canned(connection, canned.id)
    connection.execute(canned_replies.insert().values(**asdict(canned)))


def remove_canned(connection: Connection, canned_id: str) -> None:
    """For good."""
    connection.execute(delete(canned_replies).where(canned_replies.c.id == canned_id))


def macros_there(connection: Connection) -> list[Macro]:
    """All, by title."""
    return [
        Macro(row.id, row.title, tuple(Action(**action) for action in row.actions))
        for row in connection.execute(select(macros).order_by(macros.c.title, macros.c.id))
    ]


def keep_macro(connection: Connection, macro: Macro) -> None:
    """Insert or replace it."""
    remove_macro(connection, macro.id)
    actions = [asdict(action) for action in macro.actions]
    connection.execute(macros.insert().values(id=macro.id, title=macro.title, actions=actions))


def remove_macro(connection: Connection, macro_id: str) -> None:
    """For good."""
    connection.execute(delete(macros).where(macros.c.id == macro_id))
