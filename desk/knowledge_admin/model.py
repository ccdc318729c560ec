"""Entries as editors see them, drafts, and what customers asked in vain. Pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from retrieval.model import Entry


class EntryState(StrEnum):
    """Whether the bot may tell an entry now."""

    LIVE = "live"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Edition:
    """An entry as it stands, with the change that made it so.

    ``version`` is that change's number in the knowledge's history; 0 where nothing was recorded yet.
    """

    entry: Entry
    state: EntryState
    version: int
    updated_at: datetime | None
    updated_by: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier version of an entry; ``entry`` is None where it was removed."""

    version: int
    at: datetime
    by: str
    why: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that nobody is told yet. ``body`` holds the fields of an entry as the API has them.

    ``question`` is what customers asked, where a gap was the reason.
    """

    id: str
    body: Mapping[str, Any] = field(repr=False)
    version: int
    question: str | None
    conversation_id: str | None
    updated_by: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """One entry that a question finds, and what the bot would do with it: ``told``, ``button`` or ``nothing``."""

    entry_id: str
    title: str
    relevance: float
    lexical: float
    dense: float
    would: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A customer's question that was not answered well.

    ``unhappy``: the customer was cross, asked for a person, or rated the conversation 1 or 2.
    """

    text: str = field(repr=False)
    conversation_id: str
    at: datetime
    unhappy: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """What several customers asked in vain, in the commonest wording first.

    ``wordings`` are all that belong to it, as ``gaps.wording_of`` has them; ``last`` is when it was asked last.
    """

    question: str
    count: int
    unhappy: int
    examples: Sequence[Asked]
    wordings: frozenset[str]
    last: datetime
    nearest: Tried | None = None
    draft_id: str | None = None

    @property
    def weight(self) -> int:
        """How much it matters: how often it was asked, an unhappy one counting twice."""
        return self.count + self.unhappy
