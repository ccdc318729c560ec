"""Fit the numbers that turn evidence into probabilities, on held-back sentences only."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from intent_service.model import Matrix, Vector
from intent_service.scoring import Calibration, logits, scope_features, scope_scores
from intent_service.training.crossfit import HeldBack

KEPT_IN_SCOPE = 0.97
"""The threshold keeps this share of the held-back sentences that were understood rightly."""

FUSION_START = (12.0, 6.0, 6.0)
FUSION_BOUNDS = ((0.5, 60.0), (0.0, 60.0), (0.0, 60.0))


def calibrate(folds: Sequence[HeldBack]) -> Calibration:
    """Fit fusion weights, scope score and threshold."""
    fusion = fit_fusion(folds)
    inside, outside, right = [], [], []
    for fold in folds:
        fused = logits(fold.inside, fusion)
        inside.append(scope_features(fold.inside, fused))
        right.append(fused.argmax(axis=1) == fold.targets)
        outside.append(scope_features(fold.outside, logits(fold.outside, fusion)))
    return fit_scope(fusion, np.concatenate(inside), np.concatenate(right), np.concatenate(outside))


def fit_fusion(folds: Sequence[HeldBack]) -> tuple[float, float, float]:
    """The three weights with the least negative log likelihood; the temperature is in their size."""
    # in double precision: the search takes differences too small for single
    witnesses = [
        np.stack([fold.inside.head, fold.inside.tuned, fold.inside.base], axis=-1).astype(np.float64) for fold in folds
    ]
    count = sum(len(fold.targets) for fold in folds)

    def loss(weights: NDArray[np.float64]) -> float:
        total = 0.0
        for seen, fold in zip(witnesses, folds, strict=True):
            fused = seen @ weights
            total += float((logsumexp(fused, axis=1) - fused[np.arange(len(fused)), fold.targets]).sum())
        return total / max(1, count)

    found = minimize(loss, FUSION_START, method="L-BFGS-B", bounds=FUSION_BOUNDS).x
    return float(found[0]), float(found[1]), float(found[2])


def fit_scope(fusion: tuple[float, float, float], inside: Matrix, right: Vector, outside: Matrix) -> Calibration:
    """A logistic function of the scope features, both sides weighing the same, and its threshold."""
    features = np.concatenate([inside, outside])
    means, scales = features.mean(axis=0), features.std(axis=0) + 1e-6
    target = np.r_[np.ones(len(inside)), np.zeros(len(outside))]
    fit = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
    fit.fit((features - means) / scales, target)
    draft = Calibration(
        fusion=fusion,
        scope_weights=tuple(map(float, fit.coef_[0])),
        scope_means=tuple(map(float, means)),
        scope_scales=tuple(map(float, scales)),
        scope_bias=float(fit.intercept_[0]),
        scope_threshold=0.0,
    )
    scores = np.sort(scope_scores(inside[right.astype(bool)], draft))
    threshold = float(scores[int((1 - KEPT_IN_SCOPE) * len(scores))]) if len(scores) else 0.5
    return dataclasses.replace(draft, scope_threshold=threshold)
