"""The understanding of one message, as the intent service says it and as Rasa takes it.

The intent service produces a ``ClassifyResult``; the Rasa component and, later, the ``desk`` channel turn it
into Rasa's ``parse_data`` with ``parse_data_from``. Golden examples lie in ``contracts/golden/``.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

FALLBACK_INTENT = "nlu_fallback"
"""Name Rasa sees when a message is out of scope, or when the intent service could not be asked."""

AMBIGUOUS_BELOW = 0.4
"""A best intent less likely than this is more likely wrong than right (confidences are calibrated)."""

CLOSE_WITHIN = 0.05
"""Two intents this near each other are not told apart: the message is treated as not understood, and asked about."""

NluStatus = Literal["ok", "down"]
Urgency = Literal["low", "medium", "high"]


class IntentScore(TypedDict):
    """One intent and its calibrated probability in [0, 1]."""

    name: str
    confidence: float


class Entity(TypedDict):
    """A span of the message; ``start`` and ``end`` are character offsets, ``value`` is normalised."""

    entity: str
    value: Any
    start: int
    end: int
    extractor: str


class Scope(TypedDict):
    """Whether the message is one of the trained intents: ``score`` >= ``threshold``."""

    in_scope: bool
    score: float
    threshold: float


class Segment(TypedDict):
    """One request inside a message that carries several; offsets point into the message."""

    text: str
    start: int
    end: int
    intent: IntentScore
    ranking: list[IntentScore]


class Language(TypedDict):
    """ISO 639-1 code, or ``und`` when the text is too short to tell, and a probability in [0, 1]."""

    code: str
    confidence: float


class ClassifyResult(TypedDict):
    """What the intent service says of one text. ``intent.name`` is ``nlu_fallback`` when out of scope."""

    intent: IntentScore
    ranking: list[IntentScore]
    scope: Scope
    entities: list[Entity]
    segments: list[Segment]
    sentiment: float
    urgency: Urgency
    language: Language


def parse_data_from(text: str, result: ClassifyResult) -> dict[str, Any]:
    """Rasa's ``parse_data`` for a message that the intent service has judged."""
    best = result["intent"]
    name = FALLBACK_INTENT if _undecided(result) else best["name"]
    return {
        "text": text,
        "intent": {"name": name, "confidence": best["confidence"]},
        "intent_ranking": [dict(score) for score in result["ranking"]],
        "entities": [dict(entity) for entity in result["entities"]],
        "scope": dict(result["scope"]),
        "segments": [dict(segment) for segment in result["segments"]],
        "sentiment": result["sentiment"],
        "urgency": result["urgency"],
        "language": dict(result["language"]),
        "nlu_status": "ok",
    }


def _undecided(result: ClassifyResult) -> bool:
    """Whether the best intent is too weak to act on, or hardly better than the second."""
    scores = sorted((score["confidence"] for score in result["ranking"]), reverse=True)
    best = result["intent"]["confidence"]
    return best < AMBIGUOUS_BELOW or (len(scores) > 1 and scores[1] > best - CLOSE_WITHIN)


def parse_data_when_down(text: str) -> dict[str, Any]:
    """Rasa's ``parse_data`` when the intent service gave no answer: the message is taken as a question."""
    return {
        "text": text,
        "intent": {"name": FALLBACK_INTENT, "confidence": 0.0},
        "intent_ranking": [],
        "entities": [],
        "segments": [],
        "sentiment": 0.0,
        "urgency": "low",
        "nlu_status": "down",
    }
