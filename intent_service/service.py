"""The understanding of messages: an engine's readings made into what the contract promises."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from contracts.nlu import FALLBACK_INTENT, ClassifyResult, IntentScore, Scope, Segment
from intent_service.entities.extractor import EntityExtractor, only_facts
from intent_service.errors import BackendFailed
from intent_service.language import LanguageDetector
from intent_service.model import Matrix, ModelInfo, Reading
from intent_service.ports import Engine
from intent_service.request_head import RequestHead, piece_features
from intent_service.results import entity_of, led_by, segment_of, whole_segment
from intent_service.segmentation import SOCIAL_INTENTS, JudgedPiece, Piece, pieces, requests_of

RANKED = 10
"""How many intents a ranking names."""

FACT_INTENT = "inform"
"""The intent of a message that is nothing but entities, in models that have it."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a probability counts.

    Attributes:
        segment: A piece is a request of its own from this probability on.
        fact_precision: How often a message of nothing but entities is ``inform``.
    """

    segment: float = 0.4
    fact_precision: float = 0.95


@dataclass(frozen=True, slots=True)
class _Plan:
    """One message, its pieces and where their readings stand in the common list (-1: not asked)."""

    text: str
    whole: int
    pieces: list[Piece] = field(default_factory=list)
    first_piece: int = -1


class Understanding:
    """One loaded model with everything that judges a message. Blocking; see ``batching.py`` for many callers.

    Args:
        engine: Reads intents, tone and embeddings.
        entities: Finds entities.
        language: Tells the language.
        requests: Tells which pieces of a message are requests of their own.
        thresholds: See there.
    """

    def __init__(
        self,
        engine: Engine[Any, Any],
        entities: EntityExtractor,
        language: LanguageDetector,
        *,
        requests: RequestHead | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._engine, self._entities, self._language = engine, entities, language
        self._requests = requests or RequestHead()
        self._thresholds = thresholds or Thresholds()

    @property
    def info(self) -> ModelInfo:
        """The loaded model."""
        return self._engine.info

    def classify(self, texts: Sequence[str]) -> list[ClassifyResult]:
        """Judge messages; all of them and their pieces share the forward passes.

        Raises:
            BackendFailed: the engine failed; the cause is chained.
        """
        asked: list[str] = []
        plans = [self._plan(text, asked) for text in texts]
        try:
            readings = self._read(asked)
        except Exception as error:
            raise BackendFailed("The model could not read this message.") from error
        return [self._result(plan, readings) for plan in plans]

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, n × 384.

        Raises:
            BackendFailed: the engine failed; the cause is chained.
        """
        try:
            return self._engine.embed(texts)
        except Exception as error:
            raise BackendFailed("The model could not read this text.") from error

    def _read(self, texts: Sequence[str]) -> list[Reading]:
        if not texts:
            return []
        return self._engine.postprocess(self._engine.infer(self._engine.preprocess(texts)))

    @staticmethod
    def _plan(text: str, asked: list[str]) -> _Plan:
        if not any(c.isalnum() for c in text):
            return _Plan(text, whole=-1)
        whole = len(asked)
        asked.append(text)
        parts = pieces(text)
        if len(parts) == 1:
            return _Plan(text, whole)
        first = len(asked)
        asked += [text[piece.start : piece.end] for piece in parts]
        return _Plan(text, whole, parts, first)

    def _result(self, plan: _Plan, readings: Sequence[Reading]) -> ClassifyResult:
        text = plan.text
        if plan.whole < 0:
            return self._unreadable(text)
        reading, spans = readings[plan.whole], self._entities.extract(text)
        ranking, scope = self._ranking(reading), self._scope(reading)
        segments = self._segments(plan, readings)
        if only_facts(text, spans) and FACT_INTENT in self.info.labels:
            ranking, scope = self._fact(ranking, scope)
            segments = []
        elif segments:
            ranking, scope = led_by(segments, ranking, scope)
        intent = self._intent(ranking, scope)
        return {
            "intent": intent,
            "ranking": ranking,
            "scope": scope,
            "entities": [entity_of(span) for span in spans],
            "segments": segments or [whole_segment(text, intent, ranking)],
            "sentiment": round(float(np.clip(reading.sentiment, -1, 1)), 4),
            "urgency": reading.urgency,
            "language": self._language.detect(text),
        }

    def _unreadable(self, text: str) -> ClassifyResult:
        """A message of spaces, emoji or punctuation: nothing that an intent could be read from."""
        intent: IntentScore = {"name": FALLBACK_INTENT, "confidence": 1.0}
        return {
            "intent": intent,
            "ranking": [],
            "scope": {"in_scope": False, "score": 0.0, "threshold": self.info.scope_threshold},
            "entities": [],
            "segments": [whole_segment(text, intent, [])],
            "sentiment": 0.0,
            "urgency": "low",
            "language": {"code": "und", "confidence": 0.0},
        }

    def _ranking(self, reading: Reading) -> list[IntentScore]:
        best = np.argsort(-reading.probabilities, kind="stable")[:RANKED]
        labels = self.info.labels
        return [{"name": labels[i], "confidence": round(float(reading.probabilities[i]), 4)} for i in best]

    def _scope(self, reading: Reading) -> Scope:
        threshold = self.info.scope_threshold
        score = round(float(reading.scope_score), 4)
        return {"in_scope": score >= threshold, "score": score, "threshold": threshold}

    @staticmethod
    def _intent(ranking: list[IntentScore], scope: Scope) -> IntentScore:
        if scope["in_scope"]:
            return ranking[0]
        return {"name": FALLBACK_INTENT, "confidence": round(1 - scope["score"], 4)}

    def _fact(self, ranking: list[IntentScore], scope: Scope) -> tuple[list[IntentScore], Scope]:
        sure = self._thresholds.fact_precision
        others = [one for one in ranking if one["name"] != FACT_INTENT][: RANKED - 1]
        total = sum(one["confidence"] for one in others) or 1.0
        rest: list[IntentScore] = [
            {"name": one["name"], "confidence": round(one["confidence"] / total * (1 - sure), 4)} for one in others
        ]
        score = round(max(scope["score"], sure, scope["threshold"]), 4)
        return [{"name": FACT_INTENT, "confidence": sure}, *rest], {**scope, "in_scope": True, "score": score}

    def _segments(self, plan: _Plan, readings: Sequence[Reading]) -> list[Segment]:
        own = readings[plan.first_piece : plan.first_piece + len(plan.pieces)]
        whole = readings[plan.whole]
        judged = [self._judged(plan, piece, reading, whole) for piece, reading in zip(plan.pieces, own, strict=True)]
        return [segment_of(plan.text, one.piece, self._ranking(own[one.judged_by])) for one in requests_of(judged)]

    def _judged(self, plan: _Plan, piece: Piece, reading: Reading, whole: Reading) -> JudgedPiece:
        best = int(reading.probabilities.argmax())
        name = self.info.labels[best]
        features = piece_features(plan.text[piece.start : piece.end], reading, whole)
        alone = (
            name not in SOCIAL_INTENTS
            and self._scope(reading)["in_scope"]
            and self._requests.chance(features) >= self._thresholds.segment
        )
        return JudgedPiece(piece, name, float(reading.probabilities[best]), stands_alone=alone)
