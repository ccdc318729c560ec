"""Which gaps of the knowledge somebody called done, in the desk's data base."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from desk.adapters.sql.database import Database
from desk.adapters.sql.knowledge_tables import gaps_done


class SqlGapsDone:
    """``GapsDone`` in the desk's data base."""

    def __init__(self, database: Database) -> None:
        """Use the table that the migrations made."""
        self._database = database

    async def moments(self) -> Mapping[str, datetime]:
        """See ``GapsDone.moments``."""
        return await self._database.read(_moments)

    async def put(self, wordings: Collection[str], *, by: str, at: datetime) -> None:
        """See ``GapsDone.put``."""
        await self._database.write(_put, wordings, by, at)

    async def remove(self, wordings: Collection[str]) -> None:
        """See ``GapsDone.remove``."""
        await self._database.write(_remove, wordings)


def _moments(connection: Connection) -> dict[str, datetime]:
    return {row.wording: row.at for row in connection.execute(select(gaps_done.c.wording, gaps_done.c.at))}


def _put(connection: Connection, wordings: Collection[str], by: str, at: datetime) -> None:
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    changed = {"by": by, "at": at}
    for wording in sorted(wordings):  # in one order: two who say so at once do not wait for each other
        statement = insert(gaps_done).values(wording=wording, **changed)
        connection.execute(statement.on_conflict_do_update(index_elements=["wording"], set_=changed))


def _remove(connection: Connection, wordings: Collection[str]) -> None:
    connection.execute(delete(gaps_done).where(gaps_done.c.wording.in_(wordings)))
