"""One engine, whole transactions in threads, and one kind of error.

Async code hands a function of a connection to ``read`` or ``write``; it runs in one thread hop as one transaction
(docs/adr/0024). On SQLite all writes come from one thread, because it has one writer anyway.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError

from desk.errors import NotStorable, StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

_POSTGRESQL_THREADS = 12
_SQLITE_READERS = 4
_HUNG = 4
"""So many times the time-out a whole transaction may take on PostgreSQL before nobody waits for it any more.

The server ends statements and waits for locks by itself; this is for one that is frozen, or behind a dead network.
"""


NOTICES_A_DEAD_NETWORK: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""libpq's settings for a connection whose other end went away without a word: noticed within half a minute."""


class Database:
    """Runs transactions; every vendor error leaves as ``StoreUnavailable``."""

    def __init__(self, url: str, *, timeout_seconds: float, origin: str = "") -> None:
        self.engine = _engine(url, timeout_seconds).execution_options(origin=origin)
        self._writing_engine = self.engine.execution_options(writes=True)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._patience = None if self.is_sqlite else timeout_seconds * _HUNG
        readers = _SQLITE_READERS if self.is_sqlite else _POSTGRESQL_THREADS
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="desk-read")
        self._writers = ThreadPoolExecutor(1, thread_name_prefix="desk-write") if self.is_sqlite else self._readers

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One consistent look."""
        return await self._in_thread(self._readers, partial(self._run, self.engine, work, *args, **kwargs))

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction: written completely, or when anything is raised not at all."""
        return await self._in_thread(self._writers, partial(self._run, self._writing_engine, work, *args, **kwargs))

    async def _in_thread(self, threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.get_running_loop().run_in_executor(threads, call)
        except TimeoutError as error:
            raise StoreUnavailable("the data base does not answer") from error

    @staticmethod
    def _run(engine: Engine, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with translated(), engine.begin() as connection:
            return work(connection, *args, **kwargs)

    def close(self) -> None:
        """Wait for what runs, then give the connections back."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Vendor errors as ours, the cause chained. The message carries no statement and no value."""
    try:
        yield
    except DataError as error:
        raise NotStorable("the data base takes no such value") from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the data base did not do it ({_reason(error)})") from error


def _reason(error: SQLAlchemyError) -> str:
    """SQLite's own words ("database or disk is full") quote nothing; PostgreSQL's may, so only their kind is told."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return str(cause) if isinstance(cause, sqlite3.OperationalError) else type(cause or error).__name__


def _engine(url: str, timeout_seconds: float) -> Engine:
    with translated():
        parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(parsed.database)
        engine = create_engine(
            parsed,
            connect_args={"timeout": timeout_seconds, "check_same_thread": False},
            pool_size=_SQLITE_READERS + 2,
            pool_timeout=timeout_seconds,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    milliseconds = int(timeout_seconds * 1000)
    limits = f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
    idle = f"-c idle_in_transaction_session_timeout={milliseconds * _HUNG}"  # a frozen gateway's locks end, too
    return create_engine(
        parsed,
        connect_args={
            "connect_timeout": max(1, round(timeout_seconds)),
            "options": f"{limits} {idle} -c timezone=UTC",
            **NOTICES_A_DEAD_NETWORK,
        },
        pool_size=_POSTGRESQL_THREADS,
        max_overflow=4,
        pool_timeout=timeout_seconds,
        pool_pre_ping=True,
        hide_parameters=True,  # values are what customers wrote; they stay out of error texts
    )


def _make_folder(database: str | None) -> None:
    try:
        Path(database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the data base's folder cannot be made: {error.strerror}") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin too late; _begin_sqlite does it
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")  # survives a killed process; a power cut may cost the last second
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a lock taken later fails instead of waiting when another writer was first."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
