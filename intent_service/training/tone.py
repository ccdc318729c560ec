"""Fit the tone heads on the sentences in ``training_data/``."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge

from intent_service.model import Matrix
from intent_service.tone import ToneHeads, tone_features

FOLDER = Path(__file__).parent.parent / "training_data"
URGENCY_LEVELS = {"low": 0.0, "medium": 0.5, "high": 1.0}
_FLATTEST = 0.95
"""tanh never reaches 1: sentiment targets are pulled in to this."""


def rows(file: Path) -> list[tuple[str, str]]:
    """Sentences and their values from a CSV file with two columns."""
    with file.open(newline="", encoding="utf-8") as stream:
        return [(row[0], row[1]) for row in list(csv.reader(stream))[1:]]


def fit_tone(embed: Callable[[Sequence[str]], Matrix], *, folder: Path = FOLDER) -> ToneHeads:
    """Ridge regression through arctanh for sentiment; a weighted logistic fit for urgency.

    Urgency has three levels; a medium sentence stands on both sides with half the weight, so that the
    probability is about 0.5 there.
    """
    texts, values = zip(*rows(folder / "sentiment.csv"), strict=True)
    moods = np.arctanh(np.clip(np.array([float(v) for v in values]), -_FLATTEST, _FLATTEST))
    features = tone_features(embed(texts), texts)
    sentiment = Ridge(alpha=1.0, fit_intercept=False).fit(features, moods).coef_
    texts, levels = zip(*rows(folder / "urgency.csv"), strict=True)
    share = np.array([URGENCY_LEVELS[level] for level in levels])
    features = tone_features(embed(texts), texts)
    urgency = LogisticRegression(C=10.0, fit_intercept=False, max_iter=2000)
    urgency.fit(
        np.vstack([features, features]),
        np.r_[np.ones(len(share)), np.zeros(len(share))],
        sample_weight=np.r_[share, 1 - share],
    )
    return ToneHeads(np.asarray(sentiment, np.float32), np.asarray(urgency.coef_[0], np.float32))
