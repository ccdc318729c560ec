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
from retrieval.ports import Content, Document, Embedder, KnowledgeStore, Stored, Vectors
from retrieval.relevance.vocabulary import collect_words
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
        texts = list(dict.fromkeys(passage.text for document in documents for passage in document.passages))
        words = collect_words(texts)
        vectors = None
        if not lexical_only:
            vectors = await self._vectors([*texts, *words], None if rebuild else stored, progress)
        content = _content(documents, words, vectors)
        if stored and not rebuild and _same(content, stored.content):
            dense = content.embedding_model is not None
            return replace(report, version=stored.version, dense=dense)
        version = self._store.publish(content)
        made = vectors.made if vectors else 0
        return replace(report, version=version, dense=content.embedding_model is not None, embedded=made)

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
        before = {document.entry.entry_id: document.entry for document in (stored.content.documents if stored else ())}
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

    async def _vectors(self, texts: Sequence[str], stored: Stored | None, progress: Progress) -> _Vectors:
        known = _known(stored.content) if stored else {}
        missing = [text for text in texts if text not in known]
        model = stored.content.embedding_model if stored else None
        now = await self._model_now(model) if known and not missing else model
        if known and now != model:
            known, missing = {}, list(texts)  # vectors of two models cannot be compared
        if not missing:
            return _Vectors(known, model, 0)
        model_of_new, made = await self._embed(missing, progress)
        if known and model_of_new != model:
            model_of_new, made = await self._embed(texts, progress)
        return _Vectors(known | made, model_of_new, len(made))

    async def _model_now(self, before: str | None) -> str | None:
        try:
            return (await self._embedder.embed([_PROBE])).model
        except EmbedderUnavailable:
            return before  # nothing to embed: the service need not be there

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


def _known(content: Content) -> dict[str, NDArray[np.float32]]:
    if content.word_vectors is None:
        return {}
    known = dict(zip(content.words, content.word_vectors, strict=True))
    for document in content.documents:
        if document.vectors is not None:
            texts = (passage.text for passage in document.passages)
            known |= dict(zip(texts, document.vectors, strict=True))
    return known


def _content(documents: Sequence[Document], words: Sequence[str], vectors: _Vectors | None) -> Content:
    if vectors is None or not documents:
        return Content(tuple(documents), tuple(words), None, None)

    def rows(texts: Iterable[str]) -> Vectors:
        return np.stack([vectors.by_text[text] for text in texts])

    return Content(
        tuple(replace(document, vectors=rows(p.text for p in document.passages)) for document in documents),
        tuple(words),
        rows(words),
        vectors.model,
    )


def _same(now: Content, before: Content) -> bool:
    """Whether two contents say the same; vectors follow from the texts and the model."""
    return now.embedding_model == before.embedding_model and [
        (document.entry, document.passages) for document in now.documents
    ] == [(document.entry, document.passages) for document in before.documents]


def _ids(ids: Iterable[EntryId]) -> tuple[EntryId, ...]:
    return tuple(sorted(ids))


def _source(path: Path) -> str:
    resolved, here = path.resolve(), Path.cwd()
    return (resolved.relative_to(here) if resolved.is_relative_to(here) else resolved).as_posix()


def _is_under(source: str, roots: Sequence[Path]) -> bool:
    path = (Path.cwd() / source).resolve()
    return any(path == root.resolve() or path.is_relative_to(root.resolve()) for root in roots)
