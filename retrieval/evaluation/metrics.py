"""Figures of retrieval and of a probability, each as its field defines it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_BINS = 10


def reciprocal_rank(ranked: Sequence[str], right: frozenset[str], *, depth: int = 10) -> float:
    """One over the rank of the first right entry, 0 when it is not among the first ``depth``."""
    return next((1.0 / rank for rank, entry in enumerate(ranked[:depth], start=1) if entry in right), 0.0)


def found(ranked: Sequence[str], right: frozenset[str], *, depth: int) -> float:
    """1 when a right entry is among the first ``depth``, else 0."""
    return float(any(entry in right for entry in ranked[:depth]))


def auroc(scores: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None) -> float:
    """The chance that a right one scores above a wrong one, ties counting half; nan without both kinds."""
    s, y = np.asarray(scores, dtype=float), np.asarray(labels, dtype=bool)
    w = np.ones(len(s)) if weights is None else np.asarray(weights, dtype=float)
    if not y.any() or y.all():
        return float("nan")
    levels, level = np.unique(s, return_inverse=True)
    wrong = np.bincount(level, weights=w * ~y, minlength=len(levels))
    below = np.cumsum(wrong) - wrong / 2
    return float((w * y) @ below[level] / (w[y].sum() * w[~y].sum()))


def calibration_error(
    probabilities: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None, *, bins: int = _BINS
) -> float:
    """Expected calibration error (Naeini 2015): mean gap of probability and share right over equal bins."""
    p, y = np.asarray(probabilities, dtype=float), np.asarray(labels, dtype=float)
    w = np.ones(len(p)) if weights is None else np.asarray(weights, dtype=float)
    of = np.minimum((p * bins).astype(int), bins - 1)
    gap = np.abs(np.bincount(of, weights=w * (p - y), minlength=bins))
    return float(gap.sum() / w.sum())


def reliability(
    probabilities: NDArray[np.float64], labels: NDArray[np.float64], *, bins: int = _BINS
) -> list[tuple[float, float, int]]:
    """Mean probability, share right and count of each bin that is not empty."""
    of = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        (float(probabilities[of == b].mean()), float(labels[of == b].mean()), int((of == b).sum()))
        for b in range(bins)
        if (of == b).any()
    ]
