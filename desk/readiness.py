"""Whether the gateway can take messages: its tables are the code's, and it can write."""

import time
from collections.abc import Callable

from sqlalchemy import Connection

from desk.adapters.sql.database import Database
from desk.adapters.sql.migrate import check
from desk.errors import StoreUnavailable

_HOLDS_SECONDS = 1.0


class Readiness:
    """Asks the data base, at most once a second however often it is asked itself."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._asked_at, self._problem = -_HOLDS_SECONDS, ""

    async def problem(self) -> str | None:
        """What keeps the gateway from taking messages, in one sentence, or None."""
        if self._clock() - self._asked_at >= _HOLDS_SECONDS:
            try:
                await self._database.read(check)
                await self._database.write(_demand_writing)
                self._problem = ""
            except StoreUnavailable as error:
                self._problem = str(error)
            self._asked_at = self._clock()
        return self._problem or None


def _demand_writing(connection: Connection) -> None:
    """Write something: a full disk, a read-only file or a standby server is read from as if nothing were wrong.

    Raises:
        StoreUnavailable: a PostgreSQL that only reads.
    """
    if connection.dialect.name == "postgresql":
        if connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on":
            raise StoreUnavailable("the data base is read-only")
        return
    number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()  # nothing else uses it
    connection.exec_driver_sql(f"PRAGMA user_version = {(int(number) + 1) % 1000}")
