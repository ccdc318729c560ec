"""What was given up: listed, and sent again under the same ids, so that nothing happens twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from desk.adapters.sql import work
from desk.adapters.sql.tables import inbox, outbox


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message (``inbox``) or an errand (``outbox``) that was given up."""

    id: str
    box: str
    conversation_id: str
    error: str | None
    at: datetime


def listed(connection: Connection) -> list[DeadLetter]:
    """All of them, oldest first."""
    found = []
    for box, table, at in (("inbox", inbox, inbox.c.received_at), ("outbox", outbox, outbox.c.created_at)):
        query = select(table.c.id, table.c.conversation_id, table.c.error, at.label("at")).where(
            table.c.state == "dead"
        )
        found += [DeadLetter(row.id, box, row.conversation_id, row.error, row.at) for row in connection.execute(query)]
    return sorted(found, key=lambda letter: letter.at)


def resend(connection: Connection, ids: Sequence[str], now: datetime) -> int:
    """Let them be tried again; how many. A message keeps its turn with the messages that were asked together."""
    wanted = [letter for letter in listed(connection) if not ids or letter.id in ids]
    for letter in wanted:
        table = inbox if letter.box == "inbox" else outbox
        values = {"state": "waiting", "attempts": 0, "next_at": now, "error": None}
        if letter.box == "inbox":
            values |= {"received_at": now, "told_at": None}
        connection.execute(update(table).where(table.c.id == letter.id).values(values))
        work.refresh_due(connection, letter.conversation_id)
    return len(wanted)
