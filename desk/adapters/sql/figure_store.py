"""``FigureStore`` in the desk's data base."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from desk.adapters.sql import figure_sums
from desk.adapters.sql.database import Database
from desk.adapters.sql.figure_facts import BATCH, refresh
from desk.adapters.sql.figures_tables import figures_state
from desk.analytics.figures import Sums
from desk.analytics.model import Rules
from desk.analytics.period import Scope
from desk.analytics.ports import AgentLoad, Behind, VersionKind
from desk.analytics.savings import Savings

_SAVINGS = "savings"


class SqlFigures:
    """See ``FigureStore``; ``now`` decides what is decided by time."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], rules: Rules, zone: ZoneInfo) -> None:
        self._database = database
        self._now = now
        self._rules = rules
        self._zone = zone

    async def refresh(self, *, most_batches: int) -> bool:
        for _ in range(most_batches):
            done = await self._database.write(refresh, self._now(), rules=self._rules, zone=self._zone)
            if done < BATCH:
                return True
        return False

    async def sums_by_day(self, scope: Scope) -> Mapping[str, Sums]:
        return await self._database.read(figure_sums.sums_by_day, scope, self._now())

    async def first_day(self) -> str | None:
        return await self._database.read(figure_sums.first_day)

    async def sums_by_version(self, scope: Scope, kind: VersionKind) -> Mapping[str, Sums]:
        return await self._database.read(figure_sums.sums_by_version, scope, self._now(), kind)

    async def medians(self, scope: Scope) -> Mapping[str, Mapping[str, float]]:
        return await self._database.read(figure_sums.medians, scope, self._now())

    async def escalations(self, scope: Scope) -> Sequence[tuple[str, int]]:
        return await self._database.read(figure_sums.escalations, scope)

    async def intents(self, scope: Scope, most: int) -> Mapping[str, Mapping[str, int]]:
        return await self._database.read(figure_sums.intents, scope, most)

    async def agents(self, scope: Scope) -> Sequence[AgentLoad]:
        return await self._database.read(figure_sums.agents, scope, self._now())

    async def choices(self, scope: Scope) -> tuple[Sequence[str], Sequence[str]]:
        return await self._database.read(figure_sums.choices, scope)

    async def behind(self, scope: Scope, figure_id: str, *, offset: int, limit: int) -> Sequence[Behind]:
        return await self._database.read(figure_sums.behind, scope, self._now(), figure_id, offset=offset, limit=limit)

    async def savings(self) -> Savings:
        return await self._database.read(_savings)

    async def save_savings(self, savings: Savings) -> None:
        await self._database.write(_save_savings, savings)


def _savings(connection: Connection) -> Savings:
    body = connection.execute(select(figures_state.c.body).where(figures_state.c.name == _SAVINGS)).scalar()
    return Savings(**body) if body else Savings()


def _save_savings(connection: Connection, savings: Savings) -> None:
    body = asdict(savings)
    mine = figures_state.c.name == _SAVINGS
    if connection.execute(update(figures_state).where(mine).values(body=body)).rowcount == 0:
        connection.execute(insert(figures_state).values(name=_SAVINGS, body=body))
