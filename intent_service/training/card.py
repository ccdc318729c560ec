"""The model card: what a person should know before trusting a model."""

import importlib.metadata
import platform
from collections import Counter
from pathlib import Path
from typing import Any

from intent_service.evaluation.pictures import draw_confusion, draw_reliability
from intent_service.nlu_data.model import TrainingData
from intent_service.training.held_back import Measured

CARD = "MODEL_CARD.md"
LIBRARIES = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", "numpy", "scikit-learn", "scipy")

_FIGURES = {
    "held_back_accuracy": "right intent, held-back sentences",
    "held_back_macro_f1": "macro F1, held-back sentences",
    "held_back_ece": "expected calibration error, held-back sentences",
    "held_back_kept": "held-back sentences taken as in scope",
    "unseen_intents_auroc": "telling sentences of intents it never saw from its own (AUROC)",
    "background_auroc": "telling everyday chat, other trades and noise from its own (AUROC)",
    "background_rejected": "everyday chat, other trades and noise taken as out of scope",
    "unseen_intents_rejected": "sentences of never-seen intents taken as out of scope",
}


def library_versions() -> dict[str, str]:
    """Versions of Python and of the libraries that shape a model."""
    found = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **found}


def write_card(folder: Path, manifest: dict[str, Any], data: TrainingData, measured: Measured) -> None:
    """Write ``MODEL_CARD.md``, ``confusion.png`` and ``reliability.png`` into the folder."""
    title = "held-back sentences of the training data"
    right = [a == b for a, b in zip(measured.gold, measured.predicted, strict=True)]
    draw_confusion(measured.gold, measured.predicted, folder / "confusion.png", title=title)
    draw_reliability(measured.confidence, right, folder / "reliability.png", title=title)
    (folder / CARD).write_text(_text(manifest, data, measured), encoding="utf-8")


def _text(manifest: dict[str, Any], data: TrainingData, measured: Measured) -> str:
    sizes = Counter(example.intent for example in data.examples)
    figures = "\n".join(f"| {_FIGURES[name]} | {value:.3f} |" for name, value in measured.figures.items())
    recipe = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in manifest["recipe"].items())
    slips = Counter((a, b) for a, b in zip(measured.gold, measured.predicted, strict=True) if a != b)
    mixed = "\n".join(f"- `{a}` taken for `{b}`: {n}" for (a, b), n in slips.most_common(10)) or "- none"
    rows = "\n".join(f"| `{intent}` | {count} |" for intent, count in sorted(sizes.items()))
    return f"""# Intent model {manifest["version"]}

Tells which of {len(sizes)} intents a customer's message has, and whether it has any of them. Made for short
English messages to a company's support; messages in other languages, long documents and other trades are
outside what it was trained on. It gives probabilities, not certainties: decide by `scope` and `confidence`.

Trained {manifest["created"]} from {len(data.examples)} sentences (fingerprint `{data.fingerprint()[:16]}`),
seed {manifest["seed"]}, from the encoder {manifest["encoder"]}; served as ONNX ({manifest["quantisation"]}).

## Figures

Measured in training on sentences that the recipe had held back; the model that is served has seen them all.
They are from the same authors as the training sentences, so real customers will be harder.

| figure | value |
|---|---|
{figures}

The scope threshold is {manifest["scope_threshold"]:.3f}.

![Confusion matrix](confusion.png)
![Reliability diagram](reliability.png)

Most frequent slips:

{mixed}

## Recipe

| setting | value |
|---|---|
{recipe}

Libraries: {", ".join(f"{name} {version}" for name, version in manifest["libraries"].items())}.

## Sentences an intent

| intent | sentences |
|---|---|
{rows}
"""
