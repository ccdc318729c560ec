"""A message that could mean two things gets one good question: which of them."""

import functools
from pathlib import Path

import yaml

from actions.turn import Turn

_LABELS = Path(__file__).with_name("meanings.yml")
_CLOSE_WITHIN = 0.1
_LEAST = 0.15
"""Below this an intent is noise: with 54 of them something always comes second."""

_MOSTLY = 0.5
"""Less than this for all that are close says that it may be anything, not one of two."""

_MOST = 3


@functools.lru_cache(maxsize=1)
def labels() -> dict[str, str]:
    """What each intent is called in front of a customer."""
    return dict(yaml.safe_load(_LABELS.read_text("utf-8")))


def meanings_of(turn: Turn) -> list[dict[str, str]]:
    """Buttons for the intents that the message may have, likeliest first; empty when it is not between two."""
    ranking = turn.intent_ranking
    if not ranking:
        return []
    best = ranking[0][1]
    close = [name for name, confidence in ranking if confidence >= max(_LEAST, best - _CLOSE_WITHIN)]
    if sum(confidence for name, confidence in ranking if name in close) < _MOSTLY:
        return []
    named = [{"title": labels()[name], "payload": f"/{name}"} for name in close[:_MOST] if name in labels()]
    return named if len(named) > 1 else []
