"""A question's slips mended before it is searched: an encoder reads a misspelt word as pieces of others.

A word is mended only when it is none: no entry uses it, and neither does the dictionary of the language
(pyspellchecker's) nor ``everyday_words.yml``. Of the words one slip away it becomes the likeliest, after Kernighan,
Church and Gale (1990): how often the word is written, in the index and in the language, times how likely the slip
is. Two index words that were run together are one slip away, too. Where there is none it becomes an index word two
slips away. What is near to nothing stays as it is. Languages without a dictionary are left alone: there every
stranger's word would be a slip.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from retrieval.relevance.vocabulary import Vocabulary

_SHORTEST = 4
"""Shorter words are left alone: one slip makes another word of them."""

_TWO_SLIPS = 7
"""From this length two slips are forgiven where no word is one slip away."""

_MOST = 16
"""Words mended in one question: each costs up to a millisecond, and a question with more slips is none."""

_FIRST_LETTER, _WRONG_LETTER, _LOST_SPACE = 3.0, 1.0, 3.0
"""How much less likely than a lost, doubled or swapped letter, in nats: one in the first place, a wrong one, two words
run together (of which the rarer one counts)."""

_COMMON = 1e-6
"""The share from which a word that no entry uses may be meant: a name is nearer to a rare word than to what it is."""

_UNSEEN = 1e-12
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"(?<![\w@./'’-])\w{1,24}(?![\w@/'’-]|\.\w)")  # no part of an address, a link or a contraction
_DRAGGED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class _Language:
    """The share of each word in what is written, words younger than that count, and words written short."""

    shares: dict[str, float]
    young: frozenset[str]
    shorthand: dict[str, str]


def mended(text: str, vocabulary: Vocabulary, language: str) -> str:
    """The question with its slips and shorthand mended, mended words in lower case; all else as it was written.

    Args:
        text: A question, already cut to size.
        vocabulary: The words of the index that is to be asked.
        language: Of the question, as ISO 639-1.
    """
    speech = _language(language)
    if speech is None:
        return text
    slips = Slips(vocabulary, language, speech)
    left = _MOST

    def meant(found: re.Match[str]) -> str:
        nonlocal left
        word = found[0].casefold()
        if word in speech.shorthand:
            return speech.shorthand[word]
        if left == 0 or len(word) < _SHORTEST or not word.isalpha() or slips.is_word(word):
            return found[0]
        left -= 1
        return slips.meant_by(word) or found[0]

    return _WORD.sub(meant, text)


class Slips:
    """What a word that is none was meant to be, in one language of one index. All words are in lower case."""

    def __init__(self, vocabulary: Vocabulary, language: str, speech: _Language) -> None:
        self._vocabulary, self._language, self._speech = vocabulary, language, speech

    def is_word(self, word: str) -> bool:
        """Whether an entry, the dictionary or the list of young words has it."""
        speech = self._speech
        return word in speech.shares or word in speech.young or self._vocabulary.knows(word, self._language)

    def meant_by(self, word: str) -> str | None:
        """The likeliest word, or two; none when it is near to nothing."""
        return (
            self._with_apostrophe(word)
            or self._undragged(word)
            or self._one_slip_away(word)
            or self._two_slips_away(word)
        )

    def _with_apostrophe(self, word: str) -> str | None:
        """``wasnt`` is wasn't, ``youre`` you're."""
        found = (f"{word[:at]}'{word[at:]}" for at in (-1, -2))
        return next((one for one in found if one in self._speech.shares), None)

    def _undragged(self, word: str) -> str | None:
        """``pleeease`` is please, ``helllo`` hello."""
        if not _DRAGGED.search(word):
            return None
        return next(
            (one for one in (_DRAGGED.sub(r"\1", word), _DRAGGED.sub(r"\1\1", word)) if self.is_word(one)), None
        )

    def _one_slip_away(self, word: str) -> str | None:
        shares = self._speech.shares
        candidates = {*self._near(word, slips=1)} | {one for one in _one_edit(word) if shares.get(one, 0.0) >= _COMMON}
        likely = [one for one in candidates if len(one) >= _SHORTEST - 1]
        return min([*likely, *self._run_together(word)], key=lambda one: (self._unlikely(word, one), one), default=None)

    def _two_slips_away(self, word: str) -> str | None:
        if len(word) < _TWO_SLIPS:
            return None
        near = [one for one in self._near(word, slips=2) if one[0] == word[0] and len(one) >= _TWO_SLIPS]
        return min(near, key=lambda one: (self._unlikely(word, one), one), default=None)

    def _run_together(self, word: str) -> list[str]:
        """``howlong`` is two words of the index."""
        ways = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        return [" ".join(way) for way in ways if all(self._vocabulary.id_of(part) is not None for part in way)]

    def _near(self, word: str, *, slips: int) -> list[str]:
        """Words of the index that are near; those of another language's entries are left out."""
        found = process.extract(word, self._vocabulary.words, scorer=OSA.distance, score_cutoff=slips, limit=None)
        return [one for one, _, _ in found if self._vocabulary.knows(one, self._language)]

    def _unlikely(self, written: str, meant: str) -> float:
        """Minus the logarithm of how likely the word was meant, but for a constant."""
        wrong_letter = len(written) == len(meant) and sorted(written) != sorted(meant)
        slip = _FIRST_LETTER * (written[0] != meant[0]) + _WRONG_LETTER * wrong_letter + _LOST_SPACE * (" " in meant)
        return slip - math.log(min(map(self._share, meant.split())) + _UNSEEN)

    def _share(self, word: str) -> float:
        return self._speech.shares.get(word, 0.0) + self._vocabulary.share(word, self._language)


def _one_edit(word: str) -> Iterator[str]:
    letters = {*_LETTERS, *word}
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + tail[1:]


@cache
def _language(language: str) -> _Language | None:
    """None without a dictionary. Takes 0.2 s and some 40 MB, once for each language."""
    if language not in SpellChecker.languages():
        return None
    counted = SpellChecker(language=language).word_frequency.dictionary
    total = sum(counted.values())
    everyday = yaml.safe_load(Path(__file__).with_name("everyday_words.yml").read_text(encoding="utf-8"))
    own = everyday.get(language, {})
    return _Language(
        shares={word: count / total for word, count in counted.items()},
        young=frozenset(own.get("words", "").split()),
        shorthand=own.get("shorthand", {}),
    )
