"""What staff keep for conversations to come, and what the bot asks them, as values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["reply", "note", "tag", "priority", "team", "resolve", "snooze"]


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply to be used again. ``owner_id`` is empty for everybody's."""

    id: str
    owner_id: str
    shortcut: str
    title: str
    text: str = field(repr=False)
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One step. ``value`` is words, a tag, a priority, a team, a resolution, or hours to snooze."""

    kind: Kind
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Macro:
    """Steps in their order."""

    id: str
    title: str
    actions: Sequence[Action]


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot, or an agent, wants to know from colleagues for a customer."""

    id: str
    conversation_id: str
    question: str = field(repr=False)
    asked_at: datetime
    answer: str | None = field(default=None, repr=False)
    answered_by: str | None = None
    answered_by_name: str | None = None
    answered_at: datetime | None = None
