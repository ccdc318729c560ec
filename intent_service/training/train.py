"""One training run from checked data to a model folder that can be served."""

import dataclasses
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from intent_service.adapters.onnx_encoder import OnnxEncoder, available_cores
from intent_service.artefact import encoder_folder, intent_folder, make_current, write_whole
from intent_service.entities.gazetteer import gazetteer_json
from intent_service.language import load_identifier, words_of
from intent_service.nlu_data.model import TrainingData
from intent_service.request_head import PIECE_FEATURES, RequestHead
from intent_service.scoring import Calibration, LabelSpace, label_space
from intent_service.spelling import long_numbers
from intent_service.tokens import TextTokenizer
from intent_service.training.background import background_for
from intent_service.training.base_encoder import ensure_base_encoder
from intent_service.training.calibrate import calibrate
from intent_service.training.card import library_versions, write_card
from intent_service.training.checkpoint import Checkpoint
from intent_service.training.crossfit import HeldBack, cross_fit
from intent_service.training.cutting import fit_requests
from intent_service.training.export import QUANTISATION, export_int8
from intent_service.training.finetune import Lesson, Tuned, fine_tune
from intent_service.training.held_back import Measured, measure
from intent_service.training.recipe import Recipe, recipe_for
from intent_service.training.start_weights import StartEncoder, load_start
from intent_service.training.tone import fit_tone

RESUME = ".resume"
"""Folder of checkpoints beside the versions; gone once a training is complete."""


class Report(Protocol):
    """Where a run says how far it is."""

    def __call__(self, phase: str, done: int, total: int) -> None:
        """``done`` of ``total`` steps of the phase are over."""
        ...


@dataclass(frozen=True)
class TrainedModel:
    """All that goes into a model folder."""

    tuned: Tuned
    space: LabelSpace
    calibration: Calibration
    requests: RequestHead
    measured: Measured
    recipe: Recipe


def train(
    data: TrainingData,
    models: Path,
    *,
    seed: int,
    now: Callable[[], datetime],
    report: Report,
    encoder: str | None = None,
) -> Path:
    """Train, calibrate, export and make current.

    Args:
        data: Checked training data.
        models: The folder that holds ``encoder/`` and ``intent/``.
        seed: The same data, seed and machine give the same model.
        now: For the version's name and the manifest.
        report: Told about progress.
        encoder: Hub name or folder of another start encoder.

    Returns:
        The new version's folder.
    """
    prepare_torch()
    report("encoder", 0, 1)
    ensure_base_encoder(models)
    start = load_start(encoder)
    report("encoder", 1, 1)
    created = now()
    version = f"{created:%Y%m%d-%H%M%S}-{data.fingerprint()[:8]}"

    def fill(folder: Path) -> dict[str, Any]:
        return _fill(folder, data, models, start, seed=seed, version=version, created=created, report=report)

    folder = write_whole(intent_folder(models) / version, fill)
    make_current(models, version)
    shutil.rmtree(intent_folder(models) / RESUME, ignore_errors=True)
    return folder


def _resume_folder(models: Path, data: TrainingData, start: StartEncoder, seed: int) -> Path:
    """Where an interrupted run of exactly this training keeps its checkpoints."""
    what = json.dumps([data.fingerprint(), dataclasses.asdict(recipe_for(len(data.labelled))), seed, start.name])
    return intent_folder(models) / RESUME / hashlib.sha256(what.encode()).hexdigest()[:16]


def prepare_torch() -> None:
    """Threads for this machine; the same seed gives the same weights."""
    torch.set_num_threads(min(4, available_cores()))
    torch.use_deterministic_algorithms(mode=True, warn_only=True)


