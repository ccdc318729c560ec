"""Looking a ticket number up where the back office keeps it, read-only and without knowing its code."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

from conversation_runner.errors import RunnerError


class Tickets(Protocol):
    """Whether a ticket exists."""

    def exists(self, number: str) -> bool:
        """Whether ``number`` (``T-`` and six digits) is a ticket of the back office."""
        ...


class TicketsUnknown:
    """No data base at hand: a number in the reply is believed."""

    def exists(self, number: str) -> bool:
        """Always, for want of a place to look."""
        return bool(number)


class TicketsInSqlite:
    """The ``tickets`` table of a SQLite file, opened read-only for each look.

    Any column may hold the number, so that the runner does not hang on the back office's schema.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._columns()

    def exists(self, number: str) -> bool:
        """Whether a row of ``tickets`` carries ``number``."""
        where = " OR ".join(f'"{column}" = ?' for column in self._columns())
        query = f"SELECT 1 FROM tickets WHERE {where} LIMIT 1"  # noqa: S608 - names from the schema itself
        try:
            with closing(self._open()) as connection:
                return connection.execute(query, [number] * where.count("?")).fetchone() is not None
        except sqlite3.Error as error:
            raise RunnerError(f"{self._path} cannot be read: {error}.") from error

    def _columns(self) -> list[str]:
        try:
            with closing(self._open()) as connection:
                columns = [row[1] for row in connection.execute("PRAGMA table_info(tickets)")]
        except sqlite3.Error as error:
            raise RunnerError(f"{self._path} cannot be read as a SQLite data base: {error}.") from error
        if not columns:
            raise RunnerError(f"{self._path} has no table `tickets`.")
        return columns

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
