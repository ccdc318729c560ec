"""Whether a piece of a message is a request of its own: a small logistic function, fitted with each model.

What tells: how sure the piece is by itself, how much of its intent the whole message shows, how strong the
rival reading of the whole is, and whether the piece asks or tells ("I bought it last week, and …").
"""

import re
from dataclasses import dataclass

import numpy as np

from intent_service.model import Reading, Vector
from intent_service.word_lists import word_list

PIECE_FEATURES = ("confidence", "scope", "share_of_whole", "rival", "words", "question", "asking", "telling", "bias")
_WORD = re.compile(r"[\w']+")
_FARTHEST = 6.0


@dataclass(frozen=True, slots=True)
class RequestHead:
    """One weight for each of ``PIECE_FEATURES``.

    The default is what the demo company's data gave; it serves where a data set has too few messages that can
    be cut to fit its own.
    """

    weights: tuple[float, ...] = (0.4, 0.3, 2.0, -1.5, 0.3, 0.8, 0.8, -1.0, -1.0)

    def chance(self, features: Vector) -> float:
        """Probability in [0, 1] that a piece with these features is a request of its own."""
        return float(1 / (1 + np.exp(-np.clip(features @ np.asarray(self.weights), -30, 30))))


def piece_features(text: str, piece: Reading, whole: Reading) -> Vector:
    """The ``PIECE_FEATURES`` of a piece of a message."""
    best = int(piece.probabilities.argmax())
    rival = int(whole.probabilities.argmax())
    words = [word.casefold() for word in _WORD.findall(text.replace("’", "'"))]
    return np.array(
        [
            _logit(float(piece.probabilities[best])),
            _logit(piece.scope_score),
            float(whole.probabilities[best]),
            float(whole.probabilities[rival]) if rival != best else 0.0,
            np.log1p(len(words)),
            float("?" in text or (bool(words) and words[0] in word_list("openers"))),
            float(any(word in word_list("asking") for word in words)),
            float(any(word in word_list("telling") for word in words)),
            1.0,
        ],
        dtype=np.float32,
    )


def _logit(chance: float) -> float:
    inside = min(max(chance, 1e-6), 1 - 1e-6)
    return float(np.clip(np.log(inside / (1 - inside)), -_FARTHEST, _FARTHEST))
