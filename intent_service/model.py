"""The values of this room: what an engine reads from a text and what is known of a loaded model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.nlu import Urgency

Matrix = NDArray[np.float32]
"""Two-dimensional, float32; each use says what a row is."""

Vector = NDArray[np.float32]
"""One-dimensional, float32."""

EMBEDDING_MODEL = "all-minilm-l6-v2"
"""Name under which ``/embed`` presents the untuned sentence encoder."""

EMBEDDING_DIMENSIONS = 384


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of one text.

    Attributes:
        probabilities: One calibrated probability a label, in the order of the model's labels; sums to 1.
        scope_score: Calibrated probability in [0, 1] that the text is one of the trained intents.
        sentiment: In [-1, 1], negative to positive.
        urgency: How soon a person has to look.
    """

    probabilities: Vector
    scope_score: float
    sentiment: float
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a caller may know of the loaded model."""

    version: str
    labels: tuple[str, ...]
    scope_threshold: float
    engine: str
    created: str
    data_fingerprint: str
    examples: int
    metrics: dict[str, float]
