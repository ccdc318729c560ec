"""The exact arithmetic over a whole generation: who is visible, and how near each passage is."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from retrieval.model import Entry, SearchFilters, language_of
from retrieval.ports import Vectors

_LOWEST = np.float32(-1.0)
_BEGINNING, _END = -np.inf, np.inf


def _seconds(moment: datetime | None, default: float) -> float:
    return moment.timestamp() if moment else default


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
    """Cosines of a query with every passage. An entry's passages lie next to each other from ``bounds``."""

    def __init__(self, vectors: Vectors, bounds: NDArray[np.int64]) -> None:
        """Take the vectors (passages, dimensions) and the first passage of each entry, plus the end."""
        self._vectors = vectors
        self._bounds = bounds

    def cosines(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine of ``query`` (unit length) with each passage."""
        found: NDArray[np.float32] = self._vectors @ query
        return found

    def nearest(self, cosines: NDArray[np.float32], visible: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
        """Ordinals of the ``count`` visible entries with the nearest passage, nearest first."""
        best = np.where(visible, np.maximum.reduceat(cosines, self._bounds[:-1]), _LOWEST)
        order = np.argsort(-best, kind="stable")[:count]
        return order[visible[order]]
