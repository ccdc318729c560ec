"""Slips of the keyboard mended before the model reads a message; what the customer wrote is kept everywhere else.

A word is mended only when it is no word: neither one of the training sentences, nor a whole token of the encoder's
vocabulary, nor one of a dictionary of the training language (pyspellchecker's). It becomes the word of the training
sentences that is one slip away (Damerau 1964), or two of them that were run together; what is near to none of them
stays, because a stranger's word is a sign of being out of scope.
"""

import re
from collections.abc import Callable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4
"""Shorter words are left alone: one slip makes another word of them."""

LONGEST = 24
SLIPS = 1

_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{4,24}(?![\w@/-]|\.\w)")  # no part of an address, a link or a number
_NUMBER = re.compile(r"\d{4,}")
_DRAGGED = re.compile(r"(.)\1{2,}")


class Spelling:
    """Mends texts.

    Args:
        words: Words of the training sentences in lower case, the most frequent first.
        is_word: Whether a word in lower case is one, though no training sentence has it.
        numbers: Long numbers of the training sentences, the most frequent first. The first of each length stands for
            all: which order somebody names says nothing of what they want, but an encoder reads digits as words.
    """

    def __init__(self, words: Sequence[str], *, is_word: Callable[[str], bool], numbers: Sequence[str] = ()) -> None:
        self._rank = {word: place for place, word in enumerate(words)}
        self._candidates = [word for word in words if SHORTEST - SLIPS <= len(word) <= LONGEST + SLIPS]
        self._is_word = is_word
        self._numbers = {len(number): number for number in reversed(numbers)}

    def mended(self, text: str) -> str:
        """The text with its slips mended and its long numbers alike; all else stays as it was written."""
        text = _NUMBER.sub(lambda found: self._numbers.get(len(found[0]), found[0]), text)
        return _WORD.sub(lambda found: self._mended(found[0]), text) if self._rank else text

    def _mended(self, written: str) -> str:
        word = written.casefold()
        if self._known(word):
            return written
        meant = self._undragged(word) or self._one_slip_away(word) or self._parted(word)
        if meant is None:
            return written
        return meant.upper() if written.isupper() else meant

    def _known(self, word: str) -> bool:
        return word in self._rank or self._is_word(word)

    def _undragged(self, word: str) -> str | None:
        """``pleeease`` is please, ``helllo`` hello."""
        if not _DRAGGED.search(word):
            return None
        return next((one for one in (_DRAGGED.sub(r"\1", word), _DRAGGED.sub(r"\1\1", word)) if self._known(one)), None)

    def _one_slip_away(self, word: str) -> str | None:
        """The nearest trained word; people rarely miss the first letter, and mean frequent words more often."""
        near = process.extract(word, self._candidates, scorer=OSA.distance, score_cutoff=SLIPS, limit=None)
        meant = [found for found, _, _ in near]
        return min(meant, key=lambda one: (one[0] != word[0], self._rank[one]), default=None)

    def _parted(self, word: str) -> str | None:
        """``myorder`` is two words; of several ways the one whose rarer word is the more frequent."""
        ways = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        real = [way for way in ways if way[0] in self._rank and way[1] in self._rank]
        best = min(real, key=lambda way: max(self._rank[way[0]], self._rank[way[1]]), default=None)
        return " ".join(best) if best else None


def long_numbers(text: str) -> list[str]:
    """The runs of four and more digits in a text."""
    return _NUMBER.findall(text)


def dictionary(language: str) -> Callable[[str], bool]:
    """Whether a word is in the dictionary of a language; where there is none, no word is. Takes 0.2 s and 40 MB."""
    from spellchecker import SpellChecker  # noqa: PLC0415 - only a loaded model needs it

    if language not in SpellChecker.languages():
        return lambda _: False
    known = frozenset(SpellChecker(language=language).word_frequency.dictionary)
    return known.__contains__
