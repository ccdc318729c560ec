"""What the service needs of an engine: three phases, so that each can be measured, batched and faked."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from intent_service.model import Matrix, ModelInfo, Reading

PreparedT = TypeVar("PreparedT")
"""Texts ready for inference; opaque to everybody but their engine."""

EncodedT = TypeVar("EncodedT")
"""What inference gave; opaque to everybody but its engine."""


class Engine(Protocol[PreparedT, EncodedT]):
    """Reads texts. Every method blocks and is safe to call from one thread at a time.

    Errors:
        An engine raises whatever its libraries raise; the service turns that into ``BackendFailed``.
    """

    @property
    def info(self) -> ModelInfo:
        """What is loaded."""
        ...

    def preprocess(self, texts: Sequence[str]) -> PreparedT:
        """Texts to tokens."""
        ...

    def infer(self, prepared: PreparedT) -> EncodedT:
        """Tokens to vectors: where the time goes."""
        ...

    def postprocess(self, encoded: EncodedT) -> list[Reading]:
        """Vectors to one calibrated reading a text."""
        ...

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of the untouched sentence encoder, n × 384."""
        ...
