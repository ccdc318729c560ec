"""The figures that intent classifiers are judged by, in numpy only."""

from collections.abc import Sequence

import numpy as np


def accuracy(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """Share of right answers."""
    return float(np.mean([a == b for a, b in zip(gold, predicted, strict=True)])) if gold else 0.0


def macro_f1(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """Mean F1 over the labels that occur in ``gold``."""
    scores = []
    pairs = list(zip(gold, predicted, strict=True))
    for label in sorted(set(gold)):
        hits = sum(a == b == label for a, b in pairs)
        misses = sum((a == label) != (b == label) for a, b in pairs)
        scores.append(2 * hits / (2 * hits + misses))
    return float(np.mean(scores)) if scores else 0.0


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Chance that an in-scope score is above an out-of-scope one; ties count half."""
    if not inside or not outside:
        return 0.0
    scores = np.concatenate([np.asarray(inside, dtype=float), np.asarray(outside, dtype=float)])
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean_rank = (last - counts + 1 + last) / 2
    rank_sum = mean_rank[inverse[: len(inside)]].sum()
    return float((rank_sum - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside)))


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool], *, bins: int = 15) -> float:
    """Mean distance of confidence and accuracy over equally wide bins (Guo et al. 2017, arXiv:1706.04599)."""
    sure, hit = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    places = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    total = 0.0
    for place in range(bins):
        own = places == place
        if own.any():
            total += own.mean() * abs(sure[own].mean() - hit[own].mean())
    return float(total)
