"""What is counted of a conversation. Pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

FALLBACK_RUNGS = frozenset({"did_you_mean", "none", "person"})
"""Rungs of the answer ladder that tell no answer: suggestions only, nothing found, a person offered."""

UNANSWERED_RUNGS = frozenset({"none", "person"})
GENERATED_RUNG = "generated"

Verdict = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The times in the definitions.

    Attributes:
        settles: a matter is settled when the customer is silent for so long after an answer.
        window: a customer who is back within this time after an answer came back about it.
    """

    settles: timedelta = timedelta(minutes=30)
    window: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Said:
    """What the figures need of one item of the timeline."""

    id: str
    position: int
    speaker: str
    at: datetime
    text: str = field(default="", repr=False)
    name: str | None = None
    event: str | None = None
    rung: str | None = None
    answers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A conversation as far as it is counted.

    Attributes:
        reason: of the first call for a person, None without one.
        called_at: when that was.
        left_contact: the customer left an e-mail address for an answer by ticket.
        next_conversation: when the same signed-in customer began another one after this one's last words.
        reviewed: intent, model and prompt version, where transcript review knows them.
    """

    id: str
    channel: str
    at: datetime
    items: Sequence[Said]
    rating: int | None = None
    agent_id: str | None = None
    reason: str | None = None
    called_at: datetime | None = None
    left_contact: bool = False
    next_conversation: datetime | None = None
    reviewed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A customer's words that the bot had no answer to."""

    position: int
    at: datetime
    text: str = field(repr=False)
    rung: str = "none"


@dataclass(frozen=True, slots=True)
class Facts:
    """One conversation's part in every figure; ``facts.py`` says from what. Times in seconds."""

    conversation_id: str
    day: str
    at: datetime
    channel: str
    customer_messages: int
    bot_turns: int
    fallbacks: int
    unanswered: int
    generated: int
    handed_over: bool
    reason: str | None
    agent_id: str | None
    agent_name: str | None
    first_response: float | None
    person_response: float | None
    resolution_time: float | None
    rating: int | None
    reopened: bool
    verdict: Verdict | None
    quiet_until: datetime
    intent: str | None = None
    model_version: str | None = None
    prompt_version: str | None = None
