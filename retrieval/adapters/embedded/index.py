"""The embedded index behind the ``KnowledgeIndex`` port."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from retrieval.adapters.embedded.dense import KINDS, Dense, Visibility
from retrieval.adapters.embedded.generations import Generations
from retrieval.adapters.embedded.lexical import FIELDS, Lexical
from retrieval.adapters.embedded.snapshot import Snapshot, load
from retrieval.errors import EmbedderError, IndexCorrupt
from retrieval.model import Entry, EntryId, Hit, Passage, SearchFilters, SearchResult, language_of
from retrieval.ports import Embedder
from retrieval.relevance.calibration import Calibration
from retrieval.relevance.evidence import Evidence
from retrieval.relevance.features import features_of
from retrieval.relevance.lexicon import Lexicon
from retrieval.words import words_of

logger = structlog.get_logger()

_LONGEST_QUERY = 1000  # characters; more than this is not a question, and costs time in both arms
_CANDIDATES = 40  # of each arm
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Loaded:
    snapshot: Snapshot
    dense: Dense
    visibility: Visibility
    lexicon: Lexicon
    ordinals: dict[EntryId, int]
    passages: tuple[tuple[Passage, ...], ...]


class EmbeddedIndex:
    """Searches the generation in force; opens the next one when the pointer changes."""

    def __init__(
        self, root: Path, *, embedder: Embedder, calibration: Calibration, now: Callable[[], datetime]
    ) -> None:
        """Read from ``root``; nothing is opened before the first search."""
        self._generations = Generations(root, now=now)
        self._embedder = embedder
        self._calibration = calibration
        self._loaded: _Loaded | None = None
        self._stamp: tuple[int, int] | None = None
        self._loading = asyncio.Lock()

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        """See ``KnowledgeIndex.search``."""
        loaded = await self._current()
        asked = " ".join(query.split())[:_LONGEST_QUERY]
        if not asked or not loaded.snapshot.entries:
            return SearchResult((), dense=False, version=loaded.snapshot.version)
        vector = await self._vector(asked, loaded.snapshot)
        hits = await asyncio.to_thread(self._hits, loaded, asked, vector, filters)
        return SearchResult(hits[:top_k], dense=vector is not None, version=loaded.snapshot.version)

    async def get(self, entry_id: EntryId, *, filters: SearchFilters) -> Entry | None:
        """See ``KnowledgeIndex.get``."""
        loaded = await self._current()
        ordinal = loaded.ordinals.get(entry_id)
        entry = None if ordinal is None else loaded.snapshot.entries[ordinal]
        return entry if entry is not None and entry.is_visible(filters) else None

    async def version(self) -> str:
        """See ``KnowledgeIndex.version``."""
        return (await self._current()).snapshot.version

    async def close(self) -> None:
        """Close the embedder and let the generation go."""
        await self._embedder.close()
        self._loaded = None

    async def _vector(self, query: str, snapshot: Snapshot) -> NDArray[np.float32] | None:
        if snapshot.vectors is None:
            return None
        try:
            embeddings = await self._embedder.embed([query])
        except EmbedderError as error:
            logger.warning("search.lexical_only", reason=type(error).__name__)
            return None
        if embeddings.model != snapshot.embedding_model:
            logger.error("search.lexical_only", reason="other model", index_model=snapshot.embedding_model)
            return None
        vector: NDArray[np.float32] = embeddings.vectors[0]
        return vector

    async def _current(self) -> _Loaded:
        if self._loaded is None or self._generations.stamp() != self._stamp:
            async with self._loading:
                stamp = self._generations.stamp()
                if self._loaded is None or stamp != self._stamp:
                    self._loaded = await asyncio.to_thread(self._open)
                    self._stamp = stamp
        return self._loaded

    def _open(self) -> _Loaded:
        for _ in range(_ATTEMPTS):
            try:
                return _prepared(load(self._generations.current()))
            except FileNotFoundError:
                continue  # swept away between reading the pointer and opening: the pointer has moved on
        raise IndexCorrupt("the knowledge index lacks files: ingest with --rebuild")

    def _hits(
        self, loaded: _Loaded, query: str, vector: NDArray[np.float32] | None, filters: SearchFilters
    ) -> tuple[Hit, ...]:
        query_words = words_of(query, language_of(filters.locale))
        candidates = _candidates(loaded, query_words, vector, filters)
        model = self._calibration.lexical if vector is None else self._calibration.both
        rows = features_of(query_words, candidates, loaded.lexicon)
        hits = [
            _hit(evidence, row, model.probability(row), model.contributions(row))
            for evidence, row in zip(candidates, rows, strict=True)
        ]
        return tuple(sorted(hits, key=lambda hit: (-hit.relevance, hit.entry_id)))


def _prepared(snapshot: Snapshot) -> _Loaded:
    bounds = np.searchsorted(snapshot.passage_owner, np.arange(len(snapshot.entries) + 1))
    passages = tuple(snapshot.passages[first:last] for first, last in pairwise(bounds))
    texts = (
        (" ".join(passage.text for passage in own), entry.language)
        for entry, own in zip(snapshot.entries, passages, strict=True)
    )
    return _Loaded(
        snapshot=snapshot, dense=Dense(snapshot), visibility=Visibility(snapshot.entries), lexicon=Lexicon(texts),
        ordinals={entry.entry_id: ordinal for ordinal, entry in enumerate(snapshot.entries)}, passages=passages,
    )  # fmt: skip


def _candidates(
    loaded: _Loaded, query_words: list[str], vector: NDArray[np.float32] | None, filters: SearchFilters
) -> list[Evidence]:
    lexical: Lexical = loaded.snapshot.lexical
    bm25 = lexical.scores(query_words, filters, limit=2 * _CANDIDATES)
    total: dict[int, float] = {}
    for scores in bm25.values():
        for ordinal, score in scores.items():
            total[ordinal] = total.get(ordinal, 0.0) + score
    chosen = dict.fromkeys(sorted(total, key=lambda ordinal: -total[ordinal])[:_CANDIDATES])
    similarities = None
    if vector is not None:
        visible = loaded.visibility.mask(filters)
        similarities = loaded.dense.similarities(vector, visible)
        best = np.max([similarities.best[kind] for kind in KINDS], axis=0)
        order = np.argsort(-best, kind="stable")[:_CANDIDATES]
        chosen |= dict.fromkeys(int(ordinal) for ordinal in order if visible[ordinal])
    return [
        Evidence(
            entry=loaded.snapshot.entries[ordinal],
            passages=loaded.passages[ordinal],
            bm25={name: bm25[name].get(ordinal, 0.0) for name in FIELDS},
            cosine=None if similarities is None else {kind: float(similarities.best[kind][ordinal]) for kind in KINDS},
            nearest=None if similarities is None else loaded.snapshot.passages[int(similarities.nearest[ordinal])],
        )
        for ordinal in chosen
    ]


def _hit(evidence: Evidence, features: dict[str, float], relevance: float, contributions: dict[str, float]) -> Hit:
    entry = evidence.entry
    return Hit(
        entry_id=entry.entry_id, document_id=entry.document_id, title=entry.title, answer=entry.answer,
        category=entry.category, source=entry.source, url=entry.url, relevance=relevance, path=entry.path,
        passage=evidence.nearest.text if evidence.nearest else "", features=features, contributions=contributions,
    )  # fmt: skip
