"""Sentences that no company's support is for, to show the model what a stranger looks like.

They were written for this project: everyday questions, other trades' customers, chat and noise. A bot may well
have an intent for some of them, so those that lie near its training sentences are left out.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intent_service.model import Matrix

FILE = Path(__file__).parent.parent / "training_data" / "background.csv"

TOO_NEAR = 0.6
"""Cosine to a training sentence, in the untouched encoder, from which on a sentence may be in scope here."""


@dataclass(frozen=True, slots=True)
class Background:
    """Sentences that are strangers to this bot, and their vectors in the untouched encoder (n × d)."""

    texts: tuple[str, ...]
    base: Matrix

    @property
    def even(self) -> "Background":
        """Every second sentence: what folds train on."""
        return Background(self.texts[::2], self.base[::2])

    @property
    def odd(self) -> "Background":
        """The others: what folds are measured on."""
        return Background(self.texts[1::2], self.base[1::2])


def background_for(training: Matrix, embed: Callable[[Sequence[str]], Matrix], own: Sequence[str] = ()) -> Background:
    """The background sentences that are strangers to these training sentences (N × d, untouched encoder).

    ``own`` are the data's own out-of-scope sentences: whoever collected them knows that they are, however near.
    """
    with FILE.open(newline="", encoding="utf-8") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    vectors = embed(texts)
    strange = (vectors @ training.T).max(axis=1) < TOO_NEAR
    kept = [text for text, far in zip(texts, strange, strict=True) if far]
    if not own:
        return Background(tuple(kept), vectors[strange])
    return Background((*kept, *own), np.concatenate([vectors[strange], embed(own)]))
