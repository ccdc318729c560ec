"""The picture of ``tune``. Needs matplotlib, which is installed for training and measuring, not for serving."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from retrieval.evaluation.tuning import Choice

mpl.use("Agg")
from matplotlib import pyplot as plt

_INK, _GOOD, _BAD = "#1f3a5f", "#2e7d32", "#b3261e"


def draw_choices(sets: Sequence[tuple[str, Sequence[Choice]]], file: Path, *, answer_at: float) -> None:
    """One panel a set: precision, share answered and false answers against the threshold, today's marked."""
    figure, panels = plt.subplots(1, len(sets), figsize=(5.5 * len(sets), 4.2), sharey=True, squeeze=False)
    for axes, (name, found) in zip(panels[0], sets, strict=True):
        at = [choice.answer_at for choice in found]
        told = [choice for choice in found if choice.precision is not None]
        axes.plot([c.answer_at for c in told], [c.precision for c in told], color=_GOOD, label="right of what is told")
        axes.plot(at, [choice.answered for choice in found], color=_INK, label="answerable questions answered")
        axes.plot(at, [c.false_answers for c in found], color=_BAD, ls=":", label="unanswerable answered all the same")
        axes.axvline(answer_at, color="grey", lw=1, ls="--")
        axes.set_title(name)
        axes.set_xlabel("answer_at")
        axes.set_ylim(0, 1.02)
        axes.grid(alpha=0.3)
    panels[0][0].set_ylabel("share")
    panels[0][0].legend(fontsize=8, loc="lower left")
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=130)
    plt.close(figure)
