"""One way to cut text into index words, for documents and queries alike."""

import unicodedata
from functools import lru_cache

import tantivy

_STEMMERS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "sv": "swedish",
}  # fmt: skip
_LONGEST_WORD = 40


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


def words_of(text: str, language: str = "en") -> list[str]:
    """The stemmed words of ``text`` in order; a language without a stemmer keeps its words whole."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("'s ", " ").replace("'", "")
    return list(_analyzer(_STEMMERS.get(language)).analyze(folded))
