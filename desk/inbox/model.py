"""What agents see of conversations, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from desk.gateway.model import Attachment, Conversation, Item, Speaker, State
from desk.handoff.model import Priority


class Queue(StrEnum):
    """Lists of the inbox."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    MISSED = "missed"
    BOT = "bot"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    ALL = "all"


Status = Literal["pending", "open", "snoozed", "resolved"]
Resolution = Literal["solved", "no_answer", "spam", "other"]


@dataclass(frozen=True, slots=True)
class Details:
    """What the inbox knows of a conversation beside its owner."""

    priority: Priority = "normal"
    customer_name: str | None = field(default=None, repr=False)
    team: str | None = None
    tags: Sequence[str] = ()
    snoozed_at: datetime | None = None
    snoozed_until: datetime | None = None
    resolution: str | None = None
    resolution_comment: str | None = field(default=None, repr=False)
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The last thing that somebody said; ``file`` is the first that came with it."""

    speaker: Speaker
    text: str = field(repr=False)
    at: datetime
    file: Attachment | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as the list shows it.

    Attributes:
        title: the customer's last words, at most 120 characters.
        unread: customer's items that no agent has seen.
        waiting_since: since when the customer waits for a person's answer; None while nobody has to answer.
        mood: of the customer's last message before the handoff, -1 to 1.
        missed: the bot has it although a person was called: out of hours, or nobody came in time.
    """

    conversation: Conversation
    details: Details
    title: str
    last: Words | None
    unread: int
    waiting_since: datetime | None
    mood: float | None
    rating: int | None
    missed: bool = False

    def status(self, now: datetime) -> Status:
        """In the words of support desks: pending with the bot, open with or for a person."""
        if self.conversation.state is State.CLOSED:
            return "resolved"
        if self.is_snoozed(now):
            return "snoozed"
        return "pending" if self.conversation.state is State.BOT else "open"

    def is_snoozed(self, now: datetime) -> bool:
        """Put off, and neither the time over nor the customer back."""
        until, since = self.details.snoozed_until, self.details.snoozed_at
        if self.conversation.state is not State.AGENT or until is None or since is None or until <= now:
            return False
        return self.waiting_since is None or self.waiting_since <= since


@dataclass(frozen=True, slots=True)
class Note:
    """A colleague's words for colleagues."""

    id: str
    after_position: int
    author_id: str
    author_name: str
    client_id: str
    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom the back office knows behind a conversation; ``verified`` by the conversation itself."""

    id: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str | None = field(repr=False)
    since: str | None
    orders: Sequence[Mapping[str, Any]] = ()
    tickets: Sequence[Mapping[str, Any]] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with its newest part, as an agent works with it."""

    summary: Summary
    items: Sequence[Item]
    notes: Sequence[Note]
    handoff: Mapping[str, Any] | None
    tickets: Sequence[str]
