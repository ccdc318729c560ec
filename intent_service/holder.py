"""The loaded model and its exchange while requests are running."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contracts.nlu import ClassifyResult
from intent_service.errors import NotReady
from intent_service.service import Understanding

Loader = Callable[[str | None], Understanding]
"""Loads a version, or the current one for ``None``; blocking; raises ``ModelUnusable``."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A result and the version that gave it."""

    result: ClassifyResult
    version: str


class ModelHolder:
    """Holds the model that new batches use. A batch that has begun ends with the model it began with."""

    def __init__(self, load: Loader) -> None:
        self._load = load
        self._loaded: Understanding | None = None
        self._loading = asyncio.Lock()

    @property
    def loaded(self) -> Understanding:
        """The model in use.

        Raises:
            NotReady: none is loaded yet.
        """
        if self._loaded is None:
            raise NotReady("The model is still being loaded.")
        return self._loaded

    def check_ready(self) -> None:
        """Nothing when a model is loaded.

        Raises:
            NotReady: none is loaded yet.
        """
        _ = self.loaded

    @property
    def ready(self) -> bool:
        """Whether a model is loaded."""
        return self._loaded is not None

    async def activate(self, version: str | None) -> Understanding:
        """Load a version beside the one in use, then exchange them.

        Raises:
            ModelUnusable: the version was refused; the old one stays.
        """
        async with self._loading:
            fresh = await asyncio.to_thread(self._load, version)
            self._loaded = fresh
            return fresh

    def classify(self, texts: Sequence[str]) -> list[Judged]:
        """Judge a batch (blocking)."""
        understanding = self.loaded
        version = understanding.info.version
        return [Judged(result, version) for result in understanding.classify(texts)]

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed a batch (blocking)."""
        rows: list[list[float]] = self.loaded.embed(texts).tolist()
        return rows
