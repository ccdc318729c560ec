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
    - ``coverage``: the same for title, questions and that passage together
    - ``bm25_share``: the engine's score, as a share of the best candidate's
    - ``same_question``: 0 until title or a question is nearly the same as what was asked, 1 when it is the same;
      without it an entry's very own question could lose against another entry's longer answer
    """
    matches = _match(query, [words for candidate in candidates for words in candidate.words], vocabulary)
    layout = _Layout.of(candidates)
    by_questions, by_all = layout.covered_together(matches)
    columns: dict[str, NDArray[np.floating]] = {
        "question_words": layout.best(matches.mutual, layout.asked),
        "question_coverage": by_questions,
        "answer_coverage": layout.best(matches.covered, ~layout.asked),
        "coverage": by_all,
        "bm25_share": _shares([sum(candidate.bm25.values()) for candidate in candidates]),
    }
    if candidates and all(candidate.cosines is not None for candidate in candidates):
        cosines = np.concatenate([candidate.cosines for candidate in candidates if candidate.cosines is not None])
        columns["question_cosine"] = layout.best(cosines, layout.asked)
        columns["question_agreement"] = layout.agreement(cosines)
        columns["answer_cosine"] = layout.best(cosines, ~layout.asked)
        columns["best_cosine"] = np.maximum(columns["question_cosine"], columns["answer_cosine"])
    nearness = columns.get("question_cosine", columns["question_words"])
    columns["same_question"] = np.maximum(0.0, (nearness - _NEARLY_THE_SAME) / (1.0 - _NEARLY_THE_SAME))
    values = np.column_stack([column.astype(np.float64) for column in columns.values()]).tolist()
    return [dict(zip(columns, row, strict=True)) for row in values]


@dataclass(frozen=True, slots=True)
class _Matches:
    """The words of the question against passages; ``found`` has a row a word, all have a column a passage."""

    found: NDArray[np.float64]
    shares: NDArray[np.float64]
    covered: NDArray[np.float64]
    mutual: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each candidate's passages lie among all: a row a candidate, padded with the place after the last.

    All candidates are handled in one go, since a search looks at hundreds of passages.
    """

    places: NDArray[np.int64]
    there: NDArray[np.bool_]
    asked: NDArray[np.bool_]

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> "_Layout":
        lengths = np.array([len(candidate.passages) for candidate in candidates], dtype=np.int64)
        ends = np.cumsum(lengths)
        total, width = int(lengths.sum()), max(_WITNESSES, int(lengths.max(initial=0)))
        there = np.arange(width) < lengths[:, None]
        places = np.where(there, np.arange(width) + (ends - lengths)[:, None], total)
        kinds = [passage.kind != "answer" for candidate in candidates for passage in candidate.passages]
        asked = np.array([*kinds, False], dtype=np.bool_)
        return cls(places, there, asked[places])

    def best(self, values: NDArray[np.floating], chosen: NDArray[np.bool_]) -> NDArray[np.floating]:
        """The best value of each candidate among its chosen passages, 0 without any or below 0."""
        padded = np.append(values, 0.0)[self.places]
        best: NDArray[np.floating] = np.where(chosen & self.there, padded, 0.0).max(axis=1)
        return best

    def agreement(self, cosines: NDArray[np.float32]) -> NDArray[np.floating]:
        """The mean of the three nearest questions; where there are fewer, the farthest of them stands in."""
        padded = np.append(cosines, 0.0)[self.places]
        nearest = -np.sort(np.where(self.asked, -padded, np.inf), axis=1)[:, :_WITNESSES]
        count = np.minimum(self.asked.sum(axis=1), _WITNESSES)
        farthest = np.take_along_axis(nearest, np.maximum(count - 1, 0)[:, None], axis=1)
        filled = np.where(np.arange(_WITNESSES) < count[:, None], nearest, farthest)
        mean: NDArray[np.floating] = np.where(count > 0, np.maximum(0.0, filled.mean(axis=1)), 0.0)
        return mean

    def covered_together(self, matches: _Matches) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """How much of the question's word weight each candidate's title and questions hold together.

        And how much these hold together with the passage of the answer that holds most by itself.
        """
        padded = np.column_stack([matches.found, np.zeros(len(matches.found))])[:, self.places]
        asked: NDArray[np.float64] = np.where(self.asked, padded, 0.0).max(axis=2)
        of_answers = np.where(self.asked, 0.0, np.append(matches.covered, 0.0)[self.places])
        told = np.take_along_axis(padded, of_answers.argmax(axis=1)[None, :, None], axis=2)[:, :, 0]
        return matches.shares @ asked, matches.shares @ np.maximum(asked, told)


def _shares(scores: Sequence[float]) -> NDArray[np.floating]:
    """Each score as a share of the highest; all 0 where no word was found."""
    found = np.maximum(np.array(scores, dtype=np.float64), 0.0)
    highest = found.max(initial=0.0)
    return found / highest if highest > 0.0 else found


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
