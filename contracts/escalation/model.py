"""What the rules look at, and what they decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Step(str, Enum):
    """What is done with a message before any journey sees it."""

    NONE = "none"
    WARN = "warn"
    OFFER_SUPERVISOR = "offer_supervisor"
    HAND_OVER = "hand_over"


class Reason(str, Enum):
    """Why a person takes over; the names stand in tickets, in the desk and in the metrics."""

    CRISIS_SELF_HARM = "crisis_self_harm"
    CRISIS_EMERGENCY = "crisis_emergency"
    ASKED_FOR_PERSON = "asked_for_person"
    TICKET_REQUESTED = "ticket_requested"
    LEGAL_OR_PRESS = "legal_or_press"
    ABUSE = "abuse"
    URGENT_COMPLAINT = "urgent_complaint"
    COMPLAINT = "complaint"
    VERY_NEGATIVE = "very_negative"
    NEGATIVE_RUN = "negative_run"
    FAILED_ATTEMPTS = "failed_attempts"
    UNRESOLVED = "unresolved"
    REFUND_ABOVE_LIMIT = "refund_above_limit"
    NOT_UNDERSTOOD = "not_understood"
    DEPENDENCY_DOWN = "dependency_down"


@dataclass(frozen=True)
class ConversationState:
    """A conversation at the moment of one customer message, as far as the rules care.

    Attributes:
        intent: the best intent, ``nlu_fallback`` when there is none.
        confidence: its calibrated probability.
        in_scope: whether the message belongs to the shop's business at all; None when nobody could say.
        words: how many words it has.
        urgency: ``low``, ``medium`` or ``high``.
        sentiments: of the customer's written messages since the last handover, oldest first, this one last.
        crisis: ``self_harm`` or ``emergency`` when the words say so.
        alarming: the words name lawyers, the press or an authority.
        abusive: this message insults; ``abusive_messages`` counts those since the last handover, this one included.
        asked: the customer asks for a person.
        failed_attempts: replies in a row that could not help, this turn's included where that is known.
        unresolved_turns: messages about something still open, this one included.
        refund_minor: the refund that is asked for, in cents.
        relevance: of the best knowledge entry; None before the knowledge was asked.
        dependency_failures: turns in a row that a neighbour's failure ended, this one included where that is known.
        in_journey: a form is open, which cannot go on without its neighbours.
        handed_over: the conversation is with a person's queue already, who only lacks an address for the reply.
    """

    intent: str = "nlu_fallback"
    confidence: float = 0.0
    in_scope: bool | None = None
    words: int = 0
    urgency: str = "low"
    sentiments: tuple[float, ...] = ()
    crisis: str | None = None
    alarming: bool = False
    abusive: bool = False
    abusive_messages: int = 0
    asked: bool = False
    failed_attempts: int = 0
    unresolved_turns: int = 0
    refund_minor: int | None = None
    relevance: float | None = None
    dependency_failures: int = 0
    in_journey: bool = False
    handed_over: bool = False


@dataclass(frozen=True)
class Decision:
    """What to do; ``reason`` is set exactly when a person takes over."""

    step: Step = Step.NONE
    reason: Reason | None = None

    @property
    def hands_over(self) -> bool:
        return self.step is Step.HAND_OVER


@dataclass(frozen=True)
class Route:
    """Who looks at a handover, and how soon: ``low``, ``normal``, ``high`` or ``urgent``."""

    priority: str
    team: str
