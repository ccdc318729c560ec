"""The embedded index behind the ``KnowledgeIndex`` port."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from retrieval.adapters.embedded.generations import Generations
from retrieval.adapters.embedded.searcher import Searcher
from retrieval.adapters.embedded.snapshot import load
from retrieval.asking import cleaned, vectors_of
from retrieval.errors import IndexCorrupt, IndexUnavailable
from retrieval.model import Entry, EntryId, SearchFilters, SearchResult, language_of
from retrieval.ports import Embedder
from retrieval.relevance.calibration import Calibration
from retrieval.spelling import mended

_ATTEMPTS = 3


class EmbeddedIndex:
    """Searches the generation in force; opens the next one when the pointer changes."""

    def __init__(
        self, root: Path, *, embedder: Embedder, calibration: Calibration, now: Callable[[], datetime]
    ) -> None:
        """Read from ``root``; nothing is opened before the first search."""
        self._generations = Generations(root, now=now)
        self._embedder = embedder
        self._calibration = calibration
        self._searcher: Searcher | None = None
        self._stamp: tuple[int, int] | None = None
        self._opening = asyncio.Lock()

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        """See ``KnowledgeIndex.search``."""
        searcher = await self.searcher()
        version = searcher.snapshot.version
        asked = cleaned(query)
        if not asked or not searcher.snapshot.entries:
            return SearchResult((), dense=False, version=version)
        asked = await asyncio.to_thread(mended, asked, searcher.vocabulary, language_of(filters.locale))
        model = searcher.snapshot.embedding_model if searcher.snapshot.vectors is not None else None
        made = await vectors_of(asked, searcher.vocabulary, self._embedder, model=model)
        ready = searcher.query(asked, filters.locale, vector=made.vector, extra_words=made.words)
        hits = await asyncio.to_thread(searcher.hits, ready, filters, self._calibration, top_k=top_k)
        return SearchResult(tuple(hits), dense=made.vector is not None, version=version)

    async def get(self, entry_id: EntryId, *, filters: SearchFilters) -> Entry | None:
        """See ``KnowledgeIndex.get``."""
        entry = (await self.searcher()).entry(entry_id)
        return entry if entry is not None and entry.is_visible(filters) else None

    async def version(self) -> str:
        """See ``KnowledgeIndex.version``."""
        return (await self.searcher()).snapshot.version

    async def close(self) -> None:
        """Close the embedder and let the generation go."""
        await self._embedder.close()
        self._searcher = None

    async def searcher(self) -> Searcher:
        """The generation in force, opened when it is not yet.

        Raises:
            IndexMissing: nothing was ingested yet.
            IndexCorrupt: it cannot be read whole.
            IndexUnavailable: the disk does not give it out.
        """
        try:
            return await self._in_force()
        except OSError as error:
            told = f"the knowledge index cannot be read ({error.strerror})"
            raise IndexUnavailable(told, reason="rights") from error

    async def _in_force(self) -> Searcher:
        if self._searcher is None or self._generations.stamp() != self._stamp:
            async with self._opening:
                stamp = self._generations.stamp()
                if self._searcher is None or stamp != self._stamp:
                    self._searcher = await asyncio.to_thread(self._open)
                    self._stamp = stamp
        return self._searcher

    def _open(self) -> Searcher:
        for _ in range(_ATTEMPTS):
            try:
                return Searcher(load(self._generations.current()))
            except FileNotFoundError:
                continue  # swept away between reading the pointer and opening: the pointer has moved on
        raise IndexCorrupt("the knowledge index lacks files: ingest with --rebuild")
