"""The calibration: coefficients from a file that turn features into a probability."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from retrieval.errors import IndexCorrupt
from retrieval.relevance.features import Features

SHIPPED = "v1.json"


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """``relevance = 1 / (1 + exp(-(intercept + sum of weight x feature)))``."""

    intercept: float
    weights: Mapping[str, float]

    def contributions(self, features: Features) -> dict[str, float]:
        """Logits that each feature adds; a feature that is not there adds nothing."""
        return {name: weight * features.get(name, 0.0) for name, weight in self.weights.items()}

    def probability(self, features: Features) -> float:
        """The calibrated probability in [0, 1]."""
        return sigmoid(self.intercept + sum(self.contributions(features).values()))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two models: with both arms, and with words only while the embedder is down."""

    version: str
    both: LogisticModel
    lexical: LogisticModel


def sigmoid(logit: float) -> float:
    """The logistic function, safe for any finite logit."""
    return 1.0 / (1.0 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1.0 + math.exp(logit))


def load(path: Path | None = None) -> Calibration:
    """Read a calibration file, or the shipped one.

    Raises:
        IndexCorrupt: the file is not a calibration.
    """
    return _parse(path.read_bytes()) if path else _shipped()


@cache
def _shipped() -> Calibration:
    return _parse(files("retrieval").joinpath("calibration", SHIPPED).read_bytes())


def _parse(raw: bytes) -> Calibration:
    try:
        record: dict[str, Any] = orjson.loads(raw)
        return Calibration(record["version"], _model(record["both"]), _model(record["lexical"]))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise IndexCorrupt("the calibration file cannot be read") from error


def _model(record: dict[str, Any]) -> LogisticModel:
    return LogisticModel(float(record["intercept"]), {k: float(v) for k, v in record["weights"].items()})
