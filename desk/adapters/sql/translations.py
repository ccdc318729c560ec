"""The same words in another language, beside the items they belong to; customers never read this table."""

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from desk.adapters.sql import owners, timeline
from desk.adapters.sql.inbox_tables import translations
from desk.adapters.sql.owner_rows import Changed

Languages = dict[str, str]
"""Text by language."""


def keep(connection: Connection, conversation_id: str, item_id: str, language: str, text: str) -> None:
    """Keep one; the first of a language stays."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    new = insert(translations).values(conversation_id=conversation_id, item_id=item_id, language=language, text=text)
    connection.execute(new.on_conflict_do_nothing(index_elements=["item_id", "language"]))


def of(connection: Connection, conversation_id: str) -> dict[str, Languages]:
    """All of a conversation, by item."""
    query = select(translations).where(translations.c.conversation_id == conversation_id)
    found: dict[str, Languages] = {}
    for row in connection.execute(query):
        found.setdefault(row.item_id, {})[row.language] = row.text
    return found


def reply(
    connection: Connection,
    conversation_id: str,
    agent: tuple[str, str],
    said: tuple[str, str],
    *args: Any,
    original: tuple[str, str] | None,
    **kwargs: Any,
) -> Changed:
    """``owners.reply``, with the language and words that it was translated from."""
    changed = owners.reply(connection, conversation_id, agent, said, *args, **kwargs)
    item = timeline.item_of_client(connection, conversation_id, said[0]) if original else None
    if original and item is not None:
        keep(connection, conversation_id, item.id, *original)
    return changed
