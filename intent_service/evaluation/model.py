"""What an evaluation works with and what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """The model's word on one sentence.

    Attributes:
        text: The sentence.
        gold: Its true intent; empty when it is out of scope.
        best: The most probable intent, whether in scope or not.
        confidence: Its probability.
        scope_score: How sure the model is that the sentence is in scope.
        kept: Whether it decided so.
    """

    text: str
    gold: str
    best: str
    confidence: float
    scope_score: float
    kept: bool

    @property
    def right(self) -> bool:
        """Whether the decision was right: the true intent, or rejected when there is none."""
        return self.kept and self.best == self.gold if self.gold else not self.kept


@dataclass(frozen=True)
class Evaluation:
    """Judgements of one model on one set, and their figures by name."""

    model: str
    judgements: Sequence[Judgement]
    figures: dict[str, float]
