"""Fit the numbers that turn evidence into probabilities, on held-back sentences only."""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from intent_service.model import Matrix, Vector
from intent_service.scoring import Calibration, Evidence, logits, scope_features, scope_scores
from intent_service.training.crossfit import HeldBack

REJECTED_STRANGERS = 0.6
"""The threshold turns away this share of held-back strangers, each kind of them counting alike.

Unseen intents of the same trade are harder than what strangers really write, background sentences are easier; a share
of both moves less from one data set to the next than a share of the few in-scope sentences near the border does.
"""

KEPT_AT_LEAST = 0.9
"""But it keeps this share of the held-back sentences that were understood rightly, however near the strangers are."""

TIGHTNESS = 0.01

FUSION_START = (12.0, 6.0, 6.0)
FUSION_BOUNDS = ((0.5, 60.0), (0.0, 60.0), (0.0, 60.0))


def calibrate(folds: Sequence[HeldBack]) -> Calibration:
    """Fit fusion weights, scope score and threshold."""
    fusion = fit_fusion(folds)

    def features(seen: Iterable[Evidence]) -> Matrix:
        return np.concatenate([scope_features(one, logits(one, fusion)) for one in seen])

    right = [logits(fold.inside, fusion).argmax(axis=1) == fold.targets for fold in folds]
    strangers = [features(fold.outside for fold in folds), features(fold.background for fold in folds)]
    inside = features(fold.inside for fold in folds)
    return fit_scope(fusion, inside, np.concatenate(right), [kind for kind in strangers if len(kind)])


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


def fit_scope(
    fusion: tuple[float, float, float],
    inside: Matrix,
    right: NDArray[np.bool_],
    strangers: Sequence[Matrix],
) -> Calibration:
    """A logistic function of the scope features and its threshold.

    Held-back sentences weigh as much as all strangers, and each kind of stranger as much as another. The
    function is held tight: with a looser one the features trade weights that do not carry over to other data.
    """
    features = np.concatenate([inside, *strangers])
    means, scales = features.mean(axis=0), features.std(axis=0) + 1e-6
    target = np.r_[np.ones(len(inside)), np.zeros(len(features) - len(inside))]
    share = [np.full(len(kind), 1 / (len(strangers) * len(kind))) for kind in strangers]
    weight = np.concatenate([np.full(len(inside), 1 / len(inside)), *share]) * len(features) / 2
    fit = LogisticRegression(C=TIGHTNESS, max_iter=1000)
    fit.fit((features - means) / scales, target, sample_weight=weight)
    direction = fit.coef_[0]
    slope, bias = _platt((features - means) / scales @ direction, target, weight)
    draft = Calibration(
        fusion=fusion,
        scope_weights=tuple(map(float, slope * direction)),
        scope_means=tuple(map(float, means)),
        scope_scales=tuple(map(float, scales)),
        scope_bias=bias,
        scope_threshold=0.0,
    )
    threshold = _threshold(scope_scores(inside[right], draft), [scope_scores(kind, draft) for kind in strangers])
    return dataclasses.replace(draft, scope_threshold=threshold)


def _threshold(kept: Vector, strangers: Sequence[Vector]) -> float:
    """See ``REJECTED_STRANGERS`` and ``KEPT_AT_LEAST``; 0.5 when there is nothing to choose by."""
    if not len(kept) or not strangers:
        return 0.5
    tried = np.unique(np.concatenate(strangers))
    rejected = np.mean([np.searchsorted(np.sort(kind), tried) / len(kind) for kind in strangers], axis=0)
    enough = tried[min(int(np.searchsorted(rejected, REJECTED_STRANGERS)), len(tried) - 1)]
    return float(min(enough, np.quantile(kept, 1 - KEPT_AT_LEAST)))


def _platt(
    score: NDArray[np.floating], target: NDArray[np.floating], weight: NDArray[np.floating]
) -> tuple[float, float]:
    """Slope and intercept that make a score a probability (Platt 1999); in-scope and stranger equally likely."""
    fit = LogisticRegression(C=100.0, max_iter=1000)
    fit.fit(score[:, None], target, sample_weight=weight)
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])
