"""The recipe on public sets: train on train, calibrate on train, test the int8 model on test."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from intent_service.adapters.onnx_encoder import OnnxEncoder
from intent_service.evaluation.evaluate import AT_ONCE, figures_of
from intent_service.evaluation.model import Judgement
from intent_service.evaluation.public_sets import PublicSet, read_set
from intent_service.evaluation.report import keep
from intent_service.scoring import evidence, judge
from intent_service.spelling import Spelling, dictionary
from intent_service.training.base_encoder import ensure_base_encoder
from intent_service.training.start_weights import load_start
from intent_service.training.train import TrainedModel, learn, prepare_torch, trained_words


def measure_set(name: str, eval_folder: Path, models: Path, *, seeds: int, say: Callable[[str], None]) -> str:
    """Train and test once a seed; mean and spread of each figure, as one line of JSON that is also kept."""
    prepare_torch()
    runs, started = [], time.monotonic()
    for seed in range(1, seeds + 1):
        figures = _one_run(read_set(name, eval_folder, seed), models, seed)
        say(f"{name} seed {seed}: {json.dumps(figures)}")
        runs.append(figures)
    summary = {
        figure: {"mean": round(statistics.mean(values), 4), "spread": round(max(values) - min(values), 4)}
        for figure in runs[0]
        for values in [[run[figure] for run in runs]]
    }
    seconds = round(time.monotonic() - started)
    return keep(
        f"eval-intents-public-{name}",
        {"set": name, "seeds": seeds, "seconds": seconds, **summary},
        now=datetime.now(UTC),
    )


def _one_run(public: PublicSet, models: Path, seed: int) -> dict[str, float]:
    base = OnnxEncoder(ensure_base_encoder(models))
    start = load_start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tokenizer.json").write_text(start.tokenizer_json, encoding="utf-8")
        model = learn(public.train, start, folder, base, seed=seed, report=lambda *_: None)
        tuned = OnnxEncoder(folder)
        return figures_of(_judgements(model, tuned, base, public))


def _judgements(model: TrainedModel, tuned: OnnxEncoder, base: OnnxEncoder, public: PublicSet) -> Sequence[Judgement]:
    words, in_dictionary = trained_words(public.train), dictionary("en")
    spelling = Spelling(
        words["words"],
        is_word=lambda word: base.tokenizer.knows(word) or in_dictionary(word),
        numbers=words["numbers"],
    )
    examples = [*public.inside, *public.outside]
    gold = [example.intent for example in public.inside] + [""] * len(public.outside)
    found = []
    for at in range(0, len(examples), AT_ONCE):
        texts = [example.text for example in examples[at : at + AT_ONCE]]
        read = [spelling.mended(text) for text in texts]
        chances, scope = judge(evidence(model.space, tuned.embed(read), base.embed(read)), model.calibration)
        for text, row, score, true in zip(texts, chances, scope, gold[at : at + AT_ONCE], strict=True):
            best = int(row.argmax())
            kept = bool(score >= model.calibration.scope_threshold)
            name = model.space.labels[best]
            found.append(Judgement(text, true, name, float(row[best]), float(score), kept))
    return found
