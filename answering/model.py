"""A customer's question and the answer to it, as the ladder sees them."""

from dataclasses import dataclass
from typing import Literal

AnswerKind = Literal["approved", "entry", "generated", "did_you_mean", "none"]

TOLD = frozenset({"approved", "entry"})
"""Rungs whose text is told as it stands, with its source."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the customer wrote and what is known around it.

    ``intent`` is the classifier's best guess (None or ``nlu_fallback`` when it has none), ``nlu_status`` is
    ``"ok"`` or ``"down"``. ``audience`` holds what this customer may be told: ``{"public"}``, or with
    ``"customer"`` once verified; ``staff`` never comes from a customer's conversation. ``refers_to`` is the
    question before, when this one seems to lean on it.
    """

    text: str
    conversation_id: str = ""
    message_id: str = ""
    intent: str | None = None
    intent_confidence: float = 0.0
    nlu_status: str = "ok"
    audience: frozenset[str] = frozenset({"public"})
    locale: str = "en"
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from; ``path`` leads through a manual's headings."""

    entry_id: str
    title: str
    path: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button: its label (at most 60 characters) and the message it sends."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the ladder found. ``text`` is Markdown; the source line is the caller's to write from ``citations``.

    ``relevance`` is the calibrated probability of the best candidate, 0 when there was none, also when it was
    too low to be told. ``dense`` is False when the search had to do without vectors.
    """

    kind: AnswerKind
    text: str = ""
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    relevance: float = 0.0
    dense: bool = True
