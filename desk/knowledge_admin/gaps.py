"""Questions asked in vain, put together by what they ask; those that hurt most come first."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from desk.knowledge_admin.model import Asked, Edition, Gap
from retrieval.gaps.clusters import grouped
from retrieval.ports import Vectors
from retrieval.words import words_of

MOST_WORDINGS = 1_000
MOST_EXAMPLES = 5

Wording = list[Asked]


def wording_of(text: str) -> str:
    """What questions of the same words share, in whatever order: a hash, empty where there are no words."""
    words = " ".join(sorted(words_of(text)))
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


def wordings_of(asked: Sequence[Asked]) -> list[Wording]:
    """Questions of the same words together, the commonest first; at most ``MOST_WORDINGS``."""
    by_words: dict[str, Wording] = {}
    for one in asked:
        if wording := wording_of(one.text):
            by_words.setdefault(wording, []).append(one)
    return sorted(by_words.values(), key=lambda same: (-len(same), same[0].at))[:MOST_WORDINGS]


def gaps_of(wordings: Sequence[Wording], vectors: Vectors | None) -> list[Gap]:
    """Wordings that ask the same as one gap each; without vectors each wording is its own.

    Args:
        wordings: as ``wordings_of`` gives them.
        vectors: one unit vector a wording, in the same order.
    """
    clusters = [[number] for number in range(len(wordings))] if vectors is None else grouped(vectors)
    made = [_gap([wordings[number] for number in cluster]) for cluster in clusters]
    return sorted(made, key=lambda gap: (-gap.weight, gap.question))


def _gap(wordings: Sequence[Wording]) -> Gap:
    asked = [one for wording in wordings for one in wording]
    # One example of each wording before a second of any: they show how differently people ask.
    examples = [wording[0] for wording in wordings] + [one for wording in wordings for one in wording[1:]]
    return Gap(
        wordings[0][0].text,
        len(asked),
        sum(one.unhappy for one in asked),
        examples[:MOST_EXAMPLES],
        wordings=frozenset(wording_of(wording[0].text) for wording in wordings),
        last=max(one.at for one in asked),
    )


def is_done(gap: Gap, done: Mapping[str, datetime]) -> bool:
    """Whether somebody called it done and nobody asked it since."""
    return any(gap.last <= done[wording] for wording in gap.wordings & done.keys())


def is_filled(gap: Gap, told: Edition | None) -> bool:
    """Whether the entry that a customer is told now came, or was changed, after the question was asked last."""
    if told is None or told.updated_at is None:
        return False
    begins = told.entry.valid_from
    return gap.last < (max(told.updated_at, begins) if begins else told.updated_at)
