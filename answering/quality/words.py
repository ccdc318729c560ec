"""Words that carry meaning, and those that a paraphrase changes freely."""

import functools
from collections.abc import Container, Sequence
from pathlib import Path

from retrieval.words import stem_of, surface_words_of


@functools.lru_cache(maxsize=1)
def light_words() -> frozenset[str]:
    """Words that carry little: a paraphrase changes them freely."""
    return frozenset(Path(__file__).with_name("light_words.txt").read_text("utf-8").split())


def content_words(text: str) -> list[str]:
    """The words that carry the meaning, each once."""
    return [word for word in surface_words_of(text) if word not in light_words() and not word.isdigit()]


def stems_of(text: str) -> set[str]:
    """The stems of all words."""
    return {stem_of(word) for word in surface_words_of(text)}


def share_in(words: Sequence[str], stems: Container[str]) -> float:
    """How many of ``words`` have their stem among ``stems``; all of no words."""
    return sum(stem_of(word) in stems for word in words) / len(words) if words else 1.0
