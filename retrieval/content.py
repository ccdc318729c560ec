"""Entries made into an index's content: passages, words, and a vector for each, reusing those there are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.documents.passages import passages_of
from retrieval.errors import EmbedderUnavailable
from retrieval.model import Entry
from retrieval.ports import Content, Document, Embedder, Vectors
from retrieval.relevance.vocabulary import collect_words

Progress = Callable[[str, int, int], None]
"""Called with a stage (``read``, ``embed`` or ``ask``), what is done and what there is to do."""

_BATCH = 64
_PROBE = "What do you sell?"  # any sentence does: only the model's name in the answer is looked at


def silent(_stage: str, _done: int, _total: int) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Built:
    """A content and how many texts had to be embedded for it."""

    content: Content
    embedded: int


async def build(
    entries: Sequence[Entry],
    embedder: Embedder | None,
    *,
    before: Content | None = None,
    progress: Progress = silent,
) -> Built:
    """Make the content of ``entries``; without an embedder it has words only.

    Texts that ``before`` holds keep their vectors, unless the embedder has another model by now.

    Raises:
        EmbedderError: a text has no vector yet and could not be embedded.
    """
    documents = [Document(entry, passages_of(entry), None) for entry in entries]
    texts = list(dict.fromkeys(passage.text for document in documents for passage in document.passages))
    words = collect_words(texts)
    if embedder is None or not documents:
        return Built(Content(tuple(documents), tuple(words), None, None), 0)
    vectors = await _vectors([*texts, *words], embedder, before, progress)

    def rows(wanted: Iterable[str]) -> Vectors:
        return np.stack([vectors.by_text[text] for text in wanted])

    filled = (replace(document, vectors=rows(p.text for p in document.passages)) for document in documents)
    return Built(Content(tuple(filled), tuple(words), rows(words), vectors.model), vectors.made)


def says_the_same(now: Content, before: Content) -> bool:
    """Whether two contents are equal; vectors follow from the texts and the model, so they are not looked at."""
    return now.embedding_model == before.embedding_model and [
        (document.entry, document.passages) for document in now.documents
    ] == [(document.entry, document.passages) for document in before.documents]


@dataclass(frozen=True, slots=True)
class _Made:
    by_text: dict[str, NDArray[np.float32]]
    model: str | None
    made: int


async def _vectors(texts: Sequence[str], embedder: Embedder, before: Content | None, progress: Progress) -> _Made:
    known = _known(before) if before else {}
    model = before.embedding_model if before else None
    missing = [text for text in texts if text not in known]
    if known and not missing and await _model_now(embedder, model) == model:
        return _Made(known, model, 0)
    if known and not missing:
        known, missing = {}, list(texts)  # another model: vectors of two models cannot be compared
    model_of_new, made = await _embed(missing, embedder, progress)
    if known and model_of_new != model:
        model_of_new, made = await _embed(texts, embedder, progress)
    return _Made(known | made, model_of_new, len(made))


async def _model_now(embedder: Embedder, before: str | None) -> str | None:
    try:
        return (await embedder.embed([_PROBE])).model
    except EmbedderUnavailable:
        return before  # nothing to embed: the service need not be there


async def _embed(
    texts: Sequence[str], embedder: Embedder, progress: Progress
) -> tuple[str | None, dict[str, NDArray[np.float32]]]:
    made: dict[str, NDArray[np.float32]] = {}
    model: str | None = None
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        embeddings = await embedder.embed(batch)
        if model not in {None, embeddings.model}:
            raise EmbedderUnavailable("the embedding model changed during the ingest")
        model = embeddings.model
        made |= dict(zip(batch, embeddings.vectors, strict=True))
        progress("embed", len(made), len(texts))
    return model, made


def _known(content: Content) -> dict[str, NDArray[np.float32]]:
    if content.word_vectors is None:
        return {}
    known = dict(zip(content.words, content.word_vectors, strict=True))
    for document in content.documents:
        if document.vectors is not None:
            texts = (passage.text for passage in document.passages)
            known |= dict(zip(texts, document.vectors, strict=True))
    return known
