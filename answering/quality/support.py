"""How well a source holds a sentence, in a few numbers of which more is always worse.

The sentence is laid beside the source's sentences by words and vectors. What is new in it, what it negates that the
source does not, and what it says under conditions that the source does not know, is measured; ``weights.json`` says
how much each counts (fitted by ``python -m answering.evaluation grounding --fit`` on the tuning half of the pairs).
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from answering.quality.quantities import quantities_in
from answering.quality.terms import members_in, swapped_in
from retrieval.ports import Vectors
from retrieval.words import stem_of, surface_words_of

FEATURES = (
    *("distance", "uncovered", "negated", "negation_moved", "contradicted", "condition", "swapped", "misbound"),
)

_NEGATION = re.compile(
    r"\b(?:not|no|never|without|nothing|nobody|none|cannot|neither|nor|nowhere)\b|n['’]t\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[,;:.!?]| and | but |\bso\b|\bbecause\b")
_CONDITION = re.compile(
    r"\b(?:if|unless|until|when|while|after|before|once|as long as|as soon as|even|as often as|provided|although|from"
    r"|except|within|whenever|whatever|during|up to)\b",
    re.IGNORECASE,
)
_SOURCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_TURNING = re.compile(r"\b(?:until|unless|before|except|instead|rather|otherwise|yet|only)\b", re.IGNORECASE)
_SAME = 0.6  # share of a clause's words that makes it the same clause
_REACH = 5  # words: how far a negation reaches


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source, cut into sentences and clauses, with the stems of all its words and of its title's."""

    text: str
    sentences: tuple[str, ...]
    stems: frozenset[str]
    words: tuple[str, ...]
    topic: frozenset[str]
    parts: tuple[str, ...]

    @classmethod
    def of(cls, title: str, text: str) -> "SourceText":
        """The source as it is compared with."""
        sentences = tuple(part.strip(" -*") for part in _SOURCE_END.split(f"{title}\n{text}") if part.strip(" -*"))
        whole = f"{title}\n{text}"
        return cls(
            whole, sentences, frozenset(_stems(whole)), tuple(content_words(whole)), frozenset(_stems(title)),
            tuple(_parts_of(text.replace("\n", ". "))),
        )  # fmt: skip


@functools.lru_cache(maxsize=1)
def light_words() -> frozenset[str]:
    """Words that carry little: a paraphrase changes them freely."""
    return frozenset(Path(__file__).with_name("light_words.txt").read_text("utf-8").split())


def content_words(text: str) -> list[str]:
    """The words that carry the meaning, each once."""
    return [word for word in surface_words_of(text) if word not in light_words() and not word.isdigit()]


def texts_to_embed(sentences: Sequence[str], source: SourceText) -> list[str]:
    """All that ``features_of`` needs vectors of."""
    new = [word for sentence in sentences for word in new_words(sentence, source)]
    return list(dict.fromkeys([*sentences, *source.sentences, *new, *source.words]))


def new_words(sentence: str, source: SourceText) -> list[str]:
    """Content words of the sentence of which the source has no form."""
    return [word for word in content_words(sentence) if stem_of(word) not in source.stems]


