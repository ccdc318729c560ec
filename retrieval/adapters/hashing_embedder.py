"""An embedder without a model: equal words make near vectors. For tests and for a first look without services."""

import hashlib
from collections.abc import Sequence

import numpy as np

from retrieval.ports import Embeddings
from retrieval.words import words_of


class HashingEmbedder:
    """Sums one fixed random direction a word; deterministic everywhere, knows no synonyms."""

    def __init__(self, dimensions: int = 64) -> None:
        """Make vectors of ``dimensions`` numbers."""
        self._dimensions = dimensions
        self.model = f"hashing-{dimensions}"

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        """One unit vector a text; a text without words gets the first axis."""
        rows = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for number, text in enumerate(texts):
            for word in words_of(text):
                rows[number] += self._direction(word)
        rows[~rows.any(axis=1), 0] = 1.0
        return Embeddings(rows / np.linalg.norm(rows, axis=1, keepdims=True), self.model)

    async def close(self) -> None:
        """Nothing to let go."""

    def _direction(self, word: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
        return np.random.default_rng(seed).standard_normal(self._dimensions).astype(np.float32)
