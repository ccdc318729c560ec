"""Ingest: read files, compare with what is published, embed what is new, publish all at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from retrieval.documents.entries import entries_from
from retrieval.documents.files import knowledge_files, read_text
from retrieval.documents.passages import passages_of
from retrieval.errors import DocumentRefused, EmbedderUnavailable
from retrieval.model import Entry, EntryId
from retrieval.ports import Document, Embedder, KnowledgeStore, Stored
from retrieval.report import IngestReport, Refusal

Progress = Callable[[str, int, int], None]
"""Called with a stage (``read`` or ``embed``), what is done and what there is to do."""

_BATCH = 64
_PROBE = "What do you sell?"  # any sentence does: only the model's name in the answer is looked at


@dataclass(frozen=True, slots=True)
class _Reading:
    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Vectors:
    by_text: dict[str, NDArray[np.float32]]
    model: str | None
    made: int


class Ingest:
    """Brings an index to the state of the files under given paths.

    Entries that came from elsewhere stay. A file that is refused keeps the entries of its last good state,
    so that a typo does not take an answer away.
    """

    def __init__(self, store: KnowledgeStore, embedder: Embedder, *, zone: ZoneInfo, max_file_bytes: int) -> None:
        """Publish to ``store``; ``zone`` gives bare dates their day."""
        self._store = store
        self._embedder = embedder
        self._zone = zone
        self._max_file_bytes = max_file_bytes

    async def run(
        self,
        roots: Sequence[Path],
        *,
        dry_run: bool = False,
        rebuild: bool = False,
        lexical_only: bool = False,
        progress: Progress = lambda _stage, _done, _total: None,
    ) -> IngestReport:
        """Ingest ``roots``; ``rebuild`` embeds everything anew, ``lexical_only`` does without vectors.

        Raises:
            EmbedderError: vectors are needed and could not be made; nothing was changed.
            IngestBusy: another ingest writes this index.
            DocumentRefused: a root does not exist.
        """
        for root in roots:
            if not root.exists():
                raise DocumentRefused(f"there is no {root}")
        if dry_run:
            return self._compare(self._read(roots, progress), self._store.read(), roots)[0]
        with self._store.exclusive():
            stored = self._store.read()
            report, entries = self._compare(self._read(roots, progress), stored, roots)
            return await self._bring_up(
                report, entries, stored, rebuild=rebuild, lexical_only=lexical_only, progress=progress
            )

    async def _bring_up(
        self,
        report: IngestReport,
        entries: Sequence[Entry],
        stored: Stored | None,
        *,
        rebuild: bool,
        lexical_only: bool,
        progress: Progress,
    ) -> IngestReport:
        documents = [Document(entry, passages_of(entry), None) for entry in entries]
        vectors = _Vectors({}, None, 0)
        if not lexical_only:
            vectors = await self._vectors(documents, None if rebuild else stored, progress)
            documents = [_with_vectors(document, vectors) for document in documents]
        if stored and not rebuild and _same(documents, stored, vectors.model):
            return replace(report, version=stored.version, dense=stored.embedding_model is not None)
        version = self._store.publish(documents, embedding_model=vectors.model)
        return replace(report, version=version, dense=vectors.model is not None, embedded=vectors.made)

    def _read(self, roots: Sequence[Path], progress: Progress) -> _Reading:
        files = list(knowledge_files(roots))
        entries: dict[EntryId, Entry] = {}
        refused: list[Refusal] = []
        for done, path in enumerate(files, start=1):
            source = _source(path)
            try:
                text = read_text(path, max_bytes=self._max_file_bytes)
                made = entries_from(text, source=source, zone=self._zone)
                _refuse_taken_ids(made, entries)
            except DocumentRefused as reason:
                refused.append(Refusal(source, str(reason)))
            else:
                entries |= {entry.entry_id: entry for entry in made}
            progress("read", done, len(files))
        return _Reading(tuple(entries.values()), tuple(refused))

    def _compare(
        self, reading: _Reading, stored: Stored | None, roots: Sequence[Path]
    ) -> tuple[IngestReport, list[Entry]]:
        before = {document.entry.entry_id: document.entry for document in stored.documents} if stored else {}
        refused_sources = {refusal.source for refusal in reading.refused}
        fresh = {entry.entry_id: entry for entry in reading.entries}
        kept = {
            entry_id: entry
            for entry_id, entry in before.items()
            if entry_id not in fresh and (entry.source in refused_sources or not _is_under(entry.source, roots))
        }
        after = kept | fresh
        report = IngestReport(
            added=_ids(entry_id for entry_id in after if entry_id not in before),
            changed=_ids(i for i in after if i in before and after[i].content_hash != before[i].content_hash),
            unchanged=_ids(i for i in after if i in before and after[i].content_hash == before[i].content_hash),
            removed=_ids(entry_id for entry_id in before if entry_id not in after),
            refused=tuple(
                replace(item, kept=sum(entry.source == item.source for entry in kept.values()))
                for item in reading.refused
            ),
        )
        return report, [after[entry_id] for entry_id in sorted(after)]

    async def _vectors(self, documents: Sequence[Document], stored: Stored | None, progress: Progress) -> _Vectors:
        known = _known(stored)
        texts = list(dict.fromkeys(passage.text for document in documents for passage in document.passages))
        missing = [text for text in texts if text not in known]
        if not missing:
            model = await self._model_now(stored)
            if stored and model == stored.embedding_model:
                return _Vectors(known, model, 0)
            known, missing = {}, texts  # another model: none of the old vectors can be compared with its own
        model, made = await self._embed(missing, progress)
        if stored and known and model != stored.embedding_model:
            rest = [text for text in texts if text not in made]
            model, more = await self._embed(rest, progress)
            made |= more
        return _Vectors(known | made, model, len(made))

    async def _model_now(self, stored: Stored | None) -> str | None:
        try:
            return (await self._embedder.embed([_PROBE])).model
        except EmbedderUnavailable:
            return stored.embedding_model if stored else None  # nothing to embed: it need not be there

    async def _embed(
        self, texts: Sequence[str], progress: Progress
    ) -> tuple[str | None, dict[str, NDArray[np.float32]]]:
        made: dict[str, NDArray[np.float32]] = {}
        model: str | None = None
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            embeddings = await self._embedder.embed(batch)
            if model not in {None, embeddings.model}:
                raise EmbedderUnavailable("the embedding model changed during the ingest")
            model = embeddings.model
            made |= dict(zip(batch, embeddings.vectors, strict=True))
            progress("embed", len(made), len(texts))
        return model, made


def _refuse_taken_ids(made: Iterable[Entry], entries: Mapping[EntryId, Entry]) -> None:
    for entry in made:
        if entry.entry_id in entries:
            other = entries[entry.entry_id].source
            raise DocumentRefused(f"the id {entry.entry_id} is already used by {other}")


def _known(stored: Stored | None) -> dict[str, NDArray[np.float32]]:
    return {
        passage.text: vector
        for document in (stored.documents if stored else ())
        if document.vectors is not None
        for passage, vector in zip(document.passages, document.vectors, strict=True)
    }


def _with_vectors(document: Document, vectors: _Vectors) -> Document:
    rows = [vectors.by_text[passage.text] for passage in document.passages]
    return replace(document, vectors=np.stack(rows))


def _same(documents: Sequence[Document], stored: Stored, model: str | None) -> bool:
    now = [(document.entry, document.passages) for document in documents]
    return model == stored.embedding_model and now == [
        (document.entry, document.passages) for document in stored.documents
    ]


def _ids(ids: Iterable[EntryId]) -> tuple[EntryId, ...]:
    return tuple(sorted(ids))


def _source(path: Path) -> str:
    resolved, here = path.resolve(), Path.cwd()
    return (resolved.relative_to(here) if resolved.is_relative_to(here) else resolved).as_posix()


def _is_under(source: str, roots: Sequence[Path]) -> bool:
    path = (Path.cwd() / source).resolve()
    return any(path == root.resolve() or path.is_relative_to(root.resolve()) for root in roots)
