"""The one training recipe. It reads the size of the data and nothing else of it."""

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Recipe:
    """Numbers of a training run; what was tried against them stands in ``docs/intent-service.md``.

    Attributes:
        epochs: Passes over the sentences.
        batch_size: Sentences a step.
        learning_rate: Peak rate of the encoder; linear warm-up over a tenth of the steps, then linear decay.
        head_factor: The head learns this many times faster than the encoder.
        scale: Cosines are multiplied by this before the softmax of the loss.
        label_smoothing: Share of the probability spread over all labels.
        noise: Share of the sentences that get customers' typing noise in an epoch.
        weight_decay: AdamW's.
        strangers: Background sentences added to every batch.
        stranger_weight: Weight of their loss, which asks for no label in particular (outlier exposure,
            Hendrycks et al. 2019, arXiv:1812.04606).
        folds: Parts of the data that are held back in turn to calibrate.
    """

    epochs: int
    folds: int
    batch_size: int = 32
    learning_rate: float = 3e-4
    head_factor: float = 10.0
    scale: float = 16.0
    label_smoothing: float = 0.05
    noise: float = 0.4
    weight_decay: float = 0.01
    strangers: int = 6
    stranger_weight: float = 0.3


FEWEST_STEPS = 350
"""A small set is passed over more often, until the encoder has had this many steps."""


def recipe_for(examples: int) -> Recipe:
    """The recipe for a data set of this many sentences."""
    epochs = min(20, max(4, ceil(FEWEST_STEPS * 32 / max(1, examples))))
    folds = 3 if examples <= SMALL else 1
    return Recipe(epochs=epochs, folds=folds)


SMALL = 1000
"""Up to here three folds cost seconds; beyond, one held-back part has sentences enough to calibrate on."""
