"""Unanswered questions put together by what they ask, the most frequent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from retrieval.errors import EmbedderUnavailable
from retrieval.gaps.record import Unanswered
from retrieval.ports import Embedder, Vectors
from retrieval.words import words_of

NEAR = 0.6
"""Cosine from which two questions ask the same: of the encoder's paraphrases most lie above, of other pairs few."""

_MOST_WORDINGS = 2000


@dataclass(frozen=True, slots=True)
class Gap:
    """What several customers asked: how often, in which wordings (the commonest first), when last."""

    count: int
    wordings: tuple[str, ...]
    last: datetime


async def gaps(asked: Sequence[Unanswered], embedder: Embedder | None) -> list[Gap]:
    """Cluster the questions; without an embedder, or while it is down, only equal words come together.

    Greedy: the commonest wordings lead, and each other joins the nearest leader that is near enough.
    """
    wordings: dict[tuple[str, ...], list[Unanswered]] = {}
    for item in asked:
        wordings.setdefault(tuple(sorted(words_of(item.question))), []).append(item)
    ordered = sorted(wordings.values(), key=lambda items: (-len(items), items[0].at))[:_MOST_WORDINGS]
    vectors = await _vectors([items[0].question for items in ordered], embedder)
    clusters = [[number] for number in range(len(ordered))] if vectors is None else grouped(vectors)
    return sorted((_gap([ordered[i] for i in cluster]) for cluster in clusters), key=lambda gap: -gap.count)


async def _vectors(texts: Sequence[str], embedder: Embedder | None) -> Vectors | None:
    if embedder is None or not texts:
        return None
    try:
        return (await embedder.embed(texts)).vectors
    except EmbedderUnavailable:
        return None


def grouped(vectors: Vectors) -> list[list[int]]:
    """Rows near each other, by number; the first of each group leads it, so the commonest should come first."""
    clusters: list[list[int]] = []
    leaders: list[int] = []
    for number, vector in enumerate(vectors):
        cosines = vectors[leaders] @ vector
        if leaders and float(cosines.max()) >= NEAR:
            clusters[int(np.argmax(cosines))].append(number)
        else:
            leaders.append(number)
            clusters.append([number])
    return clusters


def _gap(wordings: Sequence[Sequence[Unanswered]]) -> Gap:
    asked = [item for items in wordings for item in items]
    return Gap(len(asked), tuple(items[0].question for items in wordings), max(item.at for item in asked))
