"""Public intent sets, read where they lie. Their sentences are never copied into this project."""

import json
import os
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from intent_service.nlu_data.csv_reader import read_csv
from intent_service.nlu_data.model import Example, TrainingData

DEFAULT_EVAL_DATA = Path("../shared/eval")
FEW = 10
NO_INTENT = "NO_NODES_DETECTED"


@dataclass(frozen=True, slots=True)
class PublicSet:
    """Training sentences, and in-scope and out-of-scope test sentences."""

    train: TrainingData
    inside: tuple[Example, ...]
    outside: tuple[Example, ...]


def eval_data() -> Path | None:
    """The folder of evaluation data, or None when there is none here."""
    folder = Path(os.environ.get("EVAL_DATA", str(DEFAULT_EVAL_DATA)))
    return folder if folder.is_dir() else None


def _banking77(folder: Path, _: int) -> PublicSet:
    train, test = read_csv(folder / "banking77" / "train.csv"), read_csv(folder / "banking77" / "test.csv")
    return PublicSet(train, test.examples, ())


def _banking77_ten(folder: Path, seed: int) -> PublicSet:
    """Ten sentences an intent, another draw for each seed, always the same one for the same seed."""
    whole = _banking77(folder, seed)
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in whole.train.examples:
        by_intent[example.intent].append(example)
    rng = random.Random(seed)
    drawn = [example for intent in sorted(by_intent) for example in rng.sample(by_intent[intent], FEW)]
    return PublicSet(TrainingData(tuple(drawn)), whole.inside, ())


def _clinc150(folder: Path, _: int) -> PublicSet:
    file = folder / "clinc150" / "data_full.json"
    parts = json.loads(file.read_text(encoding="utf-8"))

    def examples(part: str) -> tuple[Example, ...]:
        return tuple(Example(text, intent, str(file), 0) for text, intent in parts[part])

    strangers = tuple(Example(text, "out_of_scope", str(file), 0) for text, _ in parts["oos_train"])
    return PublicSet(TrainingData((*examples("train"), *strangers)), examples("test"), examples("oos_test"))


def _hint3(folder: Path, _: int) -> PublicSet:
    own = folder / "hint3_sofmattress"
    train, test = read_csv(own / "train.csv"), read_csv(own / "test.csv")
    inside = tuple(example for example in test.examples if example.intent != NO_INTENT)
    outside = tuple(example for example in test.examples if example.intent == NO_INTENT)
    return PublicSet(train, inside, outside)


SETS: Mapping[str, Callable[[Path, int], PublicSet]] = {
    "banking77_10": _banking77_ten,
    "banking77": _banking77,
    "clinc150": _clinc150,
    "hint3_sofmattress": _hint3,
}


def read_set(name: str, eval_folder: Path, seed: int = 1) -> PublicSet:
    """One set by its name in ``SETS``; the seed tells which sentences are drawn where not all are used."""
    return SETS[name](eval_folder / "intents", seed)
