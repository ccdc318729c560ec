"""The understanding of messages: an engine's readings made into what the contract promises."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from contracts.nlu import FALLBACK_INTENT, ClassifyResult, IntentScore, Scope, Segment
from intent_service.change_of_mind import Turnaround, in_the_light_of, turnaround
from intent_service.entities.extractor import EntityExtractor, only_facts
from intent_service.errors import BackendFailed
from intent_service.language import LanguageDetector
from intent_service.model import Matrix, ModelInfo, Reading
from intent_service.ports import Engine
from intent_service.questions import asks_by_itself
from intent_service.request_head import RequestHead, piece_features
from intent_service.results import entity_of, led_by, segment_of, surely, whole_segment
from intent_service.segmentation import SOCIAL_INTENTS, JudgedPiece, Piece, pieces, requests_of
from intent_service.signature import before_signature
from intent_service.spelling import Spelling

RANKED = 10
"""How many intents a ranking names."""

FACT_INTENT = "inform"
"""The intent of a message that is nothing but entities, in models that have it."""

STOP_INTENT = "stop"
"""The intent of a message that takes back its own request, in models that have it."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a probability counts.

    Attributes:
        segment: A piece is a request of its own from this probability on.
        question: So sure must be what a question asks for to stand beside another one on its form alone.
        turnaround: So sure must be both sides of a change of mind.
        fact_precision: How often a message of nothing but entities is ``inform``.
    """

    segment: float = 0.4
    question: float = 0.5
    turnaround: float = 0.5
    fact_precision: float = 0.95


@dataclass(frozen=True, slots=True)
class _Plan:
    """One message, its pieces and where their readings stand in the common list (-1: not asked).

    ``turn`` is a change of mind in it; both its sides are read from ``first_side`` on.
    """

    text: str
    whole: int
    pieces: list[Piece] = field(default_factory=list)
    first_piece: int = -1
    turn: Turnaround | None = None
    first_side: int = -1


class Understanding:
    """One loaded model with everything that judges a message. Blocking; see ``batching.py`` for many callers.

    Args:
        engine: Reads intents, tone and embeddings.
        entities: Finds entities.
        language: Tells the language.
        requests: Tells which pieces of a message are requests of their own.
        spelling: Mends slips in what the engine reads; entities and offsets are of the text as it was written.
        thresholds: See there.
    """

    def __init__(
        self,
        engine: Engine[Any, Any],
        entities: EntityExtractor,
        language: LanguageDetector,
        *,
        requests: RequestHead | None = None,
        spelling: Spelling | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._engine, self._entities, self._language = engine, entities, language
        self._spelling = spelling or Spelling((), is_word=lambda _: True)
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
        mended = [self._spelling.mended(text) for text in texts]
        return self._engine.postprocess(self._engine.infer(self._engine.preprocess(mended)))

    @staticmethod
    def _plan(text: str, asked: list[str]) -> _Plan:
        if not any(c.isalnum() for c in text):
            return _Plan(text, whole=-1)
        whole = len(asked)
        body = before_signature(text)
        asked.append(body)
        parts, turn = pieces(body), turnaround(body)
        first = len(asked)
        asked += [text[piece.start : piece.end] for piece in parts] if len(parts) > 1 else []
        sides = len(asked)
        asked += [text[side.start : side.end] for side in (turn.before, turn.after)] if turn else []
        return _Plan(text, whole, parts if len(parts) > 1 else [], first, turn, sides)

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
        elif turned := self._turned(plan, readings):
            ranking, segments = turned
            scope = surely(scope)
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

    def _turned(self, plan: _Plan, readings: Sequence[Reading]) -> tuple[list[IntentScore], list[Segment]] | None:
        """What the message wants after a change of mind in it: the second request, or nothing any more."""
        if plan.turn is None:
            return None
        sides = (plan.turn.before, plan.turn.after)
        before, after = (readings[plan.first_side + place] for place in range(len(sides)))
        if plan.turn.withdraws:
            if STOP_INTENT not in self.info.labels or not self._wants_something(before):
                return None
            sure: list[IntentScore] = [{"name": STOP_INTENT, "confidence": self._thresholds.fact_precision}]
            return sure, []
        if not (self._wants_something(before) and self._wants_something(after)):
            return None
        if before.probabilities.argmax() == after.probabilities.argmax():
            return None
        ranking = self._ranking(in_the_light_of(after, readings[plan.whole], instead_of=before))
        return ranking, [segment_of(plan.text, plan.turn.after, ranking)]

    def _wants_something(self, reading: Reading) -> bool:
        best = int(reading.probabilities.argmax())
        sure = float(reading.probabilities[best]) >= self._thresholds.turnaround
        return sure and self.info.labels[best] not in SOCIAL_INTENTS and self._scope(reading)["in_scope"]

    def _segments(self, plan: _Plan, readings: Sequence[Reading]) -> list[Segment]:
        own = readings[plan.first_piece : plan.first_piece + len(plan.pieces)]
        whole = readings[plan.whole]
        judged = [self._judged(plan, piece, reading, whole) for piece, reading in zip(plan.pieces, own, strict=True)]
        found = requests_of(judged) or requests_of(
            [self._asking(plan.text, one, own[at]) for at, one in enumerate(judged)]
        )
        return [segment_of(plan.text, one.piece, self._ranking(own[one.judged_by])) for one in found]

    def _asking(self, text: str, judged: JudgedPiece, reading: Reading) -> JudgedPiece:
        """A piece with the form of a whole question stands alone, however little of it the message as a whole shows."""
        alone = (
            judged.intent not in SOCIAL_INTENTS
            and judged.confidence >= self._thresholds.question
            and self._scope(reading)["in_scope"]
            and asks_by_itself(text[judged.piece.start : judged.piece.end])
        )
        return replace(judged, stands_alone=alone)

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
