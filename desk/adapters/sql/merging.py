"""Two conversations of one customer become one: in one transaction, so that no message is left without a reader."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from desk.adapters.sql import giving_back, inbox_work, owners, timeline
from desk.adapters.sql.inbox_tables import inbox_details, notes
from desk.adapters.sql.owner_rows import Changed
from desk.errors import Invalid, NotFound, NotPossible
from desk.gateway.model import Draft, Speaker, State
from desk.gateway.transcript import as_lines
from desk.inbox.model import Note
from desk.sentences import Sentences

MERGED = "merge:"
_LONGEST_NOTE = 20_000


def mark_of(source_id: str) -> str:
    """The client id of the note that keeps what was said in a conversation that was merged into another."""
    return f"{MERGED}{source_id}"[:64]


def forget(connection: Connection, source_id: str) -> None:
    """Take what was said in a conversation out of the one that it was merged into, which is all that keeps its id."""
    into = select(inbox_details.c.merged_into).where(inbox_details.c.conversation_id == source_id).scalar_subquery()
    mine = delete(notes).where(notes.c.conversation_id == into, notes.c.client_id == mark_of(source_id))
    connection.execute(mine)


def merge(
    connection: Connection,
    source_id: str,
    target_id: str,
    agent: tuple[str, str],
    now: datetime,
    *,
    proved: Collection[str],
    company: str,
    sentences: Sentences,
) -> list[Changed]:
    """End the first and go on in the second, which is this agent's then; both as they stand now, the second one first.

    What was said in the first becomes a note in the second: the customer reads there only what was said there.
    ``proved`` are the customers that either of them ever proved to be with, by order and e-mail.

    Raises:
        NotFound: one of them is not there.
        Invalid: they are the same.
        NotPossible: they are two customers', or one has ended.
    """  # fmt: skip
    if source_id == target_id:
        raise Invalid("A conversation cannot be merged into itself.")
    rows = {one: timeline.row_of(connection, one, lock=True) for one in sorted((source_id, target_id))}
    source, target = rows[source_id], rows[target_id]
    if source is None or target is None:
        raise NotFound
    if State.CLOSED in (source.state, target.state):
        raise NotPossible("One of the two has ended. Reopen it first.")
    if len({source.customer_id, target.customer_id, *proved} - {None}) > 1:
        raise NotPossible("They belong to two different customers.")
    kept = owners.take(connection, target_id, agent, now, expected=None, sentences=sentences)
    said = timeline.items_between(connection, source_id, limit=1000)
    words = f"Merged from the conversation with {company} that began on {source.created_at:%Y-%m-%d %H:%M} UTC:\n\n"
    words = (words + as_lines(said, customer="Customer"))[:_LONGEST_NOTE]
    note = Note(timeline.new_id("n"), 0, *agent, mark_of(source_id), words, now)
    inbox_work.add_note(connection, target_id, note)
    inbox_work.change(connection, source_id, merged_into=target_id, resolution="other", snoozed_until=None)
    told = timeline.append(connection, source_id, [Draft(Speaker.SYSTEM, text=sentences.say("merged"))], now)
    ended, closing = giving_back.close(connection, source_id, now, sentences=sentences)
    return [kept, (ended, [*told, *closing])]
