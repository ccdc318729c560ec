"""What a sentence negates that its source does not, and the other way round."""

import re
from collections.abc import Sequence

from answering.quality.words import content_words, share_in, stems_of
from retrieval.words import stem_of

_NEGATION = re.compile(
    r"\b(?:not|no|never|without|nothing|nobody|none|cannot|neither|nor|nowhere)\b|n['’]t\b", re.IGNORECASE
)
_TURNING = re.compile(r"\b(?:until|unless|before|except|instead|rather|otherwise|yet|only)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.!?]| but ")
_SAME = 0.6  # share of a clause's words that makes it the same clause
_REACH = 5  # words: how far a negation reaches


def is_negated(text: str) -> bool:
    """Whether the negations of ``text`` do not cancel each other."""
    return len(_NEGATION.findall(text)) % 2 == 1


def moved_negations(sentence: str, nearest: Sequence[str]) -> float:
    """Share of the common words that are negated on one side only."""
    beside = " . ".join(nearest)
    common = {stem_of(word) for word in content_words(sentence)} & stems_of(beside)
    ours, theirs = _negated_stems(sentence) & common, _negated_stems(beside) & common
    return len(ours ^ theirs) / max(len(common), 1)


def _negated_stems(text: str) -> set[str]:
    """Stems of the content words shortly behind a negation in the same clause; before it, where it ends the clause."""
    found: set[str] = set()
    for clause in _CLAUSE.split(text):
        for match in _NEGATION.finditer(clause):
            behind = content_words(" ".join(clause[match.end() :].split()[:_REACH]))
            before = content_words(" ".join(clause[: match.start()].split()[-_REACH:]))
            found |= {stem_of(word) for word in behind or before}
    return found


def contradicted(sentence: str, sentences: Sequence[str]) -> float:
    """How much of a clause stands on the other side with the opposite sign.

    A side that says "until", "unless" or the like turns the sign by itself and is left out.
    """
    worst = 0.0
    ours, theirs = _clauses(sentence), [clause for part in sentences for clause in _clauses(part)]
    for one, other in ((one, other) for one in ours for other in theirs):
        negated, plain = (one, other) if is_negated(one) else (other, one)
        if is_negated(one) == is_negated(other) or _TURNING.search(negated) or _TURNING.search(plain):
            continue
        words = content_words(negated)
        held = share_in(words, stems_of(plain)) if words else 0.0
        worst = max(worst, held if held >= _SAME else 0.0)
    return worst


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if content_words(part)]
