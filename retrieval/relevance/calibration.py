"""The calibration: a file of weights that turns features into a ranking and then into a probability."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from retrieval.errors import IndexCorrupt
from retrieval.relevance.features import Features

SHIPPED = "v5.json"
_RIVALS = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate after weighing. ``contributions`` adds up to the logit of ``relevance``.

    Candidates are ordered by ``place``: the score, less what other entries know better.
    """

    score: float
    place: float
    relevance: float
    features: Features
    contributions: Features


@dataclass(frozen=True, slots=True)
class Weighing:
    """How one arm, or both together, are weighed.

    ``ranking`` makes one score of a candidate's features. ``relevance`` makes a logit of the score, of its
    ``gap`` to the best other candidate, of its ``lead`` over the five best others and of its ``coverage_gap`` to
    the best covered of these, plus ``intercept``. ``outdone`` is what a candidate loses in the order, in scores, for
    each share of the question's words that another one's questions know and its own do not.
    """

    ranking: Mapping[str, float]
    relevance: Mapping[str, float]
    intercept: float
    outdone: float = 0.0

    def score(self, features: Features) -> float:
        """What a candidate is worth by itself."""
        return sum(weight * features.get(name, 0.0) for name, weight in self.ranking.items())

    def judge(self, rows: Sequence[Features]) -> list[Judged]:
        """Judge all candidates of one query together, in their order."""
        scores = [self.score(row) for row in rows]
        order = sorted(range(len(rows)), key=lambda number: -scores[number])[: _RIVALS + 1]
        best = [(scores[number], rows[number]) for number in order]
        return [self._judged(row, score, comparison(score, row, best)) for row, score in zip(rows, scores, strict=True)]

    def _judged(self, row: Features, score: float, compared: Features) -> Judged:
        parts = {name: self.relevance.get(name, 0.0) * value for name, value in compared.items()}
        per_score = self.relevance.get("score", 0.0)
        parts |= {name: per_score * weight * row.get(name, 0.0) for name, weight in self.ranking.items() if name in row}
        parts["base"] = self.intercept
        place = score + self.outdone * min(0.0, compared["coverage_gap"])
        return Judged(score, place, sigmoid(sum(parts.values())), {**row, "score": score, **compared}, parts)


def comparison(score: float, row: Features, best: Sequence[tuple[float, Features]]) -> Features:
    """How far one candidate stands above the others.

    ``gap`` to the best other score, ``lead`` over the mean of the best five others, and ``coverage_gap``, how much
    more of the question's words its questions hold than those of any of the five: another entry that knows a word
    which this one lacks ("lamp", "Norway") is the best sign that this one is about something else. Half
    of it is what questions hold, half what questions and answer hold together: entries that list no questions have
    little but the answer, and a long answer knows many words.

    ``best`` holds the highest scores with their rows, highest first, the one in question possibly among them.
    Where there are fewer others than five, zeros stand in: a lone candidate leads by its whole score.
    """
    others = [(other, theirs) for other, theirs in best if theirs is not row][:_RIVALS]
    scores = [other for other, _ in others] + [0.0] * (_RIVALS - len(others))

    def ahead(name: str) -> float:
        return row.get(name, 0.0) - max((theirs.get(name, 0.0) for _, theirs in others), default=0.0)

    return {
        "gap": score - scores[0],
        "lead": score - sum(scores) / _RIVALS,
        "coverage_gap": (ahead("question_coverage") + ahead("coverage")) / 2,
    }


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two weighings: with both arms, and with words alone while the embedder is down."""

    version: str
    both: Weighing
    lexical: Weighing


def sigmoid(logit: float) -> float:
    """The logistic function, safe for any finite logit."""
    return 1.0 / (1.0 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1.0 + math.exp(logit))


def load(path: Path | None = None) -> Calibration:
    """Read a calibration file, or the shipped one.

    Raises:
        IndexCorrupt: the file is missing or not a calibration.
    """
    return parse(_read(path)) if path else _shipped()


@cache
def _shipped() -> Calibration:
    return parse(files("retrieval").joinpath("calibration", SHIPPED).read_bytes())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexCorrupt(f"the calibration file {path} cannot be read: {error.strerror}") from error


def parse(raw: bytes) -> Calibration:
    """A calibration from its JSON."""
    try:
        record: dict[str, Any] = orjson.loads(raw)
        return Calibration(str(record["version"]), _weighing(record["both"]), _weighing(record["lexical"]))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise IndexCorrupt("the calibration file is not a calibration") from error


def _weighing(record: dict[str, Any]) -> Weighing:
    return Weighing(
        ranking={str(name): float(weight) for name, weight in record["ranking"].items()},
        relevance={str(name): float(weight) for name, weight in record["relevance"].items()},
        intercept=float(record["intercept"]),
        outdone=float(record.get("outdone", 0.0)),
    )
