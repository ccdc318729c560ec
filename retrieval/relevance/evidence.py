"""What the two arms say about one candidate, before anybody weighs it."""

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.model import Entry, Passage, PassageKind


@dataclass(frozen=True, slots=True)
class Evidence:
    """One candidate: BM25 by field, the best cosine by kind of passage (None without vectors), its texts."""

    entry: Entry
    passages: tuple[Passage, ...]
    bm25: Mapping[str, float]
    cosine: Mapping[PassageKind, float] | None
    nearest: Passage | None
