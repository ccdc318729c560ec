"""What the calibrated recipe achieves on the sentences that its folds held back: the card's figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intent_service.evaluation.figures import auroc, expected_calibration_error, macro_f1
from intent_service.scoring import Calibration, judge
from intent_service.training.crossfit import HeldBack


@dataclass(frozen=True)
class Measured:
    """Figures, and what the card's pictures are drawn from.

    Attributes:
        figures: Name to value; accuracy, macro F1 and calibration error of held-back sentences, and how well
            sentences of unseen intents were told apart.
        gold: True intent of each held-back sentence.
        predicted: Most probable intent of each.
        confidence: Its probability.
    """

    figures: dict[str, float]
    gold: list[str]
    predicted: list[str]
    confidence: list[float]


def measure(folds: Sequence[HeldBack], calibration: Calibration, labels: Sequence[str]) -> Measured:
    """Judge all held-back sentences with the fitted calibration."""
    gold, predicted, confidence, inside, outside, background = [], [], [], [], [], []
    for fold in folds:
        chances, scope = judge(fold.inside, calibration)
        names = [labels[index] for index in fold.labels]
        gold += [names[target] for target in fold.targets]
        predicted += [names[index] for index in chances.argmax(axis=1)]
        confidence += chances.max(axis=1).tolist()
        inside += scope.tolist()
        outside += judge(fold.outside, calibration)[1].tolist()
        background += judge(fold.background, calibration)[1].tolist()
    right = [a == b for a, b in zip(gold, predicted, strict=True)]
    threshold = calibration.scope_threshold
    figures = {
        "held_back_accuracy": float(np.mean(right)),
        "held_back_macro_f1": macro_f1(gold, predicted),
        "held_back_ece": expected_calibration_error(confidence, right),
        "unseen_intents_auroc": auroc(inside, outside),
        "unseen_intents_rejected": float(np.mean(np.asarray(outside) < threshold)),
        "background_auroc": auroc(inside, background),
        "background_rejected": float(np.mean(np.asarray(background) < threshold)) if background else 0.0,
        "held_back_kept": float(np.mean(np.asarray(inside) >= threshold)),
    }
    return Measured({name: round(value, 4) for name, value in figures.items()}, gold, predicted, confidence)
