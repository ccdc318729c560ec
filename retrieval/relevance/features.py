"""Features of one candidate for one query: the numbers that the calibration weighs."""

from collections.abc import Sequence

from retrieval.relevance.evidence import Evidence
from retrieval.relevance.lexicon import Lexicon
from retrieval.words import words_of

Features = dict[str, float]


def features_of(query_words: Sequence[str], candidates: Sequence[Evidence], lexicon: Lexicon) -> list[Features]:
    """One row a candidate, in the candidates' order."""
    return [_row(query_words, candidate, lexicon) for candidate in candidates]


def _row(query_words: Sequence[str], candidate: Evidence, lexicon: Lexicon) -> Features:
    language = candidate.entry.language
    row: Features = {}
    everything: set[str] = set()
    for kind in ("question", "title", "answer"):
        words = {
            word for passage in candidate.passages if passage.kind == kind for word in words_of(passage.text, language)
        }
        everything |= words
        row[f"{kind}_coverage"] = lexicon.coverage(query_words, words)
        if candidate.cosine is not None:
            row[f"{kind}_cosine"] = max(0.0, candidate.cosine[kind])
    if candidate.cosine is not None:
        row["best_cosine"] = max(row["question_cosine"], row["title_cosine"])
    row["coverage"] = lexicon.coverage(query_words, everything)
    return row
