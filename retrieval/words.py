"""One way to cut text into words, for documents and queries alike."""

import re
import unicodedata
from functools import lru_cache

import tantivy

_STEMMERS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "sv": "swedish",
}  # fmt: skip
_LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_][\w-]*")
_POSSESSIVE = re.compile(r"'s\b")


@lru_cache(maxsize=len(_STEMMERS) + 1)
def _analyzer(stemmer: str | None) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    if stemmer:
        builder = builder.filter(tantivy.Filter.stemmer(stemmer))
    return builder.build()


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return _POSSESSIVE.sub("", plain).replace("'", "")


def words_of(text: str, language: str = "en") -> list[str]:
    """The stemmed words of ``text`` in order; a language without a stemmer keeps its words whole."""
    return list(_analyzer(_STEMMERS.get(language)).analyze(_folded(text)))


def surface_words_of(text: str) -> list[str]:
    """The different words of ``text`` as written, lower case, in order of appearance; hyphens hold together."""
    found = (word.rstrip("-_") for word in _WORD.findall(_folded(text).lower()))
    return [word for word in dict.fromkeys(found) if len(word) <= _LONGEST_WORD]


@lru_cache(maxsize=200_000)
def stem_of(word: str, language: str = "en") -> str:
    """The stem of one surface word (of its first part when hyphenated)."""
    stems = words_of(word, language)
    return stems[0] if stems else word
