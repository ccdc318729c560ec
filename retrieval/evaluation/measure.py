"""The figures of one judged set: ranking by each arm, and how far the relevance can be trusted."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from retrieval.evaluation.bench import Found, dense_only
from retrieval.evaluation.metrics import auroc, calibration_error, found, reciprocal_rank
from retrieval.model import EntryId
from retrieval.relevance.calibration import Calibration, Judged, Weighing

_DEPTHS = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Ranking:
    """How early the right entry comes, over the answerable questions."""

    mrr_at_10: float
    recall_at_1: float
    recall_at_3: float
    recall_at_5: float


@dataclass(frozen=True, slots=True)
class Trust:
    """What the relevance of the first hit is worth.

    ``answered`` is the share of answerable questions whose first hit reaches ``answer_at``, ``precision`` the share
    of right ones among all that reach it, ``false_answers`` the share of unanswerable questions that reach it.
    """

    auroc: float
    calibration_error: float
    answered: float
    precision: float
    false_answers: float


@dataclass(frozen=True, slots=True)
class SetFigures:
    """All figures of one set."""

    name: str
    entries: int
    answerable: int
    unanswerable: int
    bm25: Ranking
    dense: Ranking
    both: Ranking
    words: Ranking
    relevance: Trust
    relevance_words: Trust

    def as_json(self) -> dict[str, object]:
        """The figures, rounded to four places."""
        return _rounded(asdict(self))


def figures(
    name: str, entries: int, results: Sequence[Found], calibration: Calibration, *, answer_at: float
) -> SetFigures:
    """Measure a set. One without unanswerable questions gets them made: see ``with_unanswerable``."""
    answerable = [result for result in results if result.question.answers]
    judged, weights = with_unanswerable(results)
    return SetFigures(
        name=name,
        entries=entries,
        answerable=len(answerable),
        unanswerable=len(results) - len(answerable),
        bm25=_ranking(answerable, _by_bm25),
        dense=_ranking(answerable, _by(dense_only(calibration))),
        both=_ranking(answerable, _by(calibration.both)),
        words=_ranking(answerable, _by(calibration.lexical)),
        relevance=_trust(judged, weights, calibration.both, answer_at),
        relevance_words=_trust(judged, weights, calibration.lexical, answer_at),
    )


def _by_bm25(result: Found) -> list[EntryId]:
    order = sorted(range(len(result.ids)), key=lambda i: (-result.bm25[i], result.ids[i]))
    return [result.ids[i] for i in order if result.bm25[i] > 0]


def _by(weighing: Weighing) -> Callable[[Found], list[EntryId]]:
    return lambda result: [entry_id for entry_id, _ in result.ranked(weighing)]


def _ranking(results: Sequence[Found], ranked: Callable[[Found], list[EntryId]]) -> Ranking:
    lists = [(ranked(result), result.question.answers) for result in results]
    recalls = [float(np.mean([found(ids, right, depth=d) for ids, right in lists])) for d in _DEPTHS]
    return Ranking(float(np.mean([reciprocal_rank(ids, right) for ids, right in lists])), *recalls)


def with_unanswerable(results: Sequence[Found]) -> tuple[list[Found], list[float]]:
    """Questions with their weights; a quarter of the weight is unanswerable.

    Where a set has none, each question is asked once more of an index without its right entries, and these
    count a third: the hardest kind, since everything near the question is still there.
    """
    if any(not result.question.answers for result in results):
        return list(results), [1.0] * len(results)
    twins = [result.without(result.question.answers) for result in results]
    return [*results, *twins], [1.0] * len(results) + [1 / 3] * len(twins)


def first_hits(results: Sequence[Found], weighing: Weighing) -> list[tuple[Judged | None, bool]]:
    """The first hit of each question and whether it is right."""
    tops = [(result, next(iter(result.ranked(weighing)), None)) for result in results]
    return [(None, False) if top is None else (top[1], top[0] in result.question.answers) for result, top in tops]


def _trust(results: Sequence[Found], weights: Sequence[float], weighing: Weighing, answer_at: float) -> Trust:
    tops = first_hits(results, weighing)
    p = np.array([judged.relevance if judged else 0.0 for judged, _ in tops])
    right = np.array([is_right for _, is_right in tops], dtype=float)
    w = np.array(weights)
    could = np.array([bool(result.question.answers) for result in results])
    said = p >= answer_at
    return Trust(
        auroc=auroc(p, right, w),
        calibration_error=calibration_error(p, right, w),
        answered=float(said[could].mean()),
        precision=float((w * right)[said].sum() / w[said].sum()) if said.any() else float("nan"),
        false_answers=float(said[~could].mean()) if (~could).any() else float("nan"),
    )


def _rounded(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError("figures are dictionaries")
    return {key: _rounded(item) if isinstance(item, dict) else _short(item) for key, item in value.items()}


def _short(item: object) -> object:
    if not isinstance(item, float):
        return item
    return None if math.isnan(item) else round(item, 4)
