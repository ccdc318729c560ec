"""A bounded record of unanswered questions in a SQLite file; what is old goes when something new is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, delete, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from privacy.personal_data import PersonalData
from retrieval.errors import GapRecordUnavailable

_BUSY_SECONDS = 2.0
_LONGEST = 300  # characters; what is longer is a story, and its beginning says what it is about
_METADATA = MetaData()
_TABLE = Table(
    "unanswered", _METADATA,
    Column("number", Integer, primary_key=True), Column("at", String, nullable=False, index=True),
    Column("question", String, nullable=False), Column("reason", String, nullable=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One question without its asker. ``reason``: ``none`` was found, or ``none_of_these`` was what was meant."""

    question: str
    reason: str
    at: datetime


class GapRecord:
    """Keeps at most ``most`` questions for at most ``days``; personal data is masked before anything is written."""

    def __init__(
        self, path: Path, personal_data: PersonalData, *, days: int, most: int, now: Callable[[], datetime]
    ) -> None:
        """Use the file at ``path``, made when first written."""
        self._path = path
        self._personal_data = personal_data
        self._days = timedelta(days=days)
        self._most = most
        self._now = now

    def note(self, question: str, reason: str) -> None:
        """Write a question down and let go of what is too old or too much.

        Raises:
            GapRecordUnavailable: the file cannot be written.
        """
        text = self._personal_data.masked(" ".join(question.split()))[:_LONGEST]
        with self._transaction() as connection:
            values = {"at": _sortable(self._now()), "question": text, "reason": reason}
            connection.execute(insert(_TABLE).values(**values))
            last = connection.execute(select(func.max(_TABLE.c.number))).scalar_one()
            too_many = _TABLE.c.number <= last - self._most
            connection.execute(delete(_TABLE).where(too_many | (_TABLE.c.at < _sortable(self._now() - self._days))))

    def all(self, *, since: datetime | None = None) -> list[Unanswered]:
        """What is kept, oldest first.

        Raises:
            GapRecordUnavailable: the file cannot be read.
        """
        if not self._path.exists():
            return []
        first = max(filter(None, (since, self._now() - self._days)))
        wanted = select(_TABLE).where(_TABLE.c.at >= _sortable(first)).order_by(_TABLE.c.number)
        with self._transaction() as connection:
            rows = connection.execute(wanted).all()
        return [Unanswered(row.question, row.reason, datetime.fromisoformat(row.at)) for row in rows]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(
                f"sqlite:///{self._path}", connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True
            )
            try:
                _METADATA.create_all(engine)
                with engine.begin() as connection:
                    yield connection
            finally:
                engine.dispose()
        except (SQLAlchemyError, OSError) as error:
            raise GapRecordUnavailable(f"the record {self._path} cannot be used ({type(error).__name__})") from error


def _sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
