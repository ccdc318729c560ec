"""Confusion matrix and reliability diagram as PNG files. Needs matplotlib, so only for training and measuring."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt

_INK = "#1f3a5f"


def draw_confusion(gold: Sequence[str], predicted: Sequence[str], file: Path, *, title: str) -> None:
    """Rows are the true intents, columns the predicted ones, shades the share of the row."""
    names = sorted(set(gold) | set(predicted))
    place = {name: index for index, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for a, b in zip(gold, predicted, strict=True):
        counts[place[a], place[b]] += 1
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    size = max(5.0, 0.22 * len(names) + 2)
    figure, axes = plt.subplots(figsize=(size, size))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    for row, column in zip(*np.nonzero(counts), strict=True):
        if row != column:
            axes.text(column, row, int(counts[row, column]), ha="center", va="center", fontsize=5, color="#b3261e")
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.set_title(title, fontsize=9)
    _save(figure, file)


def draw_reliability(confidence: Sequence[float], right: Sequence[bool], file: Path, *, title: str) -> None:
    """How often the answers of each confidence were right, against what they claimed."""
    edges = np.linspace(0, 1, 11)
    sure, hit = np.asarray(confidence), np.asarray(right, dtype=float)
    figure, axes = plt.subplots(figsize=(4.2, 4.2))
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
    for low, high in itertools.pairwise(edges):
        own = (sure > low) & (sure <= high)
        if own.any():
            axes.bar((low + high) / 2, hit[own].mean(), width=0.09, color=_INK, alpha=0.8)
            axes.text((low + high) / 2, hit[own].mean() + 0.01, str(own.sum()), ha="center", fontsize=6)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.06)
    axes.set_title(title, fontsize=9)
    _save(figure, file)


def _save(figure: plt.Figure, file: Path) -> None:
    figure.tight_layout()
    # no creation date in the file: the same model draws the same bytes
    figure.savefig(file, dpi=110, metadata={"Software": None})
    plt.close(figure)
