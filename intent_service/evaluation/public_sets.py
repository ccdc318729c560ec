"""Public intent sets, read where they lie. Their sentences are never copied into this project."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from intent_service.nlu_data.csv_reader import read_csv
from intent_service.nlu_data.model import Example, TrainingData

DEFAULT_EVAL_DATA = Path("../shared/eval")
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


def _banking77(folder: Path) -> PublicSet:
    train, test = read_csv(folder / "train.csv"), read_csv(folder / "test.csv")
    return PublicSet(train, test.examples, ())


def _clinc150(folder: Path) -> PublicSet:
    file = folder / "data_full.json"
    parts = json.loads(file.read_text(encoding="utf-8"))

    def examples(part: str) -> tuple[Example, ...]:
        return tuple(Example(text, intent, str(file), 0) for text, intent in parts[part])

    return PublicSet(TrainingData(examples("train")), examples("test"), examples("oos_test"))


def _hint3(folder: Path) -> PublicSet:
    train, test = read_csv(folder / "train.csv"), read_csv(folder / "test.csv")
    inside = tuple(example for example in test.examples if example.intent != NO_INTENT)
    outside = tuple(example for example in test.examples if example.intent == NO_INTENT)
    return PublicSet(train, inside, outside)


SETS: Mapping[str, Callable[[Path], PublicSet]] = {
    "banking77": _banking77,
    "clinc150": _clinc150,
    "hint3_sofmattress": _hint3,
}


def read_set(name: str, eval_folder: Path) -> PublicSet:
    """One set by its name in ``SETS``."""
    return SETS[name](eval_folder / "intents" / name)
