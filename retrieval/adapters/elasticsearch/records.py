"""A content as Elasticsearch's documents, and back."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.adapters.elasticsearch.schema import FORMAT, MANIFEST, text_field
from retrieval.adapters.records import entry_of, searched_texts
from retrieval.model import Passage
from retrieval.ports import Content, Document, Vectors
from retrieval.relevance.vocabulary import Vocabulary

BEGINNING, END = -(2**62), 2**62  # stand for "valid since ever" and "valid for ever"
_WORDS_PER_PIECE = 1000


def micros(moment: datetime) -> int:
    """Microseconds since 1970: Elasticsearch's own dates end at the millisecond."""
    return int(moment.timestamp() * 1_000_000)


def dimensions_of(content: Content) -> int | None:
    """Length of the content's vectors, None when it has none."""
    if content.embedding_model is None:
        return None
    return next((int(d.vectors.shape[1]) for d in content.documents if d.vectors is not None), None)


def actions_of(content: Content) -> Iterator[dict[str, Any]]:
    """Everything a version holds, as actions of a bulk request. Each has its id: doing one twice does no harm."""
    for ordinal, document in enumerate(content.documents):
        yield _action(f"e{ordinal}", _entry(ordinal, document))
    pieces = 0
    for pieces, first in enumerate(range(0, len(content.words), _WORDS_PER_PIECE), start=1):
        words = slice(first, first + _WORDS_PER_PIECE)
        vectors = None if content.word_vectors is None else encoded(content.word_vectors[words])
        yield _action(
            words_id(pieces - 1),
            {"kind": "words", "payload": {"words": content.words[words], "vectors": vectors}},
        )
    yield _action(MANIFEST, {"kind": MANIFEST, "payload": _manifest(content, pieces)})


def words_id(piece: int) -> str:
    """The id of one piece of the vocabulary."""
    return f"w{piece}"


def size_of(content: Content) -> int:
    """How many documents ``actions_of`` makes, vectors' own hidden documents not counted."""
    return len(content.documents) + -(-len(content.words) // _WORDS_PER_PIECE) + 1


def _action(identifier: str, source: dict[str, Any]) -> dict[str, Any]:
    return {"_op_type": "index", "_id": identifier, "_source": source}


def _entry(ordinal: int, document: Document) -> dict[str, Any]:
    entry = document.entry
    passages = [{"kind": passage.kind, "text": passage.text} for passage in document.passages]
    source: dict[str, Any] = {
        "kind": "entry", "ordinal": ordinal, "entry_id": entry.entry_id, "audience": entry.audience,
        "language": entry.language, "category": entry.category,
        "valid_from": micros(entry.valid_from) if entry.valid_from else BEGINNING,
        "valid_until": micros(entry.valid_until) if entry.valid_until else END,
        "payload": {"entry": entry, "passages": passages, "vectors": encoded(document.vectors)},
    }  # fmt: skip
    source |= {text_field(part, entry.language): text for part, text in searched_texts(document).items()}
    if document.vectors is not None:
        source["passages"] = [{"vector": np.ascontiguousarray(row, dtype=np.float32)} for row in document.vectors]
    return source


def _manifest(content: Content, pieces: int) -> dict[str, Any]:
    vocabulary = Vocabulary(content.words, None)
    for document in content.documents:
        vocabulary.count([passage.text for passage in document.passages], document.entry.language)
    return {
        "format": FORMAT, "entries": len(content.documents), "pieces": pieces,
        "embedding_model": content.embedding_model, "dimensions": dimensions_of(content),
        "counts": vocabulary.counts(),
    }  # fmt: skip


def encoded(vectors: Vectors | None) -> str | None:
    """Rows of little-endian float32 in base64: exact, and a fifth of their decimal digits."""
    if vectors is None:
        return None
    return base64.b64encode(np.ascontiguousarray(vectors, dtype="<f4").tobytes()).decode()


def decoded(text: str | None, rows: int) -> Vectors | None:
    """What ``encoded`` was given, with ``rows`` rows."""
    if text is None:
        return None
    flat: NDArray[np.float32] = np.frombuffer(base64.b64decode(text), dtype="<f4")
    return flat.reshape(rows, -1)


def document_of(payload: dict[str, Any]) -> Document:
    """The document an entry's payload was made from."""
    entry = entry_of(payload["entry"])
    passages = tuple(Passage(entry.entry_id, made["kind"], made["text"]) for made in payload["passages"])
    return Document(entry, passages, decoded(payload["vectors"], len(passages)))


def words_of_pieces(payloads: Sequence[dict[str, Any]]) -> tuple[tuple[str, ...], Vectors | None]:
    """All words and their vectors from the pieces of a vocabulary, in order."""
    words = tuple(word for payload in payloads for word in payload["words"])
    parts = [decoded(payload["vectors"], len(payload["words"])) for payload in payloads]
    vectors = [part for part in parts if part is not None]
    return words, np.concatenate(vectors) if vectors and len(vectors) == len(payloads) else None
