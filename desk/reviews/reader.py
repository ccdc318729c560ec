"""The job that reads Rasa's tracker store into transcripts, row by row, and never hurries.

Two looks (docs/adr/0029): the near one asks each second for rows after the newest one seen; the far one begins every
half minute at the kept place, which stays a minute behind, because two Rasa processes may commit their rows in another
order than they numbered them. A conversation is read from its last turn on, so looking twice changes nothing.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from desk.adapters.sql import review_desk_sides, review_lease, review_people, review_rows
from desk.adapters.sql.database import Database
from desk.adapters.sql.review_lease import Place
from desk.errors import LeaseLost, StoreUnavailable, TrackerUnavailable
from desk.metrics import Metrics
from desk.reviews.events import turns_of
from desk.reviews.ports import SETTLED_SECONDS, Row, Tracker

logger = structlog.get_logger()

POLL_SECONDS = 1.0
_PAUSE_SECONDS = 0.05
_LEASE = timedelta(seconds=30)
_FAR_LOOK = timedelta(seconds=30)
_ROWS_AT_ONCE = 2000
_CONVERSATIONS_AT_ONCE = 2
_RESTS = 3
"""So many times as long as a batch took the job rests after it: on a busy machine it is the first to wait."""
_JOINED_AT_ONCE = 50
_RATED_WITHIN = timedelta(days=3)
_SETTLED_AT_DESK = timedelta(seconds=60)


@dataclass
class TrackerReader:
    """Reads while it holds the lease; several gateways take turns.

    Attributes:
        pause: least seconds between two small batches, so that customers' turns come first; 0 never rests.
    """

    tracker: Tracker
    database: Database
    metrics: Metrics
    now: Callable[[], datetime]
    pause: float = _PAUSE_SECONDS
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _place: Place | None = None
    _near: Place | None = None
    _claim_due: datetime | None = None
    _far_due: datetime | None = None
    _away: bool = False

    async def run(self) -> None:
        """Read until cancelled."""
        try:
            while True:
                if not await self._tried():
                    await asyncio.sleep(POLL_SECONDS)
        finally:
            await asyncio.shield(self.give_back())

    async def read_once(self) -> bool:
        """One look; whether there may be more at once.

        Raises:
            LeaseLost: another gateway reads now.
            StoreUnavailable: the desk's data base does not answer.
            TrackerUnavailable: Rasa's does not.
        """
        if not await self._leased():
            return False
        await self._check_near()
        near = self._near or (0, 0.0)
        moved = await self.tracker.moved(near[0], _ROWS_AT_ONCE)
        await self._read(moved.senders)
        if moved.last_id is not None:
            self._near = near = (moved.last_id, moved.last_at)
        behind = self._place is not None and near[0] - self._place[0] > _ROWS_AT_ONCE
        if behind or self._far_due is None or self._far_due <= self.now():
            await self._look_far(near)
            self._far_due = self.now() + _FAR_LOOK
        return len(moved.senders) > 0

    async def read_sender(self, conversation_id: str) -> None:
        """Read one conversation now, whoever has the lease: a colleague waits for it."""
        await self._write(await self._fresh({conversation_id: 0}, again=True), leased=False)

    async def _leased(self) -> bool:
        """Whether this gateway is the reader; asked anew well before the lease ends."""
        if self._place is not None and self._claim_due is not None and self.now() < self._claim_due:
            return True
        place = await self.database.write(review_lease.claim, self.owner, self.now(), _LEASE)
        if place is None:
            self._forget()
            return False
        self._place, self._claim_due = place, self.now() + _LEASE / 3
        self._near = self._near or place
        return True

    def _forget(self) -> None:
        self._place = self._near = None

    async def _tried(self) -> bool:
        try:
            more = await self.read_once()
        except (LeaseLost, StoreUnavailable):
            self._forget()
            return False
        except TrackerUnavailable as error:
            if not self._away:  # once: Rasa may begin later than the gateway, or be down for hours
                logger.warning("reviews.tracker_unavailable", reason=str(error))
            self._away = True
            self.metrics.reviews_unavailable.inc()
            return False
        if self._away:
            logger.info("reviews.tracker_back")
        self._away = False
        return more

    async def _check_near(self) -> None:
        """SQLite gives the numbers of erased rows again: where the row is gone or another, step back in time."""
        row_id, at = self._near or (0, 0.0)
        if row_id and await self.tracker.at(row_id) != at:
            self._near = await self.tracker.before(at - SETTLED_SECONDS)

    async def _look_far(self, near: Place) -> None:
        place = self._place or (0, 0.0)
        if place[0] and await self.tracker.at(place[0]) != place[1]:
            place = await self.tracker.before(place[1] - SETTLED_SECONDS)
        moved = await self.tracker.moved(place[0], _ROWS_AT_ONCE, settled_before=near[1] - SETTLED_SECONDS)
        await self._read(moved.senders)
        if moved.settled is not None:
            await self.database.write(review_lease.move, self.owner, moved.settled)
            self._place = moved.settled
        await self._join_desk()

    async def _join_desk(self) -> None:
        """Ratings, calls for a person and the end of a conversation come without an event of Rasa's."""
        now = self.now()
        since = now - _RATED_WITHIN
        stale = await self.database.read(review_desk_sides.stale_desk_sides, since, _JOINED_AT_ONCE)
        stale += await self.database.read(review_rows.quiet_by_now, since, now, _JOINED_AT_ONCE)
        if stale:
            await self.database.write(review_rows.join_again, stale, now)
        await self._take_from_desk(since)

    async def _take_from_desk(self, since: datetime) -> None:
        """What only people held has no event of Rasa's; should it come to Rasa later, its own record takes over."""
        settled = self.now() - _SETTLED_AT_DESK
        ids = await self.database.read(review_people.without_bot, since, settled, _JOINED_AT_ONCE)
        if ids:
            found = await self.database.read(review_people.turns_without_bot, ids)
            fresh = [review_rows.Fresh(one, turns, 0, 0.0) for one, turns in found.items()]
            await self._write(fresh, leased=True)

    async def _read(self, senders: Mapping[str, int]) -> None:
        names = list(senders)
        for start in range(0, len(names), _CONVERSATIONS_AT_ONCE):
            some = {name: senders[name] for name in names[start : start + _CONVERSATIONS_AT_ONCE]}
            begun = time.monotonic()
            if fresh := await self._fresh(some):
                await self._write(fresh, leased=True)
                spent = time.monotonic() - begun
                await asyncio.sleep(max(self.pause, _RESTS * spent) if self.pause else 0)

    async def _fresh(self, senders: Mapping[str, int], *, again: bool = False) -> list[review_rows.Fresh]:
        known = await self.database.read(review_rows.known, list(senders))
        fresh = []
        for sender, newest in senders.items():
            had = known.get(sender)
            if had is not None and had.last_event_id >= newest and not again:
                continue
            rows, position = await self._rows(sender, had)
            try:
                turns = turns_of(((row.id, row.event) for row in rows), position=position)
            except (ValueError, TypeError, KeyError, OverflowError) as error:  # nobody's form but its own
                logger.warning("reviews.unreadable", conversation_id=sender, error=type(error).__name__)
                continue
            if turns:
                last = max(newest, rows[-1].id)
                fresh.append(review_rows.Fresh(sender, turns, last, rows[-1].at))
        return fresh

    async def _rows(self, sender: str, had: review_rows.Known | None) -> tuple[Sequence[Row], int]:
        """The events from the last known turn on, with its position; all of them where that turn is there no more."""
        if had is not None:
            rows = await self.tracker.events(sender, had.first_event_id)
            if rows and rows[0].id == had.first_event_id:
                return rows, had.position
        return await self.tracker.events(sender), 0

    async def _write(self, fresh: Sequence[review_rows.Fresh], *, leased: bool) -> None:
        if fresh:
            written = await self.database.write(_store, self.owner if leased else None, fresh, self.now())
            self.metrics.reviews_read.inc(written)

    async def give_back(self) -> None:
        """Let another gateway read at once."""
        try:
            await self.database.write(review_lease.give_back, self.owner)
        except (StoreUnavailable, RuntimeError):  # the pool is closed already: the lease ends by itself
            logger.debug("reviews.lease_kept")


def _store(connection: Connection, owner: str | None, fresh: Sequence[review_rows.Fresh], now: datetime) -> int:
    if owner is not None:
        review_lease.keep(connection, owner)
    return review_rows.store(connection, fresh, now)
