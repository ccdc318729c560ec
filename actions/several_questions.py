"""Several questions of one kind in one message: "does it go over carpets, and is it loud?"."""

import re

from actions.requests import Request
from actions.turn import Turn
from answering.follow_up import joined, leans

_FEWEST_WORDS = 3
_MOST_QUESTIONS = 4
_BETWEEN = re.compile(
    r"(?:\?+\s*(?:(?:and|also|plus|or)\s+)*|[,;.]?\s+(?:(?:and|also|plus)\s+)+|[,;]\s+)"
    r"(?=(?:can|could|do|does|did|is|are|will|would|has|have|how|what|which|when|where|who|why)(?:'?s|'?re)?\b)",
    re.IGNORECASE,
)


def questions_in(turn: Turn, whole: Request | None) -> list[Request]:
    """The questions of a message, or of its part ``whole``; empty when it is one.

    They share what they are about: a product that one of them names is meant by all.
    """
    text, intent = (whole.text, whole.intent) if whole else (turn.text, turn.intent or "")
    parts = [part.strip() for part in _BETWEEN.split(text) if part and part.strip()]
    if not 1 < len(parts) <= _MOST_QUESTIONS or any(len(part.split()) < _FEWEST_WORDS for part in parts):
        return []
    return [Request(part, intent, parts[0] if at and leans(part) else "") for at, part in enumerate(parts)]


def about_product(turn: Turn, question: Request) -> Request:
    """The question with the message's product, where it names none itself."""
    product = turn.entity("product")
    if not product or any(word.casefold() in question.text.casefold() for word in product.split()):
        return question
    return Request(joined(product, question.text), question.intent)
