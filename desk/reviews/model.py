"""Conversations as Rasa's tracker remembers them, for people who judge them. Pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from contracts.senders import TEACHING

FALLBACK_INTENT = "nlu_fallback"
LONGEST_FIRST_TEXT = 120


class Outcome(StrEnum):
    """How a conversation ended, as far as it shows (``summary.py`` says from what)."""

    BOT = "bot"
    PERSON = "person"
    CALLED = "called"
    LEFT = "left"
    OPEN = "open"
    UNKNOWN = "unknown"


class ReviewState(StrEnum):
    """Whether somebody has read it."""

    UNREAD = "unread"
    REVIEWED = "reviewed"
    LATER = "later"


class Kind(StrEnum):
    """Whose conversation it is: only customers' count in figures and lists."""

    CUSTOMER = "customer"
    TEACH = "teach"


def kind_of(conversation_id: str) -> Kind:
    """What the sender's name says."""
    return Kind.TEACH if conversation_id.startswith(TEACHING) else Kind.CUSTOMER


@dataclass(frozen=True, slots=True)
class Knew:
    """What the bot made of one message: JSON values as the console shows them.

    Attributes:
        ranking: the likeliest intents, five at most, likeliest first.
        slots_set: what this turn wrote down; one-time codes are blotted out.
        rung: where the answer came from (``approved``, ``entry``, ``generated``, ``did_you_mean``, ``none``).
        policy: which of Rasa's policies chose the first action.
        scope: how much the message is like those that were trained, 0 to 1; None when nobody could say.
        in_scope: whether that was enough.
    """

    intent: Mapping[str, Any] | None = None
    ranking: Sequence[Mapping[str, Any]] = ()
    entities: Sequence[Mapping[str, Any]] = ()
    sentiment: float | None = None
    urgency: str | None = None
    actions: Sequence[str] = ()
    slots_set: Mapping[str, Any] = field(default_factory=dict)
    rung: str | None = None
    citations: Sequence[Mapping[str, Any]] = ()
    policy: str | None = None
    scope: float | None = None
    in_scope: bool | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One of the bot's messages."""

    text: str
    buttons: Sequence[Mapping[str, Any]] = ()
    rung: str | None = None
    citations: Sequence[Mapping[str, Any]] = ()
    response: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer's message and everything up to the next one.

    Attributes:
        position: counted from 0; what the API calls ``index``.
        first_event_id: the tracker row it begins at.
        text: what was said; a clicked button's payload begins with ``/``. Empty where the bot spoke first.
        knew: None where no bot listened: the words were for a person.
        agent: what people said, ``{"name", "text", "speaker"}``.
        form: the form that was opened (its name) or closed (``""``) last; None: neither.
        stopped: the customer gave a journey up.
        helped: an answer was told or a journey came to its end.
        handoff_reason: why a person was called in this turn.
        prompt: the version of the prompt behind a generated answer.
    """

    position: int
    first_event_id: int
    message_id: str | None
    at: datetime
    text: str = field(repr=False)
    knew: Knew | None = field(default=None, repr=False)
    bot: Sequence[Said] = field(default=(), repr=False)
    agent: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    form: str | None = None
    stopped: bool = False
    helped: bool = False
    handoff_reason: str | None = None
    channel: str | None = None
    model_version: str = ""
    prompt: str | None = None

    @property
    def intent(self) -> str | None:
        return self.knew.intent["name"] if self.knew and self.knew.intent else None

    @property
    def confidence(self) -> float | None:
        return self.knew.intent["confidence"] if self.knew and self.knew.intent else None

    @property
    def clicked(self) -> bool:
        """A button was clicked; nothing was worded."""
        return self.text.startswith("/")

    @property
    def fallback(self) -> bool:
        """The bot did not know what was meant, or nothing to say to it."""
        if self.knew is None:
            return False
        return self.intent == FALLBACK_INTENT or "action_fallback" in self.knew.actions or self.knew.rung == "none"


@dataclass(frozen=True, slots=True)
class DeskSide:
    """What the desk knows about a conversation of its own and Rasa does not.

    Attributes:
        with_person: a person has it, or has said something in it.
        closed: somebody ended it.
    """

    channel: str
    rating: int | None
    handoff_reason: str | None
    with_person: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in one row: everything that lists and filters need."""

    id: str
    kind: Kind
    channel: str
    started_at: datetime
    ended_at: datetime
    turns: int
    customer_messages: int
    intents: Sequence[str]
    min_confidence: float | None
    fallbacks: int
    rungs: Sequence[str]
    handoff_reason: str | None
    rating: int | None
    sentiment_min: float | None
    outcome: Outcome
    model_version: str
    prompt_version: str | None
    first_text: str = field(repr=False)
    worth: float = 0.0
    why_next: str | None = None
    wording: str | None = None
    terms: frozenset[tuple[str, str]] = frozenset()
    words: str = field(default="", repr=False)


Sort = Literal["newest", "worth"]


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which conversations; everything given must hold. ``None`` asks nothing."""

    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    turns_min: int | None = None
    turns_max: int | None = None
    intent: str | None = None
    entity: str | None = None
    slot: str | None = None
    action: str | None = None
    rung: str | None = None
    tag: str | None = None
    confidence_min: float | None = None
    confidence_max: float | None = None
    sentiment_max: float | None = None
    fallback: bool | None = None
    handoff_reason: str | None = None
    rating_max: int | None = None
    outcome: str | None = None
    model: str | None = None
    state: str | None = None
    flagged: bool | None = None
    q: str | None = field(default=None, repr=False)
