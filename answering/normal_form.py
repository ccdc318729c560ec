"""When two questions are the same question: equal but for case and punctuation, or but for typos."""

import re
import unicodedata

from rapidfuzz.distance import OSA, Levenshtein

_WORD = re.compile(r"\w+(?:'\w+)?")
_SHORT = 4  # letters; shorter words carry little and differ freely, numbers and negations apart
_LONG = 8
_VOWELS = frozenset("aeiouy")
_NEGATIONS = frozenset({"no", "not", "non", "un", "nor"})


def question_key(text: str) -> str:
    """The question without case, spacing, punctuation and typographic variety."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(_WORD.findall(plain))


def same_words(one: str, other: str) -> bool:
    """Whether the words that carry meaning are the same on both sides, typos forgiven.

    Numbers and negations must be equal; a word's first letter is taken to be right, so that "opened" is never
    read as "unopened".
    """
    ours, theirs = _carrying(one), _carrying(other)
    return all(any(_alike(a, b) for b in theirs) for a in ours) and all(any(_alike(a, b) for b in ours) for a in theirs)


def _carrying(text: str) -> list[str]:
    words = question_key(text).split()
    return [
        word
        for word in words
        if len(word) >= _SHORT or word in _NEGATIONS or word.endswith("n't") or any(map(str.isdigit, word))
    ]


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if one[0] != other[0] or min(len(one), len(other)) < _SHORT or any(map(str.isdigit, one + other)):
        return False
    if one.endswith("n't") or other.endswith("n't"):
        return False
    slips = 1 if max(len(one), len(other)) < _LONG else 2
    return OSA.distance(one, other, score_cutoff=slips) <= slips and _slipped(one, other)


def _slipped(one: str, other: str) -> bool:
    """Whether letters were lost, doubled, swapped or a vowel mistaken; "Iceland" is no slip for "Ireland"."""
    if sorted(one) == sorted(other):
        return True
    replaced = (step for step in Levenshtein.editops(one, other) if step.tag == "replace")
    return all({one[step.src_pos], other[step.dest_pos]} <= _VOWELS for step in replaced)
