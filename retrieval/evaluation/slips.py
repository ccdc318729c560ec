"""Questions as people in a hurry type them, to measure what misspelling costs."""

import random
from collections.abc import Sequence
from dataclasses import replace

from retrieval.evaluation.judged import JudgedQuestion

_SHARE = 0.2
_SHORTEST = 3
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SEED = 5


def misspelt(questions: Sequence[JudgedQuestion]) -> list[JudgedQuestion]:
    """The questions with one slip in a fifth of their words, at least in one; the same slips at every call."""
    rng = random.Random(_SEED)
    return [replace(question, text=_with_slips(question.text, rng)) for question in questions]


def _with_slips(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    able = [place for place, word in enumerate(words) if len(word) >= _SHORTEST]
    for place in rng.sample(able, min(len(able), max(1, round(_SHARE * len(words))))):
        words[place] = _with_a_slip(words[place], rng)
    return " ".join(words)


def _with_a_slip(word: str, rng: random.Random) -> str:
    """A letter lost, added, changed or two swapped, anywhere in the word."""
    at, letter = rng.randrange(len(word)), rng.choice(_LETTERS)
    before, hit, after = word[:at], word[at], word[at + 1 :]
    made = (
        before + after,
        before + letter + hit + after,
        before + letter + after,
        before + after[:1] + hit + after[1:],
    )
    return rng.choice(made)
