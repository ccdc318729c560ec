"""From what judged questions found to a calibration."""

from collections.abc import Sequence

import numpy as np

from retrieval.evaluation.bench import Found
from retrieval.relevance.calibration import Weighing
from retrieval.relevance.features import Features
from retrieval.relevance.fitting import fit_relevance

_HITS = 5
_LATER_HITS_WEIGHT = 0.1  # they matter for "did you mean", but must not outweigh the first hit


def fitted(weighing: Weighing, results: Sequence[Found], weights: Sequence[float]) -> Weighing:
    """Fit the relevance of ``weighing`` to the first five hits of each result, the first counting most."""
    rows: list[Features] = []
    labels: list[float] = []
    counts: list[float] = []
    for result, weight in zip(results, weights, strict=True):
        for rank, (entry_id, judged) in enumerate(result.ranked(weighing)[:_HITS]):
            rows.append(judged.features)
            labels.append(float(entry_id in result.question.answers))
            counts.append(weight * (_LATER_HITS_WEIGHT if rank else 1.0))
    return fit_relevance(weighing, rows, np.array(labels), np.array(counts))
