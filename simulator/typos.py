"""Slips of the finger in the words of a sentence, never in its facts: those are put in afterwards."""

from __future__ import annotations

import random
import re

_NEIGHBOURS = {
    "a": "s", "b": "v", "c": "x", "d": "f", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o", "j": "k", "k": "l",
    "l": "k", "m": "n", "n": "b", "o": "p", "p": "o", "q": "w", "r": "t", "s": "d", "t": "y", "u": "i", "v": "c",
    "w": "e", "x": "z", "y": "u", "z": "x",
}  # fmt: skip
_WORD = re.compile(r"\{\w+\}|[A-Za-z]{4,}")


def with_typos(template: str, source: random.Random, *, rate: float) -> str:
    """``template`` with about ``rate`` of its longer words mistyped; ``{places}`` stay whole."""

    def maybe(word: re.Match[str]) -> str:
        text = word[0]
        return text if text.startswith("{") or source.random() >= rate else _slip(text, source)

    return _WORD.sub(maybe, template)


def _slip(word: str, source: random.Random) -> str:
    at = source.randrange(1, len(word) - 1)
    kind = source.choice(("drop", "double", "swap", "neighbour"))
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    near = _NEIGHBOURS.get(word[at].lower(), word[at])
    return word[:at] + near + word[at + 1 :]