def features_of(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> dict[str, float]:
    """The numbers named in ``FEATURES`` for one sentence."""
    news = {word: _newness(word, source, vectors) for word in new_words(sentence, source)}
    content = content_words(sentence)
    closeness = _closeness(sentence, source, vectors)
    nearest = [source.sentences[number] for number in np.argsort(-closeness)[:2]]
    covered = _share_in(content, _stems(" ".join(nearest)))
    return {
        "distance": 1.0 - float(np.max(_cosines(sentence, source, vectors))),
        "uncovered": 1.0 - covered,
        "negated": float(_is_negated(sentence) != _is_negated(nearest[0])) * covered,
        "negation_moved": _moved_negations(sentence, nearest),
        "contradicted": _contradicted(sentence, source),
        "condition": _strange_condition(sentence, news),
        "swapped": float(min(len(swapped_in(sentence, source.text)), 2)),
        "misbound": _misbound(sentence, source),
    }


def _stems(text: str) -> set[str]:
    return {stem_of(word) for word in surface_words_of(text)}


def _share_in(words: Sequence[str], stems: set[str]) -> float:
    return sum(stem_of(word) in stems for word in words) / len(words) if words else 1.0


def _cosines(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> Vectors:
    return np.array([float(vectors[sentence] @ vectors[other]) for other in source.sentences])


def _closeness(sentence: str, source: SourceText, vectors: Mapping[str, Vectors]) -> Vectors:
    words = content_words(sentence)
    overlap = np.array([_share_in(words, _stems(other)) for other in source.sentences])
    return np.asarray(_cosines(sentence, source, vectors) + overlap)


def _newness(word: str, source: SourceText, vectors: Mapping[str, Vectors]) -> float:
    """How unlike every word of the source a word is: 0 for a synonym, near 1 for something else."""
    likeness = [float(vectors[word] @ vectors[other]) for other in source.words]
    return 1.0 - max(likeness, default=0.0)


def _is_negated(text: str) -> bool:
    return len(_NEGATION.findall(text)) % 2 == 1


def _negated_stems(text: str) -> set[str]:
    """Stems of the content words shortly behind a negation in the same clause; before it, where it ends the clause."""
    found: set[str] = set()
    for clause in re.split(r"[,;:.!?]| but ", text):
        for match in _NEGATION.finditer(clause):
            behind = content_words(" ".join(clause[match.end() :].split()[:_REACH]))
            before = content_words(" ".join(clause[: match.start()].split()[-_REACH:]))
            found |= {stem_of(word) for word in behind or before}
    return found


def _moved_negations(sentence: str, nearest: Sequence[str]) -> float:
    """Share of the common words that are negated on one side only."""
    beside = " . ".join(nearest)
    common = {stem_of(word) for word in content_words(sentence)} & _stems(beside)
    ours, theirs = _negated_stems(sentence) & common, _negated_stems(beside) & common
    return len(ours ^ theirs) / max(len(common), 1)


def _contradicted(sentence: str, source: SourceText) -> float:
    """How much of a clause stands on the other side with the opposite sign.

    A side that says "until", "unless" or the like turns the sign by itself and is left out.
    """
    worst = 0.0
    ours, theirs = _clauses(sentence), [clause for part in source.sentences for clause in _clauses(part)]
    for one, other in ((one, other) for one in ours for other in theirs):
        negated, plain = (one, other) if _is_negated(one) else (other, one)
        if _is_negated(one) == _is_negated(other) or _TURNING.search(negated) or _TURNING.search(plain):
            continue
        words = content_words(negated)
        held = _share_in(words, _stems(plain)) if words else 0.0
        worst = max(worst, held if held >= _SAME else 0.0)
    return worst


def _clauses(text: str) -> list[str]:
    return [part for part in re.split(r"[,;:.!?]| but ", text) if content_words(part)]


def _strange_condition(sentence: str, news: Mapping[str, float]) -> float:
    """How much of a condition ("if …", "until …") the source does not know."""
    worst = 0.0
    for match in _CONDITION.finditer(sentence):
        clause = _CLAUSE.split(sentence[match.end() :])[0]
        words = content_words(clause)
        if words:
            worst = max(worst, sum(news.get(word, 0.0) for word in words) / len(words))
    return worst


def _misbound(sentence: str, source: SourceText) -> float:
    """How much better the sentence goes with a part of the source that says something else in the same place.

    "50 hours with noise cancelling" goes with "38 hours with noise cancelling", not with "50 hours without".
    """
    worst = 0.0
    parts = [(part, _facts(part)) for part in source.parts]
    for clause in _parts_of(sentence):
        words = [word for word in content_words(clause) if stem_of(word) not in source.topic]
        ours = _facts(clause)
        for kind, facts in ours.items():
            others = [word for word in words if word not in " ".join(map(str, facts))]
            agreeing = [_share_in(others, _stems(part)) for part, found in parts if facts & found.get(kind, set())]
            rivals = [
                _share_in(others, _stems(part)) for part, found in parts if found.get(kind) and not facts & found[kind]
            ]
            if others and agreeing and rivals:
                worst = max(worst, max(rivals) - max(agreeing))
    return worst


def _facts(text: str) -> dict[str, set[str]]:
    """What the text says in places where it could say something else: quantities by unit, members by group."""
    found = members_in(text)
    for quantity in quantities_in(text):
        found.setdefault(f"in {quantity.unit}", set()).add(quantity.value)
    return found


def _parts_of(text: str) -> list[str]:
    """Clauses; an "and" parts them only where both sides hold a number."""
    found: list[str] = []
    for clause in re.split(r"[;:]|[.!?](?=\s|$)|,(?!\d)| but ", text):
        sides = clause.split(" and ")
        numbered = len(sides) > 1 and all(quantities_in(side) for side in sides)
        found += sides if numbered else [clause]
    return [part for part in found if part.strip()]
