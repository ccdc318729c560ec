"""One generation made ready for searching: candidates of both arms, judged together."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.adapters.embedded.dense import Dense, Visibility
from retrieval.adapters.embedded.lexical import FIELDS
from retrieval.adapters.embedded.snapshot import Snapshot
from retrieval.model import Entry, EntryId, Hit, SearchFilters, language_of
from retrieval.ports import Vectors
from retrieval.relevance.calibration import Calibration
from retrieval.relevance.features import Candidate
from retrieval.relevance.query import Query, make_query, unknown_words
from retrieval.relevance.ranking import ranked_hits
from retrieval.relevance.vocabulary import Vocabulary

_PER_ARM = 30


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a search must act as if it were not there: used to judge entries by their own questions."""

    entries: frozenset[int] = frozenset()
    passages: frozenset[int] = frozenset()


NOTHING_HIDDEN = Hidden()


class Searcher:
    """Searches one generation. Immutable after construction; safe to use from several threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Count words and lay out the arrays; takes about a second for 5,000 passages."""
        self.snapshot = snapshot
        self.bounds = np.searchsorted(snapshot.passage_owner, np.arange(len(snapshot.entries) + 1))
        self.vocabulary = Vocabulary(snapshot.words, snapshot.word_vectors)
        self._word_ids = [self.vocabulary.ids(passage.text) for passage in snapshot.passages]
        for entry, (first, last) in zip(snapshot.entries, pairwise(self.bounds), strict=True):
            texts = [passage.text for passage in snapshot.passages[first:last]]
            self.vocabulary.count(texts, entry.language)
        self._visibility = Visibility(snapshot.entries)
        self._dense = Dense(snapshot.vectors, self.bounds) if snapshot.vectors is not None else None
        self._ordinals = {entry.entry_id: number for number, entry in enumerate(snapshot.entries)}

    def entry(self, entry_id: EntryId) -> Entry | None:
        """The entry of this id, visible or not."""
        ordinal = self._ordinals.get(entry_id)
        return None if ordinal is None else self.snapshot.entries[ordinal]

    def unknown_words(self, text: str) -> list[str]:
        """Words of a question that must be embedded along with it."""
        return unknown_words(text, self.vocabulary)

    def query(
        self,
        text: str,
        locale: str,
        *,
        vector: NDArray[np.float32] | None,
        extra_words: dict[str, NDArray[np.float32]] | None = None,
    ) -> Query:
        """Make a question ready."""
        return make_query(text, language_of(locale), self.vocabulary, vector=vector, extra_words=extra_words or {})

    def hits(self, query: Query, filters: SearchFilters, calibration: Calibration, *, top_k: int) -> list[Hit]:
        """The ``top_k`` most relevant candidates, most relevant first."""
        return ranked_hits(query, self.candidates(query, filters), self.vocabulary, calibration, top_k=top_k)

    def candidates(self, query: Query, filters: SearchFilters, *, hidden: Hidden = NOTHING_HIDDEN) -> list[Candidate]:
        """The best entries of each arm that ``filters`` allow."""
        bm25 = self.snapshot.lexical.scores(query.index_words, filters, limit=2 * _PER_ARM)
        total: dict[int, float] = {}
        for scores in bm25.values():
            for ordinal, score in scores.items():
                total[ordinal] = total.get(ordinal, 0.0) + score
        chosen = dict.fromkeys(sorted(total, key=lambda ordinal: -total[ordinal])[:_PER_ARM])
        cosines: Vectors | None = None
        direction = query.direction
        if direction is not None and self._dense is not None and self.snapshot.entries:
            cosines = self._dense.cosines(direction)
            visible = self._visibility.mask(filters)
            chosen |= dict.fromkeys(int(i) for i in self._dense.nearest(cosines, visible, _PER_ARM))
        if query.vector is None:
            cosines = None  # good enough to bring up candidates, not to judge them
        return [
            self._candidate(ordinal, {name: bm25[name].get(ordinal, 0.0) for name in FIELDS}, cosines, hidden)
            for ordinal in chosen
            if ordinal not in hidden.entries
        ]

    def _candidate(self, ordinal: int, bm25: dict[str, float], cosines: Vectors | None, hidden: Hidden) -> Candidate:
        shown = [i for i in range(*self.bounds[ordinal : ordinal + 2]) if i not in hidden.passages]
        return Candidate(
            entry=self.snapshot.entries[ordinal],
            passages=[self.snapshot.passages[i] for i in shown],
            words=[self._word_ids[i] for i in shown],
            cosines=None if cosines is None else cosines[shown],
            bm25=bm25,
        )
