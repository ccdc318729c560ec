"""One thing that a message names."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the message; ``start`` and ``end`` are character offsets, ``value`` is normalised."""

    entity: str
    value: str
    start: int
    end: int
    extractor: str


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep what was named first where two overlap; the result is in the order of the text."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
