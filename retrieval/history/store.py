"""The history in a SQLite file beside the index.

A change is written before the index is switched, as pending, and confirmed after it. A process that dies in between
leaves a pending change, and the next writer confirms it when the index is in the state it names, else takes it away.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    select,
    update,
)  # fmt: skip
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from retrieval.errors import HistoryUnavailable
from retrieval.history.model import Change, Version, differences, entry_from, fingerprint
from retrieval.model import Entry, EntryId

_BUSY_SECONDS = 10.0
_METADATA = MetaData()
_CHANGES = Table(
    "changes", _METADATA,
    Column("number", Integer, primary_key=True), Column("at", String, nullable=False),
    Column("by", String, nullable=False), Column("note", String, nullable=False),
    Column("fingerprint", String, nullable=False), Column("confirmed", Boolean, nullable=False),
)  # fmt: skip
_VERSIONS = Table(
    "versions", _METADATA,
    Column("change", ForeignKey("changes.number"), primary_key=True), Column("entry_id", String, primary_key=True),
    Column("kind", String, nullable=False), Column("entry", LargeBinary),
)  # fmt: skip
_HOLDS = Table(
    "holds", _METADATA,
    Column("change", ForeignKey("changes.number"), primary_key=True), Column("entry_id", String, primary_key=True),
    Column("file_hash", String),
)  # fmt: skip

Holds = Mapping[EntryId, str | None]
"""By entry, the hash of what its file said when the entry was restored to something else; None lifts that."""


class History:
    """Who changed what and when. Writing needs the index's writer lock, reading does not."""

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        """Use the file at ``path``, made when first written."""
        self._path = path
        self._now = now

    def reconcile(self, published: Sequence[Entry]) -> None:
        """Confirm or drop what a dead process left pending; a state nobody recorded becomes a change of its own."""
        with self._transaction() as connection:
            state = fingerprint(published)
            pending = _CHANGES.c.confirmed.is_(False)
            connection.execute(update(_CHANGES).where(pending, _CHANGES.c.fingerprint == state).values(confirmed=True))
            dropped = select(_CHANGES.c.number).where(pending)
            for table in (_VERSIONS, _HOLDS):
                connection.execute(delete(table).where(table.c.change.in_(dropped)))
            connection.execute(delete(_CHANGES).where(pending))
            known = self._state(connection, None)
            if fingerprint(known.values()) != state:
                self._insert(
                    connection, list(known.values()), published, "unknown", "found in the index", {}, confirmed=True
                )

    def begin(self, before: Sequence[Entry], after: Sequence[Entry], *, by: str, note: str, holds: Holds) -> int | None:
        """Write down a change that is about to be published; None when no entry differs."""
        if not holds and not differences(before, after):
            return None
        with self._transaction() as connection:
            return self._insert(connection, before, after, by, note, holds, confirmed=False)

    def confirm(self, number: int) -> None:
        """The change is published."""
        with self._transaction() as connection:
            connection.execute(update(_CHANGES).where(_CHANGES.c.number == number).values(confirmed=True))

    def changes(self) -> list[Change]:
        """Every published change, latest first."""
        counts: dict[int, dict[str, int]] = {}
        with self._transaction() as connection:
            grouped = select(_VERSIONS.c.change, _VERSIONS.c.kind, func.count()).group_by(
                _VERSIONS.c.change, _VERSIONS.c.kind
            )
            for number, kind, count in connection.execute(grouped):
                counts.setdefault(number, {})[kind] = count
            rows = connection.execute(
                select(_CHANGES).where(_CHANGES.c.confirmed).order_by(_CHANGES.c.number.desc())
            ).all()
        return [_change(row, counts.get(row.number, {})) for row in rows]

    def versions(self, entry_id: EntryId) -> list[Version]:
        """Every state of one entry, latest first."""
        joined = select(_CHANGES, _VERSIONS.c.kind, _VERSIONS.c.entry).join(_VERSIONS)
        wanted = joined.where(_VERSIONS.c.entry_id == entry_id, _CHANGES.c.confirmed)
        with self._transaction() as connection:
            rows = connection.execute(wanted.order_by(_CHANGES.c.number.desc())).all()
        return [
            Version(_change(row, {}), entry_id, row.kind, entry_from(row.entry) if row.entry else None) for row in rows
        ]

    def now(self) -> list[Entry]:
        """All entries as the last change left them."""
        with self._transaction() as connection:
            return list(self._state(connection, None).values())

    def latest(self) -> dict[EntryId, Change]:
        """The change that each entry was touched by last; removed entries stand here, too."""
        last = select(_VERSIONS.c.entry_id, func.max(_VERSIONS.c.change).label("change")).join(_CHANGES)
        last_of = last.where(_CHANGES.c.confirmed).group_by(_VERSIONS.c.entry_id).subquery()
        rows = select(last_of.c.entry_id, _CHANGES).join(_CHANGES, _CHANGES.c.number == last_of.c.change)
        with self._transaction() as connection:
            return {EntryId(row.entry_id): _change(row, {}) for row in connection.execute(rows)}

    def state_at(self, number: int) -> dict[EntryId, Entry]:
        """All entries as change ``number`` left them.

        Raises:
            HistoryUnavailable: there is no such change.
        """
        with self._transaction() as connection:
            known = select(_CHANGES.c.number).where(_CHANGES.c.number == number, _CHANGES.c.confirmed)
            if connection.execute(known).first() is None:
                raise HistoryUnavailable(f"there is no change {number}; `history` shows the numbers")
            return self._state(connection, number)

    def holds(self) -> dict[EntryId, str]:
        """Entries that were restored to something else than their file says."""
        rows = select(_HOLDS.c.entry_id, _HOLDS.c.file_hash).join(_CHANGES).where(_CHANGES.c.confirmed)
        with self._transaction() as connection:
            latest = {EntryId(name): held for name, held in connection.execute(rows.order_by(_HOLDS.c.change))}
        return {name: held for name, held in latest.items() if held is not None}

    @staticmethod
    def _state(connection: Connection, number: int | None) -> dict[EntryId, Entry]:
        rows = select(_VERSIONS.c.entry_id, _VERSIONS.c.entry).join(_CHANGES).where(_CHANGES.c.confirmed)
        if number is not None:
            rows = rows.where(_VERSIONS.c.change <= number)
        latest = {EntryId(name): raw for name, raw in connection.execute(rows.order_by(_VERSIONS.c.change))}
        return {name: entry_from(raw) for name, raw in latest.items() if raw is not None}

    def _insert(  # noqa: PLR0917 - one row has these parts
        self,
        connection: Connection,
        before: Sequence[Entry],
        after: Sequence[Entry],
        by: str,
        note: str,
        holds: Holds,
        *,
        confirmed: bool,
    ) -> int:
        values = {"at": self._now().isoformat(), "by": by, "note": note, "fingerprint": fingerprint(after)}
        made = connection.execute(insert(_CHANGES).values(**values, confirmed=confirmed)).inserted_primary_key
        number = int(made[0]) if made else 0
        versions = [
            {"change": number, "entry_id": name, "kind": kind, "entry": orjson.dumps(entry) if entry else None}
            for name, kind, entry in differences(before, after)
        ]
        if versions:
            connection.execute(insert(_VERSIONS), versions)
        if holds:
            rows = [{"change": number, "entry_id": name, "file_hash": held} for name, held in holds.items()]
            connection.execute(insert(_HOLDS), rows)
        return number

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": _BUSY_SECONDS})
            try:
                _METADATA.create_all(engine)
                with engine.begin() as connection:
                    yield connection
            finally:
                engine.dispose()
        except (SQLAlchemyError, OSError) as error:
            raise HistoryUnavailable(f"the history {self._path} cannot be used ({type(error).__name__})") from error


def _change(row: object, counts: Mapping[str, int]) -> Change:
    number, at, by, note = (getattr(row, name) for name in ("number", "at", "by", "note"))
    return Change(number, datetime.fromisoformat(at).astimezone(UTC), by, note, counts)
