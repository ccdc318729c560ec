"""Tickets: what the bot could not do, with a number, for a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from backoffice.model.ids import ConversationId, CustomerId


class Priority(StrEnum):
    """How soon a person should look, most patient first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A ticket that has no number yet. ``collected`` is JSON: what the customer already told the bot."""

    conversation_id: ConversationId
    idempotency_key: str
    reason: str
    priority: Priority
    summary: str = field(repr=False)
    collected: Mapping[str, Any] = field(repr=False)
    contact_email: str | None = field(default=None, repr=False)
    customer_id: CustomerId | None = None
    transcript_excerpt: str | None = field(default=None, repr=False)
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket, ``number`` being ``T-`` and six digits."""

    number: str
    conversation_id: ConversationId
    reason: str
    priority: Priority
    state: TicketState
    summary: str = field(repr=False)
    collected: Mapping[str, Any] = field(repr=False)
    contact_email: str | None = field(repr=False)
    customer_id: CustomerId | None
    transcript_excerpt: str | None = field(repr=False)
    opened_at: datetime
    updated_at: datetime
