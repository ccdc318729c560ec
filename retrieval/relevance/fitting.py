"""Fitting a weighing's relevance: logistic regression whose weights may not be negative."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retrieval.relevance.calibration import Weighing
from retrieval.relevance.features import Features

COMPARED = ("score", "gap", "lead", "coverage_gap")
"""What the relevance is made of. More of any must never mean less relevance, hence no negative weights."""

_STEPS = 4000
_RIDGE = 1e-3


def fit_relevance(weighing: Weighing, rows: Sequence[Features], labels: ArrayLike, weights: ArrayLike) -> Weighing:
    """The same ranking with intercept and relevance weights that make ``labels`` most likely.

    ``rows`` hold the features named in ``COMPARED``.
    """
    x = np.array([[row[name] for name in COMPARED] for row in rows])
    y, w = np.asarray(labels, dtype=float), np.asarray(weights, dtype=float)
    spread = x.std(axis=0) + 1e-9
    centre = x.mean(axis=0)
    beta = _ascend((x - centre) / spread, y, w / w.sum())
    slopes = beta[1:] / spread
    return replace(
        weighing,
        relevance={name: float(slope) for name, slope in zip(COMPARED, slopes, strict=True)},
        intercept=float(beta[0] - slopes @ centre),
    )


def _ascend(x: NDArray[np.float64], y: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Projected gradient ascent on the penalised log likelihood; the problem is concave, so it finds the top."""
    columns = np.column_stack([np.ones(len(x)), x])
    beta = np.zeros(columns.shape[1])
    step = 4.0 / np.linalg.eigvalsh(columns.T @ (columns * w[:, None])).max()
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-(columns @ beta)))
        gradient = columns.T @ (w * (y - p))
        gradient[1:] -= _RIDGE * beta[1:]
        beta += step * gradient
        beta[1:] = np.maximum(beta[1:], 0.0)
    return beta


def as_json(version: str, both: Weighing, lexical: Weighing, notes: Mapping[str, object]) -> dict[str, object]:
    """A calibration file's content."""

    def one(weighing: Weighing) -> dict[str, object]:
        return {
            "ranking": dict(weighing.ranking),
            "relevance": {name: round(weight, 4) for name, weight in weighing.relevance.items()},
            "intercept": round(weighing.intercept, 4),
            "outdone": weighing.outdone,
        }

    return {"version": version, "both": one(both), "lexical": one(lexical), "fitted": dict(notes)}
