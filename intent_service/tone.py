"""Sentiment and urgency of a message: linear heads over the sentence embedding and a few counted cues.

The weights are fitted by ``training/tone.py`` on sentences written for this project; this module holds what
training and serving must count alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contracts.nlu import Urgency
from intent_service.model import Matrix, Vector
from intent_service.scoring import probabilities
from intent_service.word_lists import word_list

WORD_CUES = ("positive", "negative", "negation", "urgent", "relaxed")
CUES = (*WORD_CUES, "exclamations", "shouting", "happy_face", "sad_face")

FEWEST_LETTERS = 6
"""A shorter text in capitals is an abbreviation, not shouting."""

MOSTLY = 0.5

WEAKEST_MOOD = 0.2

_HAPPY = re.compile(r"[:;]-?[)D]|<3|[😀😃😄😁😊🙂😍🥰👍🎉❤👏🙏]")
_SAD = re.compile(r":'?-?[(/|]|[😠😡🤬😤😢😭☹🙁😞😒👎💔]")


LEVELS: tuple[Urgency, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class ToneHeads:
    """Weights over [embedding, cues, 1]; F of them.

    Attributes:
        mood: 3 × F, for negative, neutral and positive.
        intensity: F, how strong the mood is when there is one.
        urgency: 3 × F, for low, medium and high.
    """

    mood: Matrix
    intensity: Vector
    urgency: Matrix


def cues(texts: Sequence[str]) -> Matrix:
    """The counted cues of n texts, n × 9, each squeezed into [0, 1]."""
    return np.array([_cues(text) for text in texts], dtype=np.float32).reshape(len(texts), len(CUES))


def _cues(text: str) -> list[float]:
    words = re.findall(r"[a-z']+", text.casefold().replace("’", "'"))
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters) / len(letters) if len(letters) >= FEWEST_LETTERS else 0.0
    counts = [sum(word in word_list(name) for word in words) for name in WORD_CUES]
    marks = (text.count("!"), len(_HAPPY.findall(text)), len(_SAD.findall(text)))
    bags, (exclamations, happy, sad) = [_squeezed(n) for n in counts], map(_squeezed, marks)
    return [*bags, exclamations, capitals if capitals >= MOSTLY else 0.0, happy, sad]


def _squeezed(count: int) -> float:
    """0, 0.5, 0.75 …: the second mark says less than the first."""
    return 1 - 0.5**count


def tone_features(embeddings: Matrix, texts: Sequence[str]) -> Matrix:
    """[embedding, cues, 1] of n texts."""
    return np.hstack([embeddings, cues(texts), np.ones((len(texts), 1), dtype=np.float32)])


def read_tone(heads: ToneHeads, embeddings: Matrix, texts: Sequence[str]) -> tuple[Vector, list[Urgency]]:
    """Sentiment in [-1, 1] and urgency of n texts.

    Sentiment is the chance of a good mood less that of a bad one, times how strong the mood is.
    """
    features = tone_features(embeddings, texts)
    mood = probabilities(features @ heads.mood.T)
    intensity = np.clip(features @ heads.intensity, WEAKEST_MOOD, 1)
    levels = (features @ heads.urgency.T).argmax(axis=1)
    return np.asarray((mood[:, 2] - mood[:, 0]) * intensity, dtype=np.float32), [LEVELS[level] for level in levels]
