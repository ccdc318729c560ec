"""From embeddings to calibrated probabilities: the part of the model behind the encoder.

A text is judged by three witnesses, each a cosine a label: the trained head, the nearest training sentences
in the tuned space, and the nearest training sentences in the untouched encoder's space. Their weighted sum
through a softmax is the probability of each label; how near the best of each is, with the Mahalanobis
distance to the nearest class (Lee et al. 2018, arXiv:1807.03888), tells whether the text is in scope at all.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intent_service.model import Matrix, Vector

NEAREST = 3
"""A label's neighbour score is the mean of this many best cosines (fewer if it has fewer sentences)."""

Owners = NDArray[np.int64]
"""Label indices, one a sentence."""

SCOPE_FEATURES = ("energy", "head", "base_neighbours", "mahalanobis")


@dataclass(frozen=True, slots=True)
class LabelSpace:
    """What the labels look like in both embedding spaces.

    Attributes:
        labels: Names in alphabetical order; C of them.
        head: C unit rows, the trained label vectors.
        tuned: N unit rows, the training sentences in the tuned space, sorted by label.
        base: N unit rows, the same sentences in the untouched encoder's space.
        owners: N label indices, ascending.
        columns: C × M, the places of each label's sentences (see ``columns_by_label``).
        whitening: d × d, turns tuned embeddings so that Euclidean distance is Mahalanobis distance.
        means: C rows, the whitened class means.
    """

    labels: tuple[str, ...]
    head: Matrix
    tuned: Matrix
    base: Matrix
    owners: Owners
    columns: Owners
    whitening: Matrix
    means: Matrix


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the witnesses say of n texts: three n × C matrices of cosines and n log distances."""

    head: Matrix
    tuned: Matrix
    base: Matrix
    distance: Vector


@dataclass(frozen=True, slots=True)
class Calibration:
    """Numbers fitted on sentences that the model had not been trained on.

    Attributes:
        fusion: Weights of head, tuned neighbours and base neighbours; the softmax temperature is in them.
        scope_weights: One weight for each of ``SCOPE_FEATURES``, after standardising.
        scope_means: What to subtract from each feature.
        scope_scales: What to divide each feature by.
        scope_bias: Intercept of the logistic function.
        scope_threshold: A text with a lower scope score is out of scope.
    """

    fusion: tuple[float, float, float]
    scope_weights: tuple[float, ...]
    scope_means: tuple[float, ...]
    scope_scales: tuple[float, ...]
    scope_bias: float
    scope_threshold: float


def label_space(labels: tuple[str, ...], head: Matrix, tuned: Matrix, base: Matrix, owners: Owners) -> LabelSpace:
    """Sort the training sentences by label and fit the Mahalanobis whitening."""
    order = np.argsort(owners, kind="stable")
    owners, tuned, base = owners[order].astype(np.int64), tuned[order], base[order]
    means = np.stack([tuned[owners == index].mean(axis=0) for index in range(len(labels))])
    whitening = _whitening(tuned - means[owners])
    columns = columns_by_label(owners, len(labels))
    return LabelSpace(labels, head, tuned, base, owners, columns, whitening, means @ whitening)


def _whitening(residuals: Matrix) -> Matrix:
    """Inverse square root of the shared within-class covariance, shrunk to a sphere by a tenth."""
    covariance = residuals.T.astype(np.float64) @ residuals / max(1, len(residuals) - 1)
    size = len(covariance)
    shrunk = 0.9 * covariance + (0.1 * np.trace(covariance) / size + 1e-6) * np.eye(size)
    values, vectors = np.linalg.eigh(shrunk)
    return np.asarray(vectors / np.sqrt(values), dtype=np.float32)


def evidence(space: LabelSpace, tuned: Matrix, base: Matrix) -> Evidence:
    """Hear the witnesses on n texts given as two n × d matrices of unit rows."""
    return evidence_beside(space, tuned, lambda: base_neighbours(space, base))


def base_neighbours(space: LabelSpace, base: Matrix) -> Matrix:
    """What the untouched encoder's neighbours say of n texts: n × C cosines."""
    return nearest_by_label(_cosines(space.base, base), space.columns)


