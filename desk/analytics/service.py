"""The dashboard put together from sums and medians."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import add
from zoneinfo import ZoneInfo

from desk.analytics.figures import BY_ID, FIGURES, Figure, Sums
from desk.analytics.period import Period, Scope
from desk.analytics.ports import AgentLoad, Behind, FigureStore, VersionKind
from desk.analytics.savings import Savings
from desk.errors import NotFound

DEFAULT_DAYS = 30
_MOST_INTENTS = 12
_BATCHES_BEFORE_READING = 2  # a thousand conversations; more is the schedule's work
_ALL_BATCHES = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure's value over a time and on each of its days.

    Attributes:
        decided: how many conversations are decided, and of how many, where it is a share of those.
    """

    figure: Figure
    value: float | None
    previous: float | None = None
    series: Sequence[tuple[str, float | None]] = ()
    decided: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """All figures but medians, of the conversations with one version of the model or the prompt."""

    kind: VersionKind
    version: str
    values: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page. ``complete`` is False while facts of older conversations are still being made."""

    scope: Scope
    figures: Sequence[Counted]
    escalations: Sequence[tuple[str, int]]
    intents: Mapping[str, Mapping[str, int]]
    versions: Sequence[VersionFigures]
    agents: Sequence[AgentLoad]
    complete: bool
    savings: Savings = field(default_factory=Savings)
    channels: Sequence[str] = ()
    models: Sequence[str] = ()


@dataclass(frozen=True)
class Numbers:
    """What the routes and the summary call."""

    store: FigureStore
    zone: ZoneInfo
    now: Callable[[], datetime]

    def period(self, first: date | None, last: date | None) -> Period:
        """The days asked for; by default the 30 up to today.

        Raises:
            Invalid: they are no period.
        """
        today = self.now().astimezone(self.zone).date()
        last = last or max(today, first or today)
        return Period(first or last - timedelta(days=DEFAULT_DAYS - 1), last)

    async def dashboard(self, scope: Scope, *, compared: bool) -> Dashboard:
        """Everything; ``compared`` adds each figure's value in as many days before."""
        complete = await self.store.refresh(most_batches=_BATCHES_BEFORE_READING)
        savings = await self.store.savings()
        before = Scope(scope.period.before(), scope.channel, scope.model)
        figures, previous, escalations, intents, versions, agents = await asyncio.gather(
            self._figures(scope, savings, series=True),
            self._figures(before, savings, series=False) if compared else _nothing(),
            self.store.escalations(scope),
            self.store.intents(scope, _MOST_INTENTS),
            self._versions(scope, savings),
            self.store.agents(scope),
        )
        earlier = {one.figure.id: one.value for one in previous}
        shown = [replace(one, previous=earlier.get(one.figure.id)) for one in figures]
        channels, models = await self.store.choices(scope)
        return Dashboard(scope, shown, escalations, intents, versions, agents, complete, savings, channels, models)

    async def saved(self, scope: Scope) -> tuple[Savings, float | None]:
        """The formula, and what it comes to."""
        await self.store.refresh(most_batches=_BATCHES_BEFORE_READING)
        savings = await self.store.savings()
        total = reduce(add, (await self.store.sums_by_day(scope)).values(), Sums())
        return savings, savings.saved(total, len(await self._running(scope.period)))

    async def behind(self, scope: Scope, figure_id: str, *, offset: int, limit: int) -> Sequence[Behind]:
        """The conversations that a figure is made of.

        Raises:
            NotFound: there is no such figure.
        """
        if figure_id not in BY_ID:
            raise NotFound
        await self.store.refresh(most_batches=_BATCHES_BEFORE_READING)
        return await self.store.behind(scope, figure_id, offset=offset, limit=limit)

    async def up_to_date(self) -> None:
        """Make the facts of everything that changed."""
        await self.store.refresh(most_batches=_ALL_BATCHES)

    async def _figures(self, scope: Scope, savings: Savings, *, series: bool) -> list[Counted]:
        by_day, medians, running = await asyncio.gather(
            self.store.sums_by_day(scope), self.store.medians(scope), self._running(scope.period)
        )
        total = reduce(add, by_day.values(), Sums())
        made = []
        for figure in FIGURES:
            times = medians.get(figure.median_of or "", {})
            value = times.get("") if figure.median_of else valued(figure, total, savings, len(running))
            line: list[tuple[str, float | None]] = []
            for day in scope.period.days() if series else ():
                sums = by_day.get(day, Sums())
                days = int(day in running)
                line.append((day, times.get(day) if figure.median_of else valued(figure, sums, savings, days)))
            decided = (total.decided, total.conversations) if figure.of_decided else None
            made.append(Counted(figure, value, series=line, decided=decided))
        return made

    async def _running(self, period: Period) -> frozenset[str]:
        """The days on which the shop had the bot: from its first conversation until today."""
        first = await self.store.first_day()
        today = self.now().astimezone(self.zone).date().isoformat()
        return frozenset(day for day in period.days() if first is not None and first <= day <= today)

    async def _versions(self, scope: Scope, savings: Savings) -> list[VersionFigures]:
        kinds: tuple[VersionKind, ...] = ("model", "prompt")
        found = []
        for kind in kinds:
            for version, sums in sorted((await self.store.sums_by_version(scope, kind)).items()):
                counted = [figure for figure in FIGURES if figure.value]
                values = {figure.id: valued(figure, sums, savings, 0) for figure in counted}
                found.append(VersionFigures(kind, version, values))
        return found


def valued(figure: Figure, sums: Sums, savings: Savings, days: int) -> float | None:
    """A figure that is no median, of sums over so many days."""
    if figure.id == "cost":
        return savings.cost_per_conversation(sums, days)
    if figure.id == "saved":
        return savings.saved(sums, days)
    return figure.value(sums) if figure.value else None


async def _nothing() -> list[Counted]:
    return []
