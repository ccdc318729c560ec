"""Approved answers in a SQLite file: written by staff's commands, read by the action server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from answering.approved import ApprovedAnswer
from answering.errors import ApprovedStoreUnavailable

_BUSY_SECONDS = 5.0

_METADATA = MetaData()
_TABLE = Table(
    "approved_answers", _METADATA,
    Column("id", Integer, primary_key=True),
    Column("question", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("valid_from", String), Column("valid_until", String),
    Column("by", String, nullable=False), Column("at", String, nullable=False),
    Column("withdrawn_by", String), Column("withdrawn_at", String),
)  # fmt: skip


class ApprovedStore:
    """Every approved answer there ever was; a withdrawn one stays, with who withdrew it."""

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        """Use the file at ``path``, made when first written."""
        self._path = path
        self._now = now

    def add(self, approved: ApprovedAnswer) -> ApprovedAnswer:
        """Store an answer; returns it with its number and time."""
        made = replace(approved, at=self._now())
        values = {name: _stored(getattr(made, name)) for name in ApprovedAnswer.__slots__ if name != "number"}
        with self._transaction() as connection:
            key = connection.execute(insert(_TABLE).values(**values)).inserted_primary_key
        return replace(made, number=key[0] if key else 0)

    def add_once(self, approved: ApprovedAnswer) -> ApprovedAnswer:
        """Store an answer, unless the same one is in use already; that one then."""
        told = ("question", "answer", "audience", "locale", "valid_from", "valid_until")
        for there in self.all():
            if there.withdrawn_at is None and all(getattr(there, name) == getattr(approved, name) for name in told):
                return there
        return self.add(approved)

    def withdraw(self, number: int, *, by: str) -> bool:
        """Take an answer out of use; False when there is none of this number in use."""
        statement = update(_TABLE).where(_TABLE.c.id == number, _TABLE.c.withdrawn_at.is_(None))
        with self._transaction() as connection:
            done = connection.execute(statement.values(withdrawn_by=by, withdrawn_at=self._now().isoformat()))
        return bool(done.rowcount)

    def hold_until(self, number: int, until: datetime | None) -> bool:
        """Tell an answer until then, None without end; False when there is none of this number in use."""
        statement = update(_TABLE).where(_TABLE.c.id == number, _TABLE.c.withdrawn_at.is_(None))
        with self._transaction() as connection:
            done = connection.execute(statement.values(valid_until=_stored(until)))
        return bool(done.rowcount)

    def find(self, number: int) -> ApprovedAnswer | None:
        """The answer of this number, a withdrawn one too."""
        return next((item for item in self.all() if item.number == number), None)

    def all(self) -> list[ApprovedAnswer]:
        """Every answer, withdrawn ones too, oldest first."""
        if not self._path.exists():
            return []
        with self._transaction() as connection:
            return [_approved(row) for row in connection.execute(select(_TABLE).order_by(_TABLE.c.id))]

    def stamp(self) -> tuple[int, int] | None:
        """Changes with every write; None before the first."""
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            engine = self._engine()
            try:
                with engine.begin() as connection:
                    yield connection
            finally:
                engine.dispose()
        except (SQLAlchemyError, OSError) as error:
            raise ApprovedStoreUnavailable(
                f"the approved answers cannot be reached ({type(error).__name__})"
            ) from error

    def _engine(self) -> Engine:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": _BUSY_SECONDS})
        _METADATA.create_all(engine)
        return engine


def _stored(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _approved(row: Row[tuple[object, ...]]) -> ApprovedAnswer:
    def moment(name: str) -> datetime | None:
        text = getattr(row, name)
        return datetime.fromisoformat(text).astimezone(UTC) if text else None

    return ApprovedAnswer(
        question=row.question, answer=row.answer, audience=row.audience, locale=row.locale,
        valid_from=moment("valid_from"), valid_until=moment("valid_until"), by=row.by, at=moment("at"),
        withdrawn_by=row.withdrawn_by, withdrawn_at=moment("withdrawn_at"), number=row.id,
    )  # fmt: skip
