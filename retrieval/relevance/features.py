"""Features of the candidates for one query: the numbers that ranking and calibration weigh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.model import Entry, Passage
from retrieval.relevance.query import Query, likeness
from retrieval.relevance.vocabulary import Vocabulary, WordIds

Features = dict[str, float]

_NEARLY_THE_SAME = 0.9
_WITNESSES = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that one of the arms brought up.

    ``words[i]`` and ``cosines[i]`` belong to ``passages[i]``; ``cosines`` is None without vectors.
    ``bm25`` is the engine's score by field.
    """

    entry: Entry
    passages: Sequence[Passage]
    words: Sequence[WordIds]
    cosines: NDArray[np.float32] | None
    bm25: Mapping[str, float]

    @property
    def nearest(self) -> Passage | None:
        """The passage nearest to the question, when there are vectors."""
        return None if self.cosines is None else self.passages[int(np.argmax(self.cosines))]


def features_of(query: Query, candidates: Sequence[Candidate], vocabulary: Vocabulary) -> list[Features]:
    """One row a candidate, in the candidates' order. All features lie in [0, 1].

    ``question_…`` compares with the entry's title and questions, ``answer_…`` with its answer's passages,
    each passage read together with its title:

    - ``question_cosine``, ``answer_cosine``, ``best_cosine``: best cosine of the sentence vectors
    - ``question_agreement``: mean cosine of the three nearest, since one lucky wording says less than three
    - ``question_words``: how well the words of both sides cover each other (F1 of weighted soft matches)
    - ``question_coverage``: how much of the question's word weight is found in title and questions together
    - ``answer_coverage``: the same for the best single passage of the answer; together a long answer covers anything
    - ``same_question``: 0 until title or a question is nearly the same as what was asked, 1 when it is the same;
      without it an entry's very own question could lose against another entry's longer answer
    """
    matches = _match(query, [words for candidate in candidates for words in candidate.words], vocabulary)
    rows: list[Features] = []
    first = 0
    for candidate in candidates:
        last = first + len(candidate.passages)
        rows.append(_row(candidate, matches.of(first, last)))
        first = last
    return rows


@dataclass(frozen=True, slots=True)
class _Matches:
    """The words of the question against passages; ``found`` has a row a word, all have a column a passage."""

    found: NDArray[np.float64]
    weights: NDArray[np.float64]
    covered: NDArray[np.float64]
    mutual: NDArray[np.float64]

    def of(self, first: int, last: int) -> "_Matches":
        part = slice(first, last)
        return _Matches(self.found[:, part], self.weights, self.covered[part], self.mutual[part])

    def covered_together(self, chosen: NDArray[np.bool_]) -> float:
        if not chosen.any() or not len(self.weights):
            return 0.0
        return float(self.weights @ self.found[:, chosen].max(axis=1))


def _row(candidate: Candidate, matches: _Matches) -> Features:
    in_answer = np.array([passage.kind == "answer" for passage in candidate.passages])
    row: Features = {
        "question_words": _best(matches.mutual[~in_answer]),
        "question_coverage": matches.covered_together(~in_answer),
        "answer_coverage": _best(matches.covered[in_answer]),
    }
    if candidate.cosines is not None:
        row["question_cosine"] = _best(candidate.cosines[~in_answer])
        row["question_agreement"] = _agreement(candidate.cosines[~in_answer])
        row["answer_cosine"] = _best(candidate.cosines[in_answer])
        row["best_cosine"] = max(row["question_cosine"], row["answer_cosine"])
    nearness = row.get("question_cosine", row["question_words"])
    row["same_question"] = max(0.0, (nearness - _NEARLY_THE_SAME) / (1.0 - _NEARLY_THE_SAME))
    return row


def _best(values: NDArray[np.floating]) -> float:
    return max(0.0, float(values.max())) if len(values) else 0.0


def _agreement(cosines: NDArray[np.float32]) -> float:
    """The mean of the three nearest; where there are fewer, the farthest of them stands in."""
    nearest = np.sort(cosines)[::-1][:_WITNESSES]
    if not len(nearest):
        return 0.0
    return max(0.0, float(nearest.sum() + nearest[-1] * (_WITNESSES - len(nearest))) / _WITNESSES)


def _match(query: Query, passages: Sequence[WordIds], vocabulary: Vocabulary) -> _Matches:
    """How much of each word of the question each passage holds, and what follows from it."""
    count = len(passages)
    found, covered, mutual = np.zeros((len(query.words), count)), np.zeros(count), np.zeros(count)
    lengths = np.array([len(words) for words in passages], dtype=np.int64)
    filled = np.flatnonzero(lengths)
    if not query.words or not len(filled):
        return _Matches(found, np.zeros(len(query.words)), covered, mutual)
    flat = np.concatenate([words for words in passages if len(words)])
    starts = np.concatenate(([0], np.cumsum(lengths[filled])[:-1]))
    ids, position = np.unique(flat, return_inverse=True)
    alike = likeness(query, ids, vocabulary)
    shares = query.weights / query.weights.sum()
    found[:, filled] = np.maximum.reduceat(alike[:, position], starts, axis=1)
    covered[filled] = shares @ found[:, filled]
    passage_weights = vocabulary.columns(query.language).weights[ids][position]
    told = np.add.reduceat(alike.max(axis=0)[position] * passage_weights, starts)
    asked = told / np.add.reduceat(passage_weights, starts)
    mutual[filled] = 2 * covered[filled] * asked / np.maximum(covered[filled] + asked, 1e-9)
    return _Matches(found, shares, covered, mutual)
