"""How well a source holds a sentence, in a few numbers.

The sentence is laid beside the source's sentences by words and vectors. What is new in it, what it negates that the
source does not, what it says under conditions that the source does not know, and what it puts together that stands
apart there, is measured; ``doubt`` says what follows from that.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from answering.quality.binding import Layout, misplaced, rebound_in, torn
from answering.quality.claims import Statements, claims_of
from answering.quality.modals import modals_of
from answering.quality.negation import contradicted, is_negated, moved_negations
from answering.quality.scope import scope_of
from answering.quality.statements import clauses_of
from answering.quality.terms import swapped_in
from answering.quality.words import content_words, light_words, share_in, stems_of
from retrieval.ports import Vectors
from retrieval.words import stem_of, surface_words_of

FEATURES = (
    *(
        "distance",
        "clause_distance",
        "uncovered",
        "substituted",
        "negated",
        "negation_moved",
        "contradicted",
        "flipped",
    ),
    *("condition", "swapped", "misplaced", "rebound", "scattered", "apart", "added", "unexcepted"),
    *("new", "newest", "torn", "modal_turned", "modal_added", "all_added", "some_added", "some_dropped"),
    *("condition_added", "condition_dropped", "condition_turned", "condition_made"),
)

_CLAUSE = re.compile(r"[,;:.!?]| and | but |\bso\b|\bbecause\b")
_CONDITION = re.compile(
    r"\b(?:if|unless|until|when|while|after|before|once|as long as|as soon as|even|as often as|provided|although|from"
    r"|except|within|whenever|whatever|during|up to)\b",
    re.IGNORECASE,
)
_MANY = 4.0  # new words from which on it makes no difference
_SOURCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source as sentences can be compared with it; ``stems`` are all its words', ``topic`` its title's."""

    text: str
    sentences: tuple[str, ...]
    stems: frozenset[str]
    words: tuple[str, ...]
    topic: frozenset[str]
    layout: Layout
    statements: Statements

    @classmethod
    def of(cls, title: str, text: str) -> "SourceText":
        """Cut and lay out a source."""
        whole = f"{title}\n{text}"
        sentences = tuple(part.strip(" -*") for part in _SOURCE_END.split(whole) if part.strip(" -*"))
        return cls(
            whole, sentences, frozenset(stems_of(whole)), tuple(content_words(whole)), frozenset(stems_of(title)),
            Layout.of(text), Statements.of(text),
        )  # fmt: skip


def texts_to_embed(sentences: Sequence[str], source: SourceText) -> list[str]:
    """All that ``features_of`` needs vectors of."""
    words = [word for sentence in sentences for word in content_words(sentence)]
    clauses = [clause.text for sentence in sentences for clause in clauses_of(sentence)]
    held = [clause.text for clause in source.statements.clauses]
    return list(dict.fromkeys([*sentences, *source.sentences, *words, *source.words, *clauses, *held]))


def features_of(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> dict[str, float]:
    """The numbers named in ``FEATURES`` for one sentence; more of any of them is never a good sign by itself."""
    nearest = _nearest(sentence, source, vectors)
    content = content_words(sentence)
    covered = share_in(content, stems_of(" ".join(nearest)))
    layout = Layout.of(sentence)
    newness = [_newness(word, source, vectors) for word in content]
    return {
        "distance": _farness(sentence, source.sentences, vectors),
        "clause_distance": _clause_distance(sentence, source, vectors),
        "uncovered": 1.0 - covered,
        "substituted": _substituted(sentence, source, vectors),
        "negated": float(is_negated(sentence) != is_negated(nearest[0])) * covered,
        "negation_moved": moved_negations(sentence, nearest),
        "contradicted": contradicted(sentence, source.sentences),
        "condition": _strange_condition(sentence, source, vectors),
        "swapped": float(min(len(swapped_in(sentence, source.text)), 2)),
        "misplaced": misplaced(layout, source.layout),
        "rebound": max((v for v, a in rebound_in(layout, source.layout, source.topic) if not a.counts), default=0.0),
        "new": min(sum(newness), _MANY) / _MANY,
        "newest": max(newness, default=0.0),
        "torn": torn(layout, source.layout),
        **claims_of(sentence, source.statements),
        **modals_of(sentence, " ".join(nearest)),
        **scope_of(sentence, nearest[0], source.text, source.stems),
    }


def _nearest(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> list[str]:
    """The two sentences of the source that are nearest by words and meaning together."""
    words = content_words(sentence)
    closeness = [share_in(words, stems_of(other)) + _likeness(sentence, other, vectors) for other in source.sentences]
    return [source.sentences[number] for number in np.argsort(-np.array(closeness))[:2]]


def _farness(text: str, others: Sequence[str], vectors: Mapping[str, Vectors]) -> float:
    return 1.0 - max(_likeness(text, other, vectors) for other in others)


def _clause_distance(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> float:
    """How far the strangest clause is from whatever sentence or clause of the source is nearest to it."""
    held = [*source.sentences, *(clause.text for clause in source.statements.clauses)]
    return max((_farness(clause.text, held, vectors) for clause in clauses_of(sentence)), default=0.0)


def _substituted(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> float:
    """How unlike a word is to the one whose place it took in an otherwise equal sentence of the source."""
    ours = [word for word in surface_words_of(sentence) if word not in light_words()]
    worst = 0.0
    for text in source.sentences:
        theirs = [word for word in surface_words_of(text) if word not in light_words()]
        stems = [stem_of(word) for word in ours], [stem_of(word) for word in theirs]
        matcher = difflib.SequenceMatcher(None, *stems, autojunk=False)
        same = sum(block.size for block in matcher.get_matching_blocks()) / max(len(ours), 1)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "replace":
                unlike = 1.0 - max(_likeness(one, other, vectors) for one in ours[a:b] for other in theirs[c:d])
                worst = max(worst, unlike * same)
    return worst


def _likeness(one: str, other: str, vectors: Mapping[str, Vectors]) -> float:
    """The cosine of two texts; numbers among the words have no vectors and are like nothing."""
    return float(vectors[one] @ vectors[other]) if one in vectors and other in vectors else 0.0


def _strange_condition(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> float:
    """How much of a condition ("if …", "until …") the source does not know."""
    worst = 0.0
    for match in _CONDITION.finditer(sentence):
        words = content_words(_CLAUSE.split(sentence[match.end() :])[0])
        if words:
            worst = max(worst, sum(_newness(word, source, vectors) for word in words) / len(words))
    return worst


def _newness(word: str, source: SourceText, vectors: Mapping[str, Vectors]) -> float:
    """0 for a word of the source in any form, small for a synonym, near 1 for something else."""
    if stem_of(word) in source.stems:
        return 0.0
    return 1.0 - max((_likeness(word, other, vectors) for other in source.words), default=0.0)
