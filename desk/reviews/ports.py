"""Rasa's memory as transcript review needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

SETTLED_SECONDS = 60.0
"""Two Rasa processes number their rows before they commit them: only what is this much older than the newest row is
certain to have nothing missing before it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows of the tracker that were looked at, without their content.

    Attributes:
        senders: each sender with its newest row among them.
        last_id: the newest row; None when there was none.
        last_at: when that event happened, seconds since 1970.
        settled: the last row, with its moment, before the first one that is too new to have nothing missing before it.
    """

    senders: Mapping[str, int]
    last_id: int | None = None
    last_at: float = 0.0
    settled: tuple[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a conversation."""

    id: int
    at: float
    event: Mapping[str, Any]


class Tracker(Protocol):
    """Rasa's tracker store, read only.

    Every method raises ``TrackerUnavailable`` when it cannot be asked, or holds no table yet.
    """

    async def moved(self, after: int, limit: int, *, settled_before: float = 0.0) -> Moved:
        """Who has rows after this one; the oldest ``limit`` of them are looked at."""
        ...

    async def at(self, row_id: int) -> float | None:
        """When the event of this row happened; None when there is no such row (any more)."""
        ...

    async def before(self, at: float) -> tuple[int, float]:
        """The newest row whose event happened at this moment or before, with its moment; 0 when there is none."""
        ...

    async def events(self, sender: str, first_id: int = 0) -> Sequence[Row]:
        """The sender's events from this row on, oldest first."""
        ...

    def close(self) -> None:
        """Give its connections back."""
        ...


@dataclass(frozen=True, slots=True)
class ServedModel:
    """The intent model that customers' messages meet now.

    Attributes:
        created: when it was trained; None where it was not.
        fingerprint: of the sentences it was trained on (``contracts/training_data.py``).
        examples: how many those were.
    """

    version: str
    created: datetime | None
    fingerprint: str
    examples: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What Rasa would be told that a sentence means."""

    intent: str
    confidence: float


class Understander(Protocol):
    """The model in use. Both methods raise ``NotPossible`` when it cannot be asked."""

    async def served(self) -> ServedModel:
        """Which one it is."""
        ...

    async def hear(self, texts: Sequence[str]) -> list[Heard]:
        """What it makes of these sentences now, in their order; at most 64."""
        ...

    async def close(self) -> None:
        """Give its connections back."""
        ...
