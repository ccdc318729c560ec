"""A customer's words on their way to an engine: cut to size, and turned into vectors."""

from dataclasses import dataclass, field

import numpy as np
import structlog
from numpy.typing import NDArray

from retrieval.errors import EmbedderError
from retrieval.ports import Embedder
from retrieval.relevance.query import unknown_words
from retrieval.relevance.vocabulary import Vocabulary

logger = structlog.get_logger()

_LONGEST_QUERY = 1000  # characters; more than this is not a question, and costs time in both arms
_MOST_UNKNOWN_WORDS = 16


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """The question's vector, None when it could not be made, and those of words that the index does not hold."""

    vector: NDArray[np.float32] | None = None
    words: dict[str, NDArray[np.float32]] = field(default_factory=dict)


def cleaned(query: str) -> str:
    """The question without runs of white space, at most 1,000 characters."""
    return " ".join(query.split())[:_LONGEST_QUERY]


async def vectors_of(
    question: str, vocabulary: Vocabulary, embedder: Embedder, *, model: str | None
) -> QuestionVectors:
    """Embed a question for an index whose vectors are ``model``'s; without vectors when that cannot be done."""
    if model is None:
        return QuestionVectors()
    unknown = unknown_words(question, vocabulary)[:_MOST_UNKNOWN_WORDS]
    try:
        embeddings = await embedder.embed([question, *unknown])
    except EmbedderError as error:
        logger.warning("search.lexical_only", reason=type(error).__name__)
        return QuestionVectors()
    if embeddings.model != model:
        logger.error("search.lexical_only", reason="other model", index_model=model)
        return QuestionVectors()
    return QuestionVectors(embeddings.vectors[0], dict(zip(unknown, embeddings.vectors[1:], strict=True)))
