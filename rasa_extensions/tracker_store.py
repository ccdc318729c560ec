"""Rasa's SQL tracker store with one insert a turn.

The stock store counts the conversation's rows by a subquery and flushes an ORM object an event, twice a turn, and
opens a new connection to a SQLite file each time. This one knows how many events it read, so it appends what came
after them in one statement, over a pooled connection with a write-ahead log. Rows are the stock store's, in the same
order: either store reads what the other wrote.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_extensions import internals

_STORED = "frontdesk_stored_events"
"""Attribute of a tracker: how many of its events are rows already."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000")


class AppendingSQLTrackerStore(SQLTrackerStore):
    """Named in ``endpoints.yml``; takes the stock store's settings.

    Raises:
        internals.UnsupportedRasa: Rasa's own store is not the one this was written for.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        internals.check()
        super().__init__(*args, **kwargs)
        if self.engine.dialect.name == "sqlite":
            self.engine = _pooled_sqlite(self.engine.url)
            self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        table = self.SQLEvent.__table__
        own = table.c.sender_id == sa.bindparam("sender")
        started = sa.select(sa.func.max(table.c.timestamp)).where(own, table.c.type_name == "session_started")
        self._all_sessions = sa.select(table.c.data).where(own).order_by(table.c.id)
        self._last_session = self._all_sessions.where(
            table.c.timestamp >= sa.func.coalesce(started.scalar_subquery(), 0)
        )

    async def _retrieve(
        self,
        sender_id: str,
        fetch_events_from_all_sessions: bool,  # noqa: FBT001 - the stock signature
    ) -> DialogueStateTracker | None:
        query = self._all_sessions if fetch_events_from_all_sessions else self._last_session
        with self.engine.connect() as connection:
            rows = connection.execute(query, {"sender": sender_id}).scalars().all()
        if not rows or not self.domain:
            return None
        events = [json.loads(row) for row in rows]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    def may_hold(self, sender_id: str, message_id: str) -> bool:
        """Whether a turn of this message may be stored: quick, without reading the conversation; False is certain."""
        table = self.SQLEvent.__table__
        own = (table.c.sender_id == sender_id) & (table.c.type_name == "user")
        query = sa.select(sa.literal(1)).where(own, table.c.data.like(f'%"message_id": "{message_id}"%')).limit(1)
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    def erase(self, sender_id: str) -> int:
        """Delete the conversation; how many events it had."""
        table = self.SQLEvent.__table__
        with self.engine.begin() as connection:
            return int(connection.execute(table.delete().where(table.c.sender_id == sender_id)).rowcount)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are not rows yet, all or none."""
        stored = getattr(tracker, _STORED, None)
        if stored is None and await self.retrieve_full_tracker(tracker.sender_id):
            await super().save(tracker)  # built elsewhere, of a conversation that has rows: the stock store counts
            return
        await self.stream_events(tracker)
        new = list(tracker.events)[stored or 0 :]
        if new:
            with self.engine.begin() as connection:
                connection.execute(self.SQLEvent.__table__.insert(), [_row(tracker.sender_id, event) for event in new])
        setattr(tracker, _STORED, len(tracker.events))


def _row(sender_id: str, event: Any) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": (data.get("parse_data") or {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _pooled_sqlite(url: Any) -> sa.engine.Engine:
    """SQLAlchemy 1.4 opens a SQLite file anew for each use; here connections are kept."""
    engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine
