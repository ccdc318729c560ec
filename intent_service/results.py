"""The small pieces of a ``ClassifyResult``."""

from collections.abc import Sequence

from contracts.nlu import Entity, IntentScore, Scope, Segment
from intent_service.entities.model import Span
from intent_service.segmentation import Piece


def segment_of(message: str, piece: Piece, ranking: list[IntentScore]) -> Segment:
    text = message[piece.start : piece.end]
    return {"text": text, "start": piece.start, "end": piece.end, "intent": ranking[0], "ranking": ranking}


def whole_segment(text: str, intent: IntentScore, ranking: list[IntentScore]) -> Segment:
    return {"text": text, "start": 0, "end": len(text), "intent": intent, "ranking": ranking}


def led_by(segments: Sequence[Segment], ranking: list[IntentScore], scope: Scope) -> tuple[list[IntentScore], Scope]:
    """A message with several requests is in scope, and its intent is one of theirs."""
    names = {segment["intent"]["name"] for segment in segments}
    leading = ranking if ranking[0]["name"] in names else segments[0]["ranking"]
    return leading, surely(scope)


def surely(scope: Scope) -> Scope:
    """In scope, whatever the message as a whole looks like: a part of it is."""
    return {**scope, "in_scope": True, "score": max(scope["score"], scope["threshold"])}


def entity_of(span: Span) -> Entity:
    return {
        "entity": span.entity,
        "value": span.value,
        "start": span.start,
        "end": span.end,
        "extractor": span.extractor,
    }
