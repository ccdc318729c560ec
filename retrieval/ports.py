"""What this room needs from engines and models, and what it offers to ``answering``."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.model import Entry, EntryId, Passage, SearchFilters, SearchResult

Vectors = NDArray[np.float32]
"""Rows of unit length, float32, shape (texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors of unit length, one row a text, and the model that made them."""

    vectors: Vectors
    model: str


@dataclass(frozen=True, slots=True)
class Document:
    """An entry with its passages and, if they could be embedded, one vector a passage in the same order."""

    entry: Entry
    passages: tuple[Passage, ...]
    vectors: Vectors | None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything an index holds. ``word_vectors`` has one row for each of ``words``; both come with vectors only."""

    documents: tuple[Document, ...]
    words: tuple[str, ...]
    word_vectors: Vectors | None
    embedding_model: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A published content and the name of its version."""

    content: Content
    version: str


class Embedder(Protocol):
    """Turns texts into vectors."""

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        """Embed ``texts``.

        Raises:
            EmbedderUnavailable: no answer in time; the caller may go on without vectors.
            EmbedderRejected: the answer is not usable; a retry would not help.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class KnowledgeIndex(Protocol):
    """Reads the knowledge. Safe to share between tasks; notices by itself when a new version is published."""

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        """The ``top_k`` entries most likely to answer ``query``, most relevant first.

        Entries outside ``filters`` are never candidates. An empty query, or one without any known word and
        without vectors, finds nothing.

        Raises:
            IndexMissing: nothing was ingested yet.
            IndexCorrupt: the index cannot be read.
        """
        ...

    async def get(self, entry_id: EntryId, *, filters: SearchFilters) -> Entry | None:
        """The entry, or None when it does not exist or lies outside ``filters``."""
        ...

    async def version(self) -> str:
        """Names the published state; it changes with every ingest that changed something."""
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...


class KnowledgeStore(Protocol):
    """The writing side of an index, used by ingest only."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Keep other writers out for the time of one ingest.

        Raises:
            IngestBusy: another writer is at work.
        """
        ...

    def read(self) -> Stored | None:
        """All that is published now, or None before the first ingest."""
        ...

    def publish(self, content: Content) -> str:
        """Replace the whole content at once and return the new version's name.

        Readers see the old or the new state, never a mixture, also when the process dies half-way.
        """
        ...
