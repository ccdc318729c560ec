"""The dashboard put together."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter

from desk.accounts.guard import Audit, Guard
from desk.adapters.sql.database import Database
from desk.adapters.sql.figure_store import SqlFigures
from desk.analytics.model import Rules
from desk.analytics.routes import build_number_routes
from desk.analytics.service import Numbers
from desk.errors import StoreUnavailable

_EVERY_SECONDS = 30.0
_BETWEEN_BATCHES = 0.05  # the first time half a million items are read; customers' writes come in between


@dataclass(frozen=True)
class NumbersRoom:
    """What the gateway's bootstrap keeps of it."""

    numbers: Numbers

    def routes(self, guard: Guard, audit: Audit) -> APIRouter:
        """The routes, to be included below ``/console/api``."""
        return build_number_routes(self.numbers, guard, audit)

    async def run(self) -> None:
        """Keep the facts up to date; a batch at a time, so that no customer waits for a lock."""
        while True:
            done = True
            with contextlib.suppress(StoreUnavailable):
                done = await self.numbers.store.refresh(most_batches=1)
            await asyncio.sleep(_EVERY_SECONDS if done else _BETWEEN_BATCHES)


def build_numbers_room(
    database: Database, *, zone: ZoneInfo, now: Callable[[], datetime], rules: Rules | None = None
) -> NumbersRoom:
    """The room over the gateway's tables; days are days of ``zone``."""
    store = SqlFigures(database, now=now, rules=rules or Rules(), zone=zone)
    return NumbersRoom(Numbers(store, zone, now))
