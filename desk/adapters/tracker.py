"""Rasa's tracker store through a reader's connection of its own: SELECT on ``events``, nothing else.

The table is stock Rasa's (``rasa.core.tracker_store.SQLTrackerStore.SQLEvent``), written by
``rasa_extensions/tracker_store.py``. A SQLite file is opened without the right to write; it is never made here.
"""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from desk.errors import TrackerUnavailable
from desk.reviews.ports import Moved, Row

T = TypeVar("T")

_MOST_EVENTS = 20_000
_events = Table(
    "events",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("sender_id", String),
    Column("type_name", String),
    Column("timestamp", Float),
    Column("data", Text),
)
_NOT_NEEDED = ("user_featurization", "followup", "cancel_reminder", "reminder", "export")


class SqlTracker:
    """Implements ``Tracker``. One thread reads, so that review never takes more than one core's time."""

    def __init__(self, url: str, *, timeout_seconds: float = 5.0) -> None:
        self._engine = _engine(make_url(url), timeout_seconds)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="desk-tracker")

    async def moved(self, after: int, limit: int, *, settled_before: float = 0.0) -> Moved:
        return await self._read(lambda connection: _moved(connection, after, limit, settled_before))

    async def at(self, row_id: int) -> float | None:
        query = select(func.coalesce(_events.c.timestamp, 0.0)).where(_events.c.id == row_id)
        return await self._read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def before(self, at: float) -> tuple[int, float]:
        return await self._read(lambda connection: _before(connection, at))

    async def events(self, sender: str, first_id: int = 0) -> Sequence[Row]:
        return await self._read(lambda connection: _rows(connection, sender, first_id))

    def close(self) -> None:
        self._reader.shutdown()
        self._engine.dispose()

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._run, work)

    def _run(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise TrackerUnavailable(f"Rasa's tracker store did not answer ({type(error).__name__})") from error


def _moved(connection: Connection, after: int, limit: int, settled_before: float) -> Moved:
    table = _events.c
    query = select(table.id, table.sender_id, table.timestamp).where(table.id > after).order_by(table.id).limit(limit)
    rows = connection.execute(query).all()
    if not rows:
        return Moved({})
    settled = list(itertools.takewhile(lambda row: (row.timestamp or 0.0) <= settled_before, rows))
    return Moved(
        senders={row.sender_id: row.id for row in rows},
        last_id=rows[-1].id,
        last_at=rows[-1].timestamp or 0.0,
        settled=(settled[-1].id, settled[-1].timestamp or 0.0) if settled else None,
    )


def _before(connection: Connection, at: float) -> tuple[int, float]:
    """Rows are in the order of time but for seconds, so the look goes back from the newest one, a page at a time."""
    top: int | None = connection.execute(select(func.max(_events.c.id))).scalar_one()
    while top is not None:
        query = select(_events.c.id, _events.c.timestamp).where(_events.c.id <= top)
        rows = connection.execute(query.order_by(_events.c.id.desc()).limit(500)).all()
        found = next((row for row in rows if (row.timestamp or 0.0) <= at), None)
        if found is not None:
            return found.id, found.timestamp or 0.0
        top = rows[-1].id - 1 if rows else None
    return 0, 0.0


def _rows(connection: Connection, sender: str, first_id: int) -> list[Row]:
    table = _events.c
    query = (
        select(table.id, table.timestamp, table.data)
        .where(table.sender_id == sender, table.id >= first_id, table.type_name.not_in(_NOT_NEEDED))
        .order_by(table.id)
        .limit(_MOST_EVENTS)
    )
    return [Row(row.id, row.timestamp or 0.0, _event(row.data)) for row in connection.execute(query)]


def _event(data: str | None) -> dict[str, Any]:
    try:
        read = orjson.loads(data or "")
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def _engine(url: URL, timeout_seconds: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "").absolute()
        address = url.set(database=f"file:{path}", query={"mode": "rw", "uri": "true"})
        engine = create_engine(
            address,
            connect_args={"timeout": timeout_seconds, "check_same_thread": False},
            pool_size=1,
            max_overflow=0,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _only_read)
        return engine
    options = f"-c statement_timeout={int(timeout_seconds * 1000)} -c default_transaction_read_only=on"
    return create_engine(
        url,
        connect_args={"connect_timeout": max(1, round(timeout_seconds)), "options": options},
        pool_size=1,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _only_read(connection: Any, _record: Any) -> None:
    """``mode=rw`` because a reader of a write-ahead log takes part in its locks; this forbids the rest."""
    connection.execute("PRAGMA query_only = ON")
