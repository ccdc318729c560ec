"""An engine without weights: the whole service can run, be tested and be developed against with it.

It knows an intent by its name's words (``ask_delivery`` by "delivery") and embeds by hashed letter triples.
The same text always gets the same answer.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intent_service.model import EMBEDDING_DIMENSIONS, Matrix, ModelInfo, Reading
from intent_service.tone import cues

DUMMY_LABELS = (
    "affirm", "ask_delivery", "ask_opening_hours", "ask_return_policy", "cancel_order", "complain", "deny",
    "goodbye", "greet", "inform", "order_status", "praise", "request_human", "reset_password", "thank",
)  # fmt: skip
_WORDS = {
    "affirm": "yes ok sure", "deny": "no nope", "greet": "hi hello hey", "goodbye": "bye", "thank": "thanks thank",
    "ask_delivery": "delivery deliver shipping ship", "ask_opening_hours": "open opening hours",
    "ask_return_policy": "return returns policy", "complain": "complaint awful terrible", "praise": "great love",
    "request_human": "human person agent", "order_status": "order parcel tracking", "cancel_order": "cancel",
}  # fmt: skip
THRESHOLD = 0.5
_SURE = 0.9
HALF = 0.5


@dataclass(frozen=True, slots=True)
class PlainTexts:
    """Texts as they came: this engine needs no tokens and no vectors."""

    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)


class DummyEngine:
    """See ``ports.Engine``."""

    def __init__(self, labels: Sequence[str] = DUMMY_LABELS) -> None:
        self._labels = tuple(sorted(labels))
        self._words = [set((_WORDS.get(name) or name.replace("_", " ")).split()) for name in self._labels]

    @property
    def info(self) -> ModelInfo:
        """A fixed description."""
        return ModelInfo(
            version="dummy",
            labels=self._labels,
            scope_threshold=THRESHOLD,
            engine="dummy",
            created="",
            data_fingerprint="",
            examples=0,
            metrics={},
        )

    def preprocess(self, texts: Sequence[str]) -> PlainTexts:
        """Keep the texts."""
        return PlainTexts(tuple(texts))

    def infer(self, prepared: PlainTexts) -> PlainTexts:
        """Nothing to compute."""
        return prepared

    def postprocess(self, encoded: PlainTexts) -> list[Reading]:
        """One reading a text, from the words it shares with the intents."""
        return [self._read(text) for text in encoded.texts]

    def _read(self, text: str) -> Reading:
        words = set(re.findall(r"[a-z]+", text.casefold()))
        hits = np.array([len(words & own) for own in self._words], dtype=np.float32)
        found = bool(hits.max() > 0)
        chances = np.exp(5 * hits)
        positive, negative, _, urgent = cues([text])[0][:4]
        return Reading(
            probabilities=np.asarray(chances / chances.sum(), dtype=np.float32),
            scope_score=_SURE if found else 1 - _SURE,
            sentiment=float(positive - negative),
            urgency="high" if urgent > HALF else "medium" if urgent else "low",
        )

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Hashed letter triples as unit vectors, n × 384."""
        rows = np.zeros((len(texts), EMBEDDING_DIMENSIONS), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            padded = f"  {text.casefold()} "
            for start in range(len(padded) - 2):
                row[zlib.crc32(padded[start : start + 3].encode()) % EMBEDDING_DIMENSIONS] += 1
        unit: Matrix = rows / np.maximum(1e-6, np.linalg.norm(rows, axis=1, keepdims=True))
        return unit.astype(np.float32)
