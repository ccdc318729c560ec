"""A question made ready for comparison: its words, their weights, its vectors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Vectors
from retrieval.relevance.vocabulary import TYPO_MATCH, Vocabulary
from retrieval.words import stem_of, surface_words_of, words_of

_FLOOR = 0.3


@dataclass(frozen=True, slots=True)
class Query:
    """One question. ``vector`` is None when it could not be embedded.

    ``word_vectors[i]`` is the vector of ``words[i]`` or zeros; ``meant[i]`` holds ids of what a misspelt
    ``words[i]`` may have meant; ``weights[i]`` says how rare it is.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: NDArray[np.float64]
    word_vectors: Vectors | None
    meant: tuple[tuple[int, ...], ...]
    vector: NDArray[np.float32] | None

    @property
    def direction(self) -> NDArray[np.float32] | None:
        """The question's vector, or while the embedder is down the weighted sum of its words' vectors."""
        if self.vector is not None or self.word_vectors is None:
            return self.vector
        summed = (self.weights[:, None] * self.word_vectors).sum(axis=0)
        length = float(np.linalg.norm(summed))
        return (summed / length).astype(np.float32) if length else None

    @property
    def index_words(self) -> list[str]:
        """The words as BM25 knows them, with what misspelt ones may have meant."""
        return words_of(self.text, self.language)


def unknown_words(text: str, vocabulary: Vocabulary) -> list[str]:
    """Words of a question whose vectors the index does not hold: to be embedded along with the question."""
    return [word for word in surface_words_of(text) if vocabulary.id_of(word) is None]


def make_query(
    text: str,
    language: str,
    vocabulary: Vocabulary,
    *,
    vector: NDArray[np.float32] | None,
    extra_words: dict[str, NDArray[np.float32]],
) -> Query:
    """Look every word up; ``extra_words`` gives the vectors of words that the index does not hold."""
    words = surface_words_of(text)
    meant = [() if vocabulary.knows(w, language) else tuple(vocabulary.meant_by(w)) for w in words]
    return Query(
        text=text,
        language=language,
        words=tuple(words),
        stems=tuple(stem_of(word, language) for word in words),
        weights=np.array(
            [
                vocabulary.weight(vocabulary.words[guesses[0]] if guesses else word, language)
                for word, guesses in zip(words, meant, strict=True)
            ]
        ),
        word_vectors=_word_vectors(words, vocabulary, extra_words),
        meant=tuple(meant),
        vector=vector,
    )


def _word_vectors(words: list[str], vocabulary: Vocabulary, extra: dict[str, NDArray[np.float32]]) -> Vectors | None:
    if vocabulary.vectors is None or not len(vocabulary.vectors):
        return None
    rows = np.zeros((len(words), vocabulary.vectors.shape[1]), dtype=np.float32)
    for number, word in enumerate(words):
        known = vocabulary.id_of(word)
        if known is not None:
            rows[number] = vocabulary.vectors[known]
        elif word in extra:
            rows[number] = extra[word]
    return rows


def likeness(query: Query, ids: NDArray[np.int64], vocabulary: Vocabulary) -> NDArray[np.float64]:
    """How alike each word of the question is to each vocabulary word of ``ids``, in [0, 1].

    1 for the same stem, ``TYPO_MATCH`` for a likely misspelling, else the cosine of the words' own vectors
    above a floor of 0.3: below it the encoder's cosines of single words say nothing.
    """
    alike = np.zeros((len(query.words), len(ids)))
    if query.word_vectors is not None and vocabulary.vectors is not None:
        cosines = query.word_vectors @ np.asarray(vocabulary.vectors[ids]).T
        alike = np.clip((cosines - _FLOOR) / (1.0 - _FLOOR), 0.0, 1.0).astype(np.float64)
    columns = vocabulary.columns(query.language)
    stems = columns.stems[ids]
    for row, (stem, guesses) in enumerate(zip(query.stems, query.meant, strict=True)):
        alike[row, stems == columns.codes.get(stem, -1)] = 1.0
        if guesses:
            hit = np.isin(ids, guesses)
            alike[row, hit] = np.maximum(alike[row, hit], TYPO_MATCH)
    return alike
