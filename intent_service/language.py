"""The language of a message, so that the caller knows when it is not the one the model was trained on.

py3langid decides over some forty languages (it was as often right on support messages as lingua's full models,
at a seventh of the memory and a thousandth of the time of a first call). Short messages are its weak side:
there the words of the training sentences speak first, and what stays unclear is ``und``.
"""

import re
from collections.abc import Iterable
from typing import Protocol

from contracts.nlu import Language

LANGUAGES = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl",
    "he", "hi", "hr", "hu", "is", "it", "ja", "ko", "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk",
    "sl", "sq", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip

KNOWN_SHARE = 0.7
"""From this share of words known from training on, a message is in the training language."""

FEWEST_LETTERS = 12
"""A shorter message in Latin letters without known words is ``und``."""

LEAST_CONFIDENCE = 0.35

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOISE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\d+")


class Identifier(Protocol):
    """A library that names the most likely language."""

    def classify(self, text: str) -> tuple[str, float]:
        """ISO 639-1 code and probability."""
        ...


class LanguageDetector:
    """Joins the library's guess with what the training sentences know.

    Args:
        identifier: The library.
        trained_words: Words of the training sentences, in lower case.
        trained_language: Their language.
    """

    def __init__(self, identifier: Identifier, *, trained_words: Iterable[str], trained_language: str) -> None:
        self._identifier = identifier
        self._known = frozenset(trained_words)
        self._trained = trained_language

    def detect(self, text: str) -> Language:
        """Code and probability; ``und`` with 0.0 when the text does not tell."""
        cleaned = _NOISE.sub(" ", text)
        words = words_of(cleaned)
        if not words:
            return {"code": "und", "confidence": 0.0}
        known = sum(word in self._known for word in words) / len(words)
        if known >= KNOWN_SHARE:
            return {"code": self._trained, "confidence": round(known, 4)}
        letters = "".join(words)
        if letters.isascii() and len(letters) < FEWEST_LETTERS:
            return {"code": "und", "confidence": 0.0}
        code, confidence = self._identifier.classify(cleaned)
        if confidence < LEAST_CONFIDENCE:
            return {"code": "und", "confidence": round(confidence, 4)}
        return {"code": code, "confidence": round(confidence, 4)}


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def load_identifier() -> Identifier:
    """py3langid over ``LANGUAGES``; takes about a second and 45 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - importing loads nothing

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    # a second identifier from the kept languages: the first would hold on to all 140 (30 MB)
    kept: Identifier = LanguageIdentifier(
        identifier.nb_ptc,
        identifier.nb_pc,
        identifier.nb_classes,
        identifier.tk_nextmove,
        identifier.tk_output,
        norm_probs=True,
        tk_row=identifier.tk_row,
    )
    return kept
