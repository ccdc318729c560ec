"""Words and patterns that the training data lists: products, countries, order and ticket numbers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intent_service.entities.model import Span
from intent_service.nlu_data.model import Gazetteer

SHORTEST_FUZZY = 5
"""Shorter words must be written right: one slip in them makes another word."""

LONG = 9
"""From this length on two slips are forgiven, before it one."""

_WORD = re.compile(r"\w+", re.UNICODE)


def gazetteer_json(gazetteer: Gazetteer) -> dict[str, Any]:
    """What a model folder keeps of it."""
    return {
        "lookups": {entity: list(values) for entity, values in gazetteer.lookups.items()},
        "synonyms": {entity: dict(pairs) for entity, pairs in gazetteer.synonyms.items()},
        "patterns": {entity: list(values) for entity, values in gazetteer.patterns.items()},
    }


def gazetteer_from_json(kept: Mapping[str, Any]) -> Gazetteer:
    """The reverse of ``gazetteer_json``."""
    return Gazetteer(
        lookups={entity: tuple(values) for entity, values in kept["lookups"].items()},
        synonyms=kept["synonyms"],
        patterns={entity: tuple(values) for entity, values in kept["patterns"].items()},
    )


class PhraseFinder:
    """Finds listed phrases in a text, longest first, a slip of the keyboard forgiven.

    Args:
        gazetteer: Lookups and synonyms; a synonym's canonical value is the entity's value, a lookup value
            without one stands for itself.
        is_word: Whether a string is an English word; real words are not taken for misspelt phrases
            ("stain" is not Spain).
    """

    def __init__(self, gazetteer: Gazetteer, *, is_word: Callable[[str], bool]) -> None:
        self._phrases: dict[tuple[str, ...], tuple[str, str]] = {}
        for entity, values in gazetteer.lookups.items():
            for value in values:
                self._phrases.setdefault(_key(value), (entity, value))
        for entity, pairs in gazetteer.synonyms.items():
            for variant, canonical in pairs.items():
                self._phrases[_key(canonical)] = (entity, canonical)
                self._phrases[_key(variant)] = (entity, canonical)
        self._phrases.pop((), None)
        self._longest = max((len(key) for key in self._phrases), default=0)
        self._by_length: dict[int, dict[str, tuple[str, ...]]] = {}
        for key in self._phrases:
            self._by_length.setdefault(len(key), {})[" ".join(key)] = key
        self._is_word = is_word

    def find(self, text: str) -> Iterator[Span]:
        """All phrases of the text, left to right."""
        words = list(_WORD.finditer(text))
        plain = tuple(word[0].casefold() for word in words)
        strange = [not self._is_word(word) for word in plain]
        long_strange = [one and len(word) >= SHORTEST_FUZZY for one, word in zip(strange, plain, strict=True)]
        at = 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                window = words[at : at + size]
                key = plain[at : at + size]
                found: tuple[str, ...] | None = key
                if key not in self._phrases:
                    hopeful = any(long_strange[at : at + size])
                    found = self._misspelt(key, strange[at : at + size]) if hopeful else None
                if found:
                    entity, value = self._phrases[found]
                    extractor = "lookup" if found == key else "rapidfuzz"
                    yield Span(entity, value, window[0].start(), window[-1].end(), extractor)
                    at += size
                    break
            else:
                at += 1

    def _misspelt(self, key: tuple[str, ...], strange: Sequence[bool]) -> tuple[str, ...] | None:
        """The one listed phrase that these words are a slip away from; ``strange`` words are none."""
        if any(word.isdigit() for word in key):
            return None
        written = " ".join(key)
        listed = self._by_length.get(len(key), {})
        slips = 2 if len(written) >= LONG else 1
        best = process.extractOne(written, listed.keys(), scorer=OSA.distance, score_cutoff=slips)
        if best is None or best[0][0] != written[0]:
            return None
        found = listed[best[0]]
        # each slip must be in a strange word, so that "two scales" cannot become "ten scales"
        same = all(a == b or odd for a, b, odd in zip(key, found, strange, strict=True))
        return found if same else None


class PatternFinder:
    """Finds what the data's regular expressions describe."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._patterns = [
            (entity, re.compile(pattern, re.IGNORECASE))
            for entity, patterns in gazetteer.patterns.items()
            for pattern in patterns
        ]

    def find(self, text: str) -> Iterator[Span]:
        """All matches; the value is the match without spaces, in capitals."""
        for entity, pattern in self._patterns:
            for match in pattern.finditer(text):
                if match[0].strip():
                    yield Span(entity, _plain_number(match[0]), match.start(), match.end(), "regex")


def _plain_number(written: str) -> str:
    """``t 100234`` and ``T–100234`` are ``T-100234``."""
    value = re.sub(r"[\s–—]+", "-", written.strip()).upper()
    return re.sub(r"^([A-Z]+)-?(\d+)$", r"\1-\2", value)


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(phrase))
