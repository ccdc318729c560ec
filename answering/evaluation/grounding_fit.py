"""Fits what the quality check doubts by, to judged sentences. Needs scikit-learn (requirements/train.in)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier

from answering.quality.support import FEATURES

_TREES = 150
_DEPTH = 10
_SMALLEST_LEAF = 3
_FOLDS = 5
_FALSE_ALARMS = 0.04  # of the faithful answers, each judged by trees that saw nothing of its entry
_SEED = 7
_HARD_COUNTS = 0.5


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, measured; ``answer`` numbers the answer it stands in, written from the entry ``entry_id``."""

    features: dict[str, float]
    answer: int
    entry_id: str
    bad: bool
    typical: bool
    """Written without looking for what gets through. Only these set the threshold, and they count double."""


def fitted(sentences: Sequence[Sentence]) -> dict[str, object]:
    """A file for ``load_forest``, with the threshold from trees that did not see the entry in question."""
    rows = np.array([[sentence.features[name] for name in FEATURES] for sentence in sentences])
    bad = np.array([sentence.bad for sentence in sentences], dtype=float)
    counts = np.array([1.0 if sentence.typical else _HARD_COUNTS for sentence in sentences])
    folds = np.array([int(hashlib.md5(s.entry_id.encode()).hexdigest(), 16) % _FOLDS for s in sentences])  # noqa: S324
    unseen = np.zeros(len(rows))
    for fold in range(_FOLDS):
        seen = folds != fold
        model = _forest().fit(rows[seen], bad[seen], sample_weight=counts[seen])
        unseen[folds == fold] = model.predict_proba(rows[folds == fold])[:, 1]
    worst: dict[int, float] = {}
    for sentence, doubt in zip(sentences, unseen, strict=True):
        if sentence.typical and not sentence.bad:
            worst[sentence.answer] = max(worst.get(sentence.answer, 0.0), float(doubt))
    return {
        "features": list(FEATURES),
        "reject_at": round(float(np.quantile(list(worst.values()), 1 - _FALSE_ALARMS)), 4),
        "trees": [_as_json(tree.tree_) for tree in _forest().fit(rows, bad, sample_weight=counts).estimators_],
    }


def _forest() -> ExtraTreesClassifier:
    return ExtraTreesClassifier(_TREES, max_depth=_DEPTH, min_samples_leaf=_SMALLEST_LEAF, random_state=_SEED, n_jobs=1)


def _as_json(tree: object) -> dict[str, list[float]]:
    feature: NDArray[np.int64] = tree.feature  # type: ignore[attr-defined]
    leaf = feature < 0
    share = tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1)  # type: ignore[attr-defined]
    limit = np.where(leaf, share, tree.threshold)  # type: ignore[attr-defined]
    return {
        "asks": np.where(leaf, -1, feature).tolist(),
        "limit": np.round(limit, 4).tolist(),
        "low": np.where(leaf, 0, tree.children_left).tolist(),  # type: ignore[attr-defined]
        "high": np.where(leaf, 0, tree.children_right).tolist(),  # type: ignore[attr-defined]
    }
