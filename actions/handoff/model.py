"""What a person gets, and what the customer is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contracts.escalation.model import Reason


@dataclass(frozen=True, slots=True)
class Handoff:
    """Everything a colleague needs to go on without asking again. Personal data in free text is masked.

    ``message_id`` makes it one handoff however often it is sent. ``contact_email`` is the verified customer's,
    ``ticket_number`` that of a ticket which this conversation has already.
    """

    conversation_id: str
    message_id: str
    reason: Reason
    priority: str
    team: str
    summary: str = field(repr=False)
    last_words: str = field(repr=False)
    collected: Mapping[str, Any] = field(default_factory=dict, repr=False)
    intents: tuple[str, ...] = ()
    sentiment: tuple[float, ...] = ()
    tried: tuple[str, ...] = ()
    contact_email: str | None = field(default=None, repr=False)
    ticket_number: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where the handoff went.

    ``chat`` is a colleague in this conversation (``opening`` says when they are back, where nobody is there; the place
    in the queue is told by the gateway), ``ticket`` one who replies later under ``ticket_number``. ``instead`` is True
    where the chat was tried and could not be reached, ``known`` where the ticket is an earlier one.
    """

    kind: Literal["chat", "ticket"]
    ticket_number: str | None = None
    opening: str | None = None
    instead: bool = False
    known: bool = False
