"""The words of the knowledge: how rare each is, what it looks like as a vector, and what a typo may have meant."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.ports import Vectors
from retrieval.words import stem_of, surface_words_of

WordIds = NDArray[np.int64]

TYPO_MATCH = 0.9
"""How alike a misspelt word is to what it was meant to be: nearly the same, but not certainly."""

_SHORTEST_TYPO = 4
_LONG_WORD = 8  # from this length two slips are forgiven
_GUESSES = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """Per word id: the number of its stem and its weight, in one language; ``codes`` numbers the stems."""

    stems: NDArray[np.int64]
    codes: dict[str, int]
    weights: NDArray[np.float64]


class Vocabulary:
    """All words of an index. Word ids are positions in ``words``."""

    def __init__(self, words: Sequence[str], vectors: Vectors | None) -> None:
        """Take the words and, when the index has vectors, one row of unit length a word."""
        self.words = list(words)
        self.vectors = vectors
        self._id = {word: number for number, word in enumerate(self.words)}
        self._frequency: dict[str, Counter[str]] = defaultdict(Counter)  # by language, stem → entries
        self._entries: Counter[str] = Counter()
        self._counted: Counter[str] = Counter()  # by language, the sum of its frequencies
        self._columns: dict[str, Columns] = {}

    def ids(self, text: str) -> WordIds:
        """The ids of a text's different words; words that are not in the vocabulary are left out."""
        found = [self._id[word] for word in surface_words_of(text) if word in self._id]
        return np.asarray(found, dtype=np.int64)

    def id_of(self, word: str) -> int | None:
        """The id of a word, or None."""
        return self._id.get(word)

    def count(self, texts: Sequence[str], language: str) -> None:
        """Count one entry's texts into the word frequencies of its language."""
        self._entries[language] += 1
        stems = {stem_of(word, language) for text in texts for word in surface_words_of(text)}
        self._frequency[language].update(stems)
        self._counted[language] += len(stems)

    def counts(self) -> dict[str, dict[str, Any]]:
        """What ``count`` was told so far, by language, to be kept beside the words; see ``restore``."""
        return {
            language: {"entries": entries, "stems": dict(self._frequency[language])}
            for language, entries in self._entries.items()
        }

    def restore(self, counts: Mapping[str, Mapping[str, Any]]) -> None:
        """Take over what another vocabulary of the same words had counted."""
        for language, counted in counts.items():
            self._entries[language] = counted["entries"]
            self._frequency[language] = Counter(counted["stems"])
            self._counted[language] = self._frequency[language].total()

    def knows(self, word: str, language: str) -> bool:
        """Whether any entry of the language uses a form of the word."""
        return stem_of(word, language) in self._frequency[language]

    def share(self, word: str, language: str) -> float:
        """The share of the word's stem in all stems of the language's entries, each counted once an entry."""
        return self._frequency[language][stem_of(word, language)] / max(1, self._counted[language])

    def weight(self, word: str, language: str) -> float:
        """Inverse document frequency as BM25 has it; a word that no entry uses weighs most."""
        found = self._frequency[language].get(stem_of(word, language), 0)
        return math.log(1.0 + (self._entries[language] - found + 0.5) / (found + 0.5))

    def columns(self, language: str) -> "Columns":
        """Stem and weight of every word, by id; made at the first call, so count all entries before."""
        if language not in self._columns:
            codes: dict[str, int] = {}
            stems = [codes.setdefault(stem_of(word, language), len(codes)) for word in self.words]
            weights = np.array([self.weight(word, language) for word in self.words])
            self._columns[language] = Columns(np.asarray(stems, dtype=np.int64), codes, weights)
        return self._columns[language]

    def meant_by(self, word: str) -> list[int]:
        """Ids of the words that an unknown word may be a misspelling of; its first letter is taken to be right.

        Words with digits are never corrected: a product number is not a typo of another one.
        """
        if len(word) < _SHORTEST_TYPO or any(letter.isdigit() for letter in word):
            return []
        slips = 1 if len(word) < _LONG_WORD else 2
        near = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=slips, limit=_GUESSES)
        return [number for found, _, number in near if found[0] == word[0] and len(found) >= _SHORTEST_TYPO]


def collect_words(texts: Sequence[str]) -> list[str]:
    """The different surface words of all texts, sorted."""
    return sorted({word for text in texts for word in surface_words_of(text)})
