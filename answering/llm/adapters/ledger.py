"""Spending in a SQLite file, so that a restart does not make the day's budget new."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, delete, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from answering.llm.budget import Limits, Spent
from answering.llm.errors import BudgetSpent

logger = structlog.get_logger()

_BUSY_SECONDS = 2.0
_KEPT = timedelta(days=35)
_WHOLE_DAY = ""  # no conversation has this id

_METADATA = MetaData()
_TABLE = Table(
    "spent", _METADATA,
    Column("day", String, primary_key=True), Column("conversation", String, primary_key=True),
    Column("tokens", Integer, nullable=False), Column("micros", Integer, nullable=False),
)  # fmt: skip


class SqliteLedger:
    """Implements ``Ledger``; safe between processes, since each count takes the file's write lock first."""

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        """Use the file at ``path``, made when first written; a day is a day in UTC."""
        self._path = path
        self._now = now
        self._engine: Engine | None = None
        self._cleaned = ""

    def add(self, conversation_id: str, more: Spent, limits: Limits | None) -> tuple[Spent, Spent]:
        """See ``Ledger.add``."""
        try:
            with self._opened().begin() as connection:
                return self._add(connection, conversation_id or "-", more, limits)
        except (SQLAlchemyError, OSError) as error:
            logger.error("llm.ledger_unavailable", error=type(error).__name__)  # noqa: TRY400 - the cause is chained
            raise BudgetSpent("spending cannot be counted") from error

    def close(self) -> None:
        """Let go of the file."""
        if self._engine:
            self._engine.dispose()

    def _add(
        self, connection: Connection, conversation_id: str, more: Spent, limits: Limits | None
    ) -> tuple[Spent, Spent]:
        today = self._now().date()
        if self._cleaned != today.isoformat():
            connection.execute(delete(_TABLE).where(_TABLE.c.day < (today - _KEPT).isoformat()))
            self._cleaned = today.isoformat()
        day = self._sum(connection, _WHOLE_DAY, more)
        conversation = self._sum(connection, conversation_id, more)
        if limits and (_above(day, limits.day) or _above(conversation, limits.conversation)):
            raise BudgetSpent("the day's budget" if _above(day, limits.day) else "the conversation's budget")
        for key, spent in ((_WHOLE_DAY, day), (conversation_id, conversation)):
            values = {"tokens": spent.tokens, "micros": spent.micros}
            row = insert(_TABLE).values(day=today.isoformat(), conversation=key, **values)
            connection.execute(row.on_conflict_do_update(index_elements=["day", "conversation"], set_=values))
        return day, conversation

    def _sum(self, connection: Connection, key: str, more: Spent) -> Spent:
        """The sum with ``more`` in it, never below nothing: a reservation may be settled on the next day."""
        today = self._now().date().isoformat()
        found = select(_TABLE.c.tokens, _TABLE.c.micros).where(_TABLE.c.day == today, _TABLE.c.conversation == key)
        row = connection.execute(found).first()
        tokens, micros = (row.tokens, row.micros) if row else (0, 0)
        return Spent(max(0, tokens + more.tokens), max(0, micros + more.micros))

    def _opened(self) -> Engine:
        if self._engine is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": _BUSY_SECONDS})
            event.listen(engine, "connect", _leave_transactions_to_us)
            event.listen(engine, "begin", _lock_before_reading)
            _METADATA.create_all(engine)
            self._engine = engine
        return self._engine


def _leave_transactions_to_us(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # the driver would begin later than needed


def _lock_before_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _above(spent: Spent, limit: Spent) -> bool:
    return 0 < limit.tokens < spent.tokens or 0 < limit.micros < spent.micros
