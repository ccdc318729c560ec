"""What a sentence claims beside the statement of the source that it is nearest to: its sign, its scope, its parts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from answering.quality.statements import Clause, clauses_of

_SAME = 0.5  # share of a clause's words that makes another one a statement about the same
_ELSEWHERE = 0.9  # what a word counts that stands in another clause of the same sentence
_ADDED = re.compile(r"\b(?:also|too|even|as well|likewise|besides|whether or not|regardless)\b", re.IGNORECASE)
_EXCEPTED = re.compile(
    r"\b(?:only|except|unless|excluded?|not|never|no|cannot|without|at most|instead|neither|nor)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statements:
    """The source as statements: its clauses, and of each sentence the stems and the text; ``stems`` of all."""

    clauses: tuple[Clause, ...]
    sentences: tuple[frozenset[str], ...]
    texts: tuple[str, ...]
    stems: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Statements":
        """Cut the source."""
        clauses = tuple(clauses_of(text))
        count = 1 + max((clause.sentence for clause in clauses), default=-1)
        own = [[clause for clause in clauses if clause.sentence == number] for number in range(count)]
        texts = tuple(" ".join(clause.text for clause in group) for group in own)
        return cls(clauses, tuple(_together(group) for group in own), texts, _together(clauses))


def claims_of(sentence: str, source: Statements) -> dict[str, float]:
    """How far a sentence says something else than what it is nearest to; each in [0, 1].

    ``flipped``: a clause goes with a statement of the opposite sign. ``scattered``, ``apart``: what a clause, and the
    sentence, put together stands in different clauses, and sentences. ``added``: "also", "even" without such a word in
    the nearest sentence. ``unexcepted``: that one restricts or negates and this one does not.
    """
    clauses = clauses_of(sentence)
    if not clauses or not source.clauses:
        return dict.fromkeys(("flipped", "scattered", "apart", "added", "unexcepted"), 0.0)
    held = [clause.stems for clause in source.clauses]
    whole = [_together(c for c in clauses if c.sentence == number) for number in {c.sentence for c in clauses}]
    nearest = _nearest_text(_together(clauses), source)
    return {
        "flipped": max(_flipped(clause, source) for clause in clauses),
        "scattered": max(_scattered(clause.stems, source.stems, held) for clause in clauses),
        "apart": max(_scattered(stems, source.stems, source.sentences) for stems in whole),
        "added": float(bool(_ADDED.search(sentence)) and not _ADDED.search(nearest)),
        "unexcepted": float(bool(_EXCEPTED.search(nearest)) and not _EXCEPTED.search(sentence)),
    }


def _together(clauses: Iterable[Clause]) -> frozenset[str]:
    return frozenset[str]().union(*(clause.stems for clause in clauses))


def _share(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return len(ours & theirs) / len(ours) if ours else 0.0


def _flipped(clause: Clause, source: Statements) -> float:
    """How much better the clause goes with a statement of the opposite sign than with any of its own."""
    best = {True: 0.0, False: 0.0}
    for other in source.clauses:
        here = _share(clause.stems, other.stems)
        likeness = max(here, _ELSEWHERE * _share(clause.stems, source.sentences[other.sentence])) if here else 0.0
        best[other.negated] = max(best[other.negated], likeness)
    own, opposite = best[clause.negated], best[not clause.negated]
    return max(0.0, opposite - own) if opposite >= _SAME else 0.0


def _scattered(stems: frozenset[str], known: frozenset[str], groups: Iterable[frozenset[str]]) -> float:
    """Share of the words known to the source that do not stand in the group which holds most of them."""
    ours = stems & known
    return 1.0 - max((_share(ours, group) for group in groups), default=1.0) if len(ours) > 1 else 0.0


def _nearest_text(stems: frozenset[str], source: Statements) -> str:
    shares = [_share(stems, sentence) for sentence in source.sentences]
    return source.texts[shares.index(max(shares))]