def evidence_beside(space: LabelSpace, tuned: Matrix, neighbours: Callable[[], Matrix]) -> Evidence:
    """The evidence of n texts (tuned vectors, n × d) whose ``base_neighbours`` are asked for last: another thread's."""
    whitened = tuned @ space.whitening
    squared = (
        (whitened**2).sum(axis=1, keepdims=True) - 2 * whitened @ space.means.T + (space.means**2).sum(axis=1)[None, :]
    )
    return Evidence(
        head=tuned @ space.head.T,
        tuned=nearest_by_label(_cosines(space.tuned, tuned), space.columns),
        distance=np.log(np.maximum(squared.min(axis=1), 1e-6)).astype(np.float32),
        base=neighbours(),
    )


def _cosines(sentences: Matrix, texts: Matrix) -> Matrix:
    """Cosines, n × N, from N × d and n × d: the few on the right save a copy of the many (0.25 ms of 3,000)."""
    return (sentences @ texts.T).T


def columns_by_label(owners: Owners, labels: int) -> Owners:
    """The sentences of each label as one rectangle, C × M; where a label has fewer than M it says N."""
    counts = np.bincount(owners, minlength=labels)
    columns = np.full((labels, int(counts.max(initial=1))), len(owners), dtype=np.int64)
    for label in range(labels):
        columns[label, : counts[label]] = np.flatnonzero(owners == label)
    return columns


def nearest_by_label(similarities: Matrix, columns: Owners) -> Matrix:
    """Mean of each label's ``NEAREST`` best cosines (fewer if it has fewer): n × N to n × C."""
    nothing = np.full((len(similarities), 1), -np.inf, dtype=np.float32)
    by_label = np.concatenate([similarities, nothing], axis=1)[:, columns]
    if by_label.shape[2] > NEAREST:
        by_label = np.partition(by_label, by_label.shape[2] - NEAREST, axis=2)[:, :, -NEAREST:]
    if columns.shape[1] >= NEAREST and columns[:, NEAREST - 1].max() < similarities.shape[1]:  # no label has too few
        return np.asarray(by_label.sum(axis=2) / np.float32(NEAREST), dtype=np.float32)
    real = np.isfinite(by_label)
    return np.asarray(np.where(real, by_label, 0).sum(axis=2) / np.maximum(1, real.sum(axis=2)), dtype=np.float32)


def logits(seen: Evidence, fusion: tuple[float, float, float]) -> Matrix:
    """The fused score of each label, n × C."""
    return np.asarray(fusion[0] * seen.head + fusion[1] * seen.tuned + fusion[2] * seen.base, dtype=np.float32)


def probabilities(fused: Matrix) -> Matrix:
    """Softmax by row."""
    shifted = np.exp(fused - fused.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def scope_features(seen: Evidence, fused: Matrix) -> Matrix:
    """The ``SCOPE_FEATURES`` of n texts, n × 4; each is larger for a text that is surer to be in scope.

    The energy is the log of the softmax's denominator (Liu et al. 2020, arXiv:2010.03759).
    """
    best = fused.max(axis=1, keepdims=True)
    energy = best[:, 0] + np.log(np.exp(fused - best).sum(axis=1))
    columns = (energy, seen.head.max(axis=1), seen.base.max(axis=1), -seen.distance)
    return np.stack(columns, axis=1).astype(np.float32)


def scope_scores(features: Matrix, calibration: Calibration) -> Vector:
    """Probability of being in scope, one a row."""
    standard = (features - np.asarray(calibration.scope_means)) / np.asarray(calibration.scope_scales)
    z = standard @ np.asarray(calibration.scope_weights) + calibration.scope_bias
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))), dtype=np.float32)


def judge(seen: Evidence, calibration: Calibration) -> tuple[Matrix, Vector]:
    """Calibrated label probabilities (n × C) and scope scores (n) of what the witnesses saw."""
    fused = logits(seen, calibration.fusion)
    return probabilities(fused), scope_scores(scope_features(seen, fused), calibration)
