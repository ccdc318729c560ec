"""The vectors of the index: exact cosine of every visible passage, best per entry and kind of passage."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from retrieval.adapters.embedded.snapshot import Snapshot
from retrieval.model import Entry, PassageKind, SearchFilters, language_of

KINDS: tuple[PassageKind, ...] = ("question", "title", "answer")
_LOWEST = np.float32(-1.0)
_BEGINNING, _END = -np.inf, np.inf


def _seconds(moment: datetime | None, default: float) -> float:
    return moment.timestamp() if moment else default


@dataclass(frozen=True, slots=True)
class Similarities:
    """Cosines by entry ordinal: ``best[kind][ordinal]`` (-1 where there is none) and the passage it came from."""

    best: dict[PassageKind, NDArray[np.float32]]
    nearest: NDArray[np.int64]


class Visibility:
    """Answers ``Entry.is_visible`` for all entries of a generation at once."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        """Lay the entries' filter values out in columns."""
        self._audience = np.array([entry.audience for entry in entries], dtype=object)
        self._language = np.array([entry.language for entry in entries], dtype=object)
        self._category = np.array([entry.category for entry in entries], dtype=object)
        self._from = np.array([_seconds(entry.valid_from, _BEGINNING) for entry in entries])
        self._until = np.array([_seconds(entry.valid_until, _END) for entry in entries])

    def mask(self, filters: SearchFilters) -> NDArray[np.bool_]:
        """True for each entry that may be told."""
        at = filters.at.timestamp()
        allowed = (self._from <= at) & (at < self._until)
        allowed &= self._language == language_of(filters.locale)
        allowed &= np.isin(self._audience, sorted(filters.audience))
        if filters.categories is not None:
            allowed &= np.isin(self._category, sorted(filters.categories))
        return np.asarray(allowed, dtype=np.bool_)


class Dense:
    """The dense arm over one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Prepare the per-kind groups of passages."""
        self._owner = snapshot.passage_owner
        self._count = len(snapshot.entries)
        self._vectors = snapshot.vectors
        kinds = np.array([passage.kind for passage in snapshot.passages], dtype=object)
        self._rows = {kind: np.flatnonzero(kinds == kind) for kind in KINDS}

    def similarities(self, query: NDArray[np.float32], visible: NDArray[np.bool_]) -> Similarities:
        """Cosine of ``query`` (unit length, shape (dimensions,)) with every passage of a visible entry."""
        if self._vectors is None or not self._count:
            empty = np.full(self._count, _LOWEST, dtype=np.float32)
            return Similarities(dict.fromkeys(KINDS, empty), np.zeros(self._count, dtype=np.int64))
        cosines = np.where(visible[self._owner], self._vectors @ query, _LOWEST).astype(np.float32)
        best = {kind: self._best(cosines, rows) for kind, rows in self._rows.items()}
        order = np.argsort(cosines, kind="stable")
        nearest = np.zeros(self._count, dtype=np.int64)
        nearest[self._owner[order]] = order  # the last write of each entry is its nearest passage
        return Similarities(best, nearest)

    def _best(self, cosines: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        best = np.full(self._count, _LOWEST, dtype=np.float32)
        np.maximum.at(best, self._owner[rows], cosines[rows])
        return best
