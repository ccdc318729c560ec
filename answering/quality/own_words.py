"""Sentences that say what the source says in its own words and order: there is nothing to doubt about them.

What was left out must not turn the meaning: no number, no negation, no condition. Anything else is judged.
"""

import re

FEWEST_WORDS = 4

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_TURNING = frozenset(
    {
        "not", "no", "never", "none", "neither", "nor", "nothing", "nobody", "only", "just", "unless", "except",
        "without", "if", "but", "however", "until", "before", "after", "than", "more", "less", "most", "least", "under",
        "over", "all", "any", "each", "every", "both", "either", "or", "instead", "rather", "cannot", "can", "can't",
        "don't", "doesn't", "isn't", "aren't", "won't", "mustn't", "must", "may", "might", "should", "when", "while",
    }
)  # fmt: skip


def in_its_own_words(sentence: str, source: str) -> bool:
    """Whether one sentence of the source has these words in this order and loses nothing that turns its meaning."""
    said = _words(sentence)
    return len(said) >= FEWEST_WORDS and any(_told(said, _words(one)) for one in _SENTENCE.split(source))


def _told(said: list[str], held: list[str]) -> bool:
    left_out, at = [], 0
    for word in held:
        if at < len(said) and word == said[at]:
            at += 1
        else:
            left_out.append(word)
    return at == len(said) and not any(word in _TURNING or any(c.isdigit() for c in word) for word in left_out)


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