def _fill(
    folder: Path,
    data: TrainingData,
    models: Path,
    start: StartEncoder,
    *,
    seed: int,
    version: str,
    created: datetime,
    report: Report,
) -> dict[str, Any]:
    (folder / "tokenizer.json").write_text(start.tokenizer_json, encoding="utf-8")
    base = OnnxEncoder(encoder_folder(models))
    resume = _resume_folder(models, data, start, seed)
    model = learn(data, start, folder, base, seed=seed, report=report, resume=resume)
    tone = fit_tone(base.embed)
    np.savez(folder / "tone.npz", mood=tone.mood, intensity=tone.intensity, urgency=tone.urgency)
    _write_space(folder, model.space)
    _write_json(folder / "labels.json", list(data.intents))
    _write_json(folder / "calibration.json", dataclasses.asdict(model.calibration))
    _write_json(folder / "requests.json", dict(zip(PIECE_FEATURES, model.requests.weights, strict=True)))
    _write_json(folder / "entities.json", gazetteer_json(data.gazetteer))
    _write_json(folder / "words.json", trained_words(data))
    manifest = {
        "version": version,
        "created": created.isoformat(),
        "encoder": start.name,
        "quantisation": QUANTISATION,
        "base_encoder": json.loads((encoder_folder(models) / "manifest.json").read_text("utf-8"))["files"][
            "encoder.onnx"
        ],
        "labels": list(data.intents),
        "data": {"fingerprint": data.fingerprint(), "examples": len(data.examples)},
        "recipe": dataclasses.asdict(model.recipe),
        "seed": seed,
        "metrics": model.measured.figures,
        "scope_threshold": model.calibration.scope_threshold,
        "libraries": library_versions(),
    }
    write_card(folder, manifest, data, model.measured)
    return manifest


def learn(
    data: TrainingData,
    start: StartEncoder,
    folder: Path,
    base: OnnxEncoder,
    *,
    seed: int,
    report: Report,
    recipe: Recipe | None = None,
    resume: Path | None = None,
) -> TrainedModel:
    """Cross-fit, calibrate, train on everything, export to ``folder`` and embed with what was exported.

    ``resume`` is the folder with the checkpoints of such a run that was interrupted.
    """
    recipe = recipe or recipe_for(len(data.labelled))
    texts = [example.text for example in data.labelled]
    place = {intent: index for index, intent in enumerate(data.intents)}
    owners = [place[example.intent] for example in data.labelled]
    tokenizer = TextTokenizer(folder / "tokenizer.json")
    base_vectors = base.embed(texts)
    background = background_for(base_vectors, base.embed, data.strangers)
    folds: list[HeldBack] = cross_fit(
        start.model, tokenizer, texts, owners, names=data.intents, embed_base=base.embed, background=background,
        recipe=recipe, seed=seed, resume=resume,
        progress=lambda done, total: report("calibration", done, total),
    )  # fmt: skip
    calibration = calibrate(folds)
    tuned = fine_tune(
        start.model, tokenizer, Lesson(texts, owners, background.texts), recipe, seed=seed,
        progress=lambda done, total: report("training", done, total),
        checkpoint=Checkpoint(resume / "all.pt") if resume else None,
    )  # fmt: skip
    report("export", 0, 1)
    export_int8(tuned.encoder, tokenizer, [*texts, *background.texts], folder / "encoder.onnx")
    vectors = OnnxEncoder(folder).embed(texts)
    space = label_space(data.intents, tuned.head, vectors, base_vectors, np.asarray(owners))
    report("export", 1, 1)
    requests = fit_requests([fold.cut for fold in folds], calibration)
    return TrainedModel(tuned, space, calibration, requests, measure(folds, calibration, data.intents), recipe)


def _write_space(folder: Path, space: LabelSpace) -> None:
    half = {name: getattr(space, name).astype(np.float16) for name in ("tuned", "base")}
    np.savez(
        folder / "space.npz",
        head=space.head, whitening=space.whitening, means=space.means, owners=space.owners, **half,
    )  # fmt: skip


def trained_words(data: TrainingData) -> dict[str, Any]:
    """Words and long numbers of the sentences, the most frequent first, and the language that most of them are in."""
    identifier = load_identifier()
    texts = [example.text for example in data.labelled]
    languages = Counter(identifier.classify(text)[0] for text in texts)
    counted = Counter(word for text in texts for word in words_of(text))
    words = sorted(counted, key=lambda word: (-counted[word], word))
    numbers = Counter(number for text in texts for number in long_numbers(text))
    ranked = sorted(numbers, key=lambda number: (-numbers[number], number))
    return {"language": languages.most_common(1)[0][0], "words": words, "numbers": ranked}


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
