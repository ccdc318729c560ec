"""Knowledge of any size for measurements: real entries, and made-up ones between which they must be found."""

import random
from collections.abc import Sequence

import numpy as np

from retrieval.documents.passages import passages_of
from retrieval.model import Entry, EntryId
from retrieval.ports import Content, Document, Vectors

_TITLE, _QUESTION, _ANSWER = 7, 9, 60  # words, about what the demo company's entries have
_SEED = 11


def filled_up(content: Content, passages: int) -> Content:
    """``content`` with entries of random words of its own until it has ``passages`` passages.

    The made-up passages get random unit vectors: embedding them would take an hour at 50,000 and change nothing
    about the time a search takes. The vectors of words and of the real entries stay what the encoder made.
    """
    have = sum(len(document.passages) for document in content.documents)
    rng = random.Random(_SEED)
    vectors = np.random.default_rng(_SEED)
    dimensions = next((d.vectors.shape[1] for d in content.documents if d.vectors is not None), None)
    made: list[Document] = []
    while have < passages:
        document = _document(len(made), content.words, rng, vectors, dimensions)
        made.append(document)
        have += len(document.passages)
    documents = sorted([*content.documents, *made], key=lambda document: document.entry.entry_id)
    return Content(tuple(documents), content.words, content.word_vectors, content.embedding_model)


def _document(
    number: int, words: Sequence[str], rng: random.Random, vectors: np.random.Generator, dimensions: int | None
) -> Document:
    def some(count: int) -> str:
        return " ".join(rng.choices(words, k=count))

    entry = Entry(
        entry_id=EntryId(f"filler-{number:06}"), document_id=f"filler-{number:06}", title=some(_TITLE),
        answer=some(_ANSWER), questions=(some(_QUESTION),), category="filler",
    )  # fmt: skip
    passages = passages_of(entry)
    return Document(entry, passages, None if dimensions is None else _unit(vectors, len(passages), dimensions))


def _unit(generator: np.random.Generator, rows: int, dimensions: int) -> Vectors:
    made: Vectors = generator.standard_normal((rows, dimensions)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made
