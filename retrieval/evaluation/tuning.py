"""What each choice of ``answer_at`` would give: how much is answered, and how much of that rightly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.bench import Found
from retrieval.evaluation.measure import first_hits, with_unanswerable
from retrieval.relevance.calibration import Weighing

_STEPS = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One threshold. ``answered`` and ``false_answers`` are shares of the answerable and the unanswerable questions.

    ``precision`` is the share of right answers among all that are told, None when none is.
    """

    answer_at: float
    answered: float
    precision: float | None
    false_answers: float


def choices(results: Sequence[Found], weighing: Weighing) -> list[Choice]:
    """Every threshold from 0 to 1 in hundredths."""
    judged, weights = with_unanswerable(results)
    tops = first_hits(judged, weighing)
    relevance = np.array([top.relevance if top else 0.0 for top, _ in tops])
    right = np.array([is_right for _, is_right in tops], dtype=float)
    could = np.array([bool(result.question.answers) for result in judged])
    weight = np.array(weights)

    def choice(answer_at: float) -> Choice:
        told = relevance >= answer_at
        total = float(weight[told].sum())
        return Choice(
            answer_at,
            float(told[could].mean()) if could.any() else 0.0,
            float((weight * right)[told].sum()) / total if total else None,
            float(told[~could].mean()) if (~could).any() else 0.0,
        )

    return [choice(step / _STEPS) for step in range(_STEPS + 1)]


def first_with_precision(found: Sequence[Choice], precision: float) -> Choice | None:
    """The lowest threshold from which on precision never falls below what is wanted."""
    good: Choice | None = None
    for choice in reversed(found):
        if choice.precision is not None and choice.precision < precision:
            break
        good = choice
    return good if good and good.precision is not None else None
