"""What the dashboard asks the data base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from desk.analytics.figures import Sums
from desk.analytics.period import Scope
from desk.analytics.savings import Savings

VersionKind = Literal["model", "prompt"]


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """One colleague: conversations open now; resolved in the period; median seconds to their first words."""

    id: str | None
    name: str
    open: int
    resolved: int
    first_response_median: float | None


@dataclass(frozen=True, slots=True)
class Behind:
    """One conversation behind a figure; ``value`` is its part in it, where it has one."""

    id: str
    at: datetime
    channel: str
    first_text: str
    rating: int | None
    reason: str | None
    agent_name: str | None
    value: float | None


class FigureStore(Protocol):
    """Sums, medians and lists over the facts. Facts are brought up to date before, as far as time allows."""

    async def refresh(self, *, most_batches: int) -> bool:
        """Make facts of what changed; whether nothing is left to do."""
        ...

    async def sums_by_day(self, scope: Scope) -> Mapping[str, Sums]:
        """Days without conversations are left out."""
        ...

    async def first_day(self) -> str | None:
        """The day of the first conversation that is kept; None without any."""
        ...

    async def sums_by_version(self, scope: Scope, kind: VersionKind) -> Mapping[str, Sums]:
        """By version of the model or the prompt; conversations without one are left out."""
        ...

    async def medians(self, scope: Scope) -> Mapping[str, Mapping[str, float]]:
        """By column of times, medians by day and under ``""`` of the whole; nothing where there was nothing."""
        ...

    async def escalations(self, scope: Scope) -> Sequence[tuple[str, int]]:
        """Reasons and how often, the most frequent first."""
        ...

    async def intents(self, scope: Scope, most: int) -> Mapping[str, Mapping[str, int]]:
        """The most frequent main intents: how many conversations by day."""
        ...

    async def agents(self, scope: Scope) -> Sequence[AgentLoad]:
        """Everybody who answered in the period or has open conversations."""
        ...

    async def choices(self, scope: Scope) -> tuple[Sequence[str], Sequence[str]]:
        """Channels and model versions of the period, whatever else the scope chooses."""
        ...

    async def behind(self, scope: Scope, figure_id: str, *, offset: int, limit: int) -> Sequence[Behind]:
        """Conversations behind a figure, those that weigh most first."""
        ...

    async def savings(self) -> Savings:
        """The formula as last saved."""
        ...

    async def save_savings(self, savings: Savings) -> None:
        """Keep a formula."""
        ...
