"""One version of the knowledge as a searching process holds it: its vocabulary, and the entries met so far."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.adapters.elasticsearch.records import document_of, words_of_pieces
from retrieval.adapters.elasticsearch.schema import FORMAT
from retrieval.errors import IndexCorrupt
from retrieval.ports import Document
from retrieval.relevance.features import Candidate
from retrieval.relevance.vocabulary import Vocabulary, WordIds

_KEPT_ENTRIES = 4096  # about 10 KiB each


@dataclass(frozen=True, slots=True)
class _Kept:
    document: Document
    words: tuple[WordIds, ...]


class Version:
    """An index's vocabulary and a bounded store of its entries. The index never changes, so neither goes stale."""

    def __init__(self, index: str, manifest: Mapping[str, Any], pieces: Sequence[dict[str, Any]]) -> None:
        """Open the version that lies in ``index``.

        Raises:
            IndexCorrupt: it has another format, or lacks a part.
        """
        if manifest.get("format") != FORMAT:
            raise IndexCorrupt(f"{index} has another format: ingest with --rebuild")
        try:
            words, vectors = words_of_pieces(pieces)
            self.entries: int = manifest["entries"]
            self.model: str | None = manifest["embedding_model"]
            self.dimensions: int | None = manifest["dimensions"]
            self.vocabulary = Vocabulary(words, vectors)
            self.vocabulary.restore(manifest["counts"])
        except (KeyError, TypeError, ValueError) as error:
            raise IndexCorrupt(f"{index} cannot be read: ingest with --rebuild") from error
        self.index = index
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def missing(self, identifiers: Sequence[str]) -> list[str]:
        """Which documents are not kept."""
        return [identifier for identifier in identifiers if identifier not in self._kept]

    def keep(self, payloads: Mapping[str, dict[str, Any]]) -> None:
        """Keep documents that were fetched; those not asked for the longest go."""
        for identifier, payload in payloads.items():
            document = document_of(payload)
            words = tuple(self.vocabulary.ids(passage.text) for passage in document.passages)
            self._kept[identifier] = _Kept(document, words)

    def trim(self) -> None:
        """Let go of what is over the bound; after a search, so that it never loses what it has just fetched."""
        while len(self._kept) > _KEPT_ENTRIES:
            self._kept.popitem(last=False)

    def candidate(self, identifier: str, direction: NDArray[np.float32] | None, bm25: Mapping[str, float]) -> Candidate:
        """A kept document as what is judged; ``direction`` is the question's vector."""
        kept = self._kept[identifier]
        self._kept.move_to_end(identifier)
        document = kept.document
        cosines: NDArray[np.float32] | None = None
        if direction is not None and document.vectors is not None:
            cosines = document.vectors @ direction
        return Candidate(document.entry, document.passages, kept.words, cosines, bm25)
