"""How rare each word is in the knowledge: the weight of a word that question and entry share."""

import math
from collections import Counter
from collections.abc import Iterable

from retrieval.words import words_of


class Lexicon:
    """Document frequencies over entries; a word that no entry knows counts as the rarest."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """Count the words of each entry's whole text, given with its language."""
        self._documents = 0
        self._frequency: Counter[str] = Counter()
        for text, language in texts:
            self._documents += 1
            self._frequency.update(set(words_of(text, language)))

    def __contains__(self, word: str) -> bool:
        """Whether any entry uses the word."""
        return word in self._frequency

    def weight(self, word: str) -> float:
        """Inverse document frequency as BM25 has it, natural logarithm, always positive."""
        found = self._frequency.get(word, 0)
        return math.log(1.0 + (self._documents - found + 0.5) / (found + 0.5))

    def coverage(self, query: Iterable[str], words: Iterable[str]) -> float:
        """Share of the query's weight that ``words`` cover, in [0, 1]."""
        wanted = set(query)
        total = sum(self.weight(word) for word in wanted)
        return sum(self.weight(word) for word in wanted.intersection(words)) / total if total else 0.0
