"""Drafts of knowledge entries in the desk's data base."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from desk.adapters.sql.database import Database
from desk.adapters.sql.knowledge_tables import knowledge_drafts
from desk.knowledge_admin.errors import EntryStale
from desk.knowledge_admin.model import Draft


class SqlDrafts:
    """``Drafts`` in the desk's data base."""

    def __init__(self, database: Database) -> None:
        """Use the table that the migrations made."""
        self._database = database

    async def all(self) -> Sequence[Draft]:
        """See ``Drafts.all``."""
        return await self._database.read(_all)

    async def get(self, draft_id: str) -> Draft | None:
        """See ``Drafts.get``."""
        return await self._database.read(_get, draft_id)

    async def put(self, draft: Draft, *, expected: int | None) -> None:
        """See ``Drafts.put``."""
        await self._database.write(_put, draft, expected)

    async def remove(self, draft_id: str) -> bool:
        """See ``Drafts.remove``."""
        return await self._database.write(_remove, draft_id)


def _all(connection: Connection) -> list[Draft]:
    rows = connection.execute(
        select(knowledge_drafts).order_by(knowledge_drafts.c.updated_at.desc(), knowledge_drafts.c.id)
    )
    return [_draft(row) for row in rows]


def _get(connection: Connection, draft_id: str) -> Draft | None:
    row = connection.execute(select(knowledge_drafts).where(knowledge_drafts.c.id == draft_id)).first()
    return _draft(row) if row else None


def _put(connection: Connection, draft: Draft, expected: int | None) -> None:
    values = asdict(draft)
    if expected is None:
        try:
            with connection.begin_nested():
                connection.execute(knowledge_drafts.insert().values(values))
        except IntegrityError as error:
            raise EntryStale from error
        return
    same = (knowledge_drafts.c.id == draft.id) & (knowledge_drafts.c.version == expected)
    if connection.execute(update(knowledge_drafts).where(same).values(values)).rowcount == 0:
        now = _get(connection, draft.id)
        raise EntryStale(now.updated_by if now else None)


def _remove(connection: Connection, draft_id: str) -> bool:
    return connection.execute(delete(knowledge_drafts).where(knowledge_drafts.c.id == draft_id)).rowcount > 0


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        id=row.id,
        body=row.body,
        version=row.version,
        question=row.question,
        conversation_id=row.conversation_id,
        updated_by=row.updated_by,
        updated_at=row.updated_at,
    )
