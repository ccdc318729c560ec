"""One turn a conversation over all Rasa processes on one PostgreSQL: advisory locks of one connection.

Rasa's own lock is within a process. The server gives the locks back when the process or its connection ends, so a
killed process leaves none behind. Over SQLite there is one Rasa process, and nothing to lock.
"""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore


class ConversationLock:
    """Held by one process at a time; ``acquire`` never waits."""

    def __init__(self, engine: Any | None) -> None:
        self._engine = engine
        self._connection: Any | None = None
        self._held: dict[str, int] = {}

    @classmethod
    def over(cls, tracker_store: Any) -> ConversationLock:
        """For the data base behind a tracker store, if it is one that several processes can share."""
        inner = getattr(tracker_store, "_tracker_store", tracker_store)
        shared = isinstance(inner, SQLTrackerStore) and inner.engine.dialect.name == "postgresql"
        return cls(inner.engine if shared else None)

    def acquire(self, conversation_id: str) -> bool:
        """Whether the conversation is ours now; False while another process has a turn of it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the data base cannot be asked; the next call connects anew.
        """
        if self._engine is None:
            return True
        held = self._held.get(conversation_id, 0)
        if not held and not self._ask("SELECT pg_try_advisory_lock(:key)", conversation_id):
            return False
        self._held[conversation_id] = held + 1  # within the process Rasa's own lock keeps the order
        return True

    def release(self, conversation_id: str) -> None:
        """Give it back; a connection that broke has done so already."""
        held = self._held.pop(conversation_id, 0)
        if held > 1:
            self._held[conversation_id] = held - 1
        if held != 1:
            return
        try:
            self._ask("SELECT pg_advisory_unlock(:key)", conversation_id)
        except sa.exc.SQLAlchemyError:
            return

    def _ask(self, statement: str, conversation_id: str) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            return bool(self._connection.execute(sa.text(statement), {"key": _key(conversation_id)}).scalar())
        except sa.exc.SQLAlchemyError:
            self._connection.invalidate()
            self._connection = None
            self._held.clear()
            raise


def _key(conversation_id: str) -> int:
    return int.from_bytes(hashlib.sha256(conversation_id.encode()).digest()[:8], "big", signed=True)
