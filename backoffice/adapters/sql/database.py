"""One engine: how a transaction begins, how long anything may take, how its errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, QueuePool, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from backoffice.errors import BackofficeUnavailable

_POOL_SIZE = 5
_POOL_OVERFLOW = 35  # asyncio.to_thread may run this many threads at once


class Database:
    """Sessions for reading and for writing; every vendor error leaves as ``BackofficeUnavailable``."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        self.engine = _engine(url, timeout_seconds)
        self._writer = self.engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent look; nothing is written."""
        with translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, written completely at the end or, when anything is raised, not at all."""
        with translated(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Vendor errors as ours, the cause chained. The message carries no statement and no value."""
    try:
        yield
    except SQLAlchemyError as error:
        raise BackofficeUnavailable(f"the data base did not do it ({type(error).__name__})") from error


def insert_if_new(session: Session, table: type[DeclarativeBase], values: dict[str, Any]) -> bool:
    """Insert one row unless a unique constraint has it already; whether it was inserted.

    Both data bases make a second writer of the same key wait for the first, so exactly one gets ``True``.
    """
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = make(table).values(**values).on_conflict_do_nothing().returning(*table.__mapper__.primary_key)
    return session.execute(statement).first() is not None


def _engine(url: str, timeout_seconds: float) -> Engine:
    with translated():
        parsed = make_url(url)
    common: dict[str, Any] = {
        "pool_size": _POOL_SIZE,
        "max_overflow": _POOL_OVERFLOW,
        "pool_timeout": timeout_seconds,
        "hide_parameters": True,  # values are personal data; they stay out of error texts
    }
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        return _in_memory(parsed, common)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(parsed.database)
        engine = create_engine(parsed, connect_args={"timeout": timeout_seconds}, **common)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    milliseconds = int(timeout_seconds * 1000)
    limits = f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
    idle = f"-c idle_in_transaction_session_timeout={milliseconds * 4}"  # a frozen process' locks end, too
    connect_args = {
        "connect_timeout": max(1, round(timeout_seconds)),
        "options": f"{limits} {idle} -c timezone=UTC",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    return create_engine(parsed, connect_args=connect_args, pool_pre_ping=True, **common)


def _in_memory(url: URL, common: dict[str, Any]) -> Engine:
    """One connection that everybody takes in turn: the data base lives as long as it does."""
    alone = common | {"pool_size": 1, "max_overflow": 0, "poolclass": QueuePool}
    engine = create_engine(url, connect_args={"check_same_thread": False}, **alone)
    event.listen(engine, "connect", _prepare_memory)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_memory(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _make_folder(database: str | None) -> None:
    try:
        Path(database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackofficeUnavailable(f"the data base's folder cannot be made: {error.strerror}") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin too late; _begin_sqlite does it
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):  # kept in the file; switching locks it
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a lock taken later fails instead of waiting when another writer was first."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
