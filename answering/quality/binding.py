"""Whether what stands together in a sentence stands together in its source.

A sentence made of nothing but the source's own words can still be wrong: a number goes with another thing there, a
condition with another case, two neighbours have changed places. What belongs together stands near together, so
distances are compared, with a toll for each comma and each full stop between.
"""

import bisect
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from answering.quality.quantities import DURATIONS, UNIT_WORDS, placed_in
from answering.quality.terms import placed_members
from answering.quality.words import light_words
from retrieval.words import stem_of

_WORD = re.compile(r"[^\W_][\w’'-]*")
_COMMA, _STOP = 3, 12  # words that a comma and a full stop count for
_REACH = 8
_NEAR = 5
_BESIDE = 6  # words within which two words stand beside each other
_TORN = 20  # words further apart than in the sentence, from which on it makes no difference
_BOUNDARY = re.compile(r"(?P<stop>[.!?](?=\s|$)|\n+)|(?P<comma>[;:()]|,(?!\d)|\s(?:and|but|or)\s)")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something of which the text could say another one of its kind: "3 years", "Ireland", "weekly"."""

    kind: str
    value: str
    place: int
    words: frozenset[str] = frozenset()

    @property
    def counts(self) -> bool:
        """Whether it is a quantity."""
        return self.kind.startswith("in ")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the content words and the anchors of a text stand, in words from its start."""

    words: tuple[tuple[str, int], ...]
    anchors: tuple[Anchor, ...]

    @classmethod
    def of(cls, text: str) -> "Layout":
        """Lay out ``text``."""
        starts, places = _places(text)
        words = [
            (stem_of(word.casefold()), place)
            for word, place in zip((match[0] for match in _WORD.finditer(text)), places, strict=True)
            if word.casefold() not in light_words() | UNIT_WORDS and not word[0].isdigit()
        ]

        def place_of(start: int) -> int:
            return places[max(bisect.bisect_right(starts, start) - 1, 0)] if places else 0

        return cls(tuple(words), tuple(_anchors(text, place_of)))


def _places(text: str) -> tuple[list[int], list[int]]:
    """Where each word begins, and its place with the tolls before it."""
    tolls = [(match.start(), _STOP if match["stop"] else _COMMA) for match in _BOUNDARY.finditer(text)]
    starts = [match.start() for match in _WORD.finditer(text)]
    places, paid, next_toll = [], 0, 0
    for number, start in enumerate(starts):
        while next_toll < len(tolls) and tolls[next_toll][0] < start:
            paid += tolls[next_toll][1]
            next_toll += 1
        places.append(number + paid)
    return starts, places


def _anchors(text: str, place_of: Callable[[int], int]) -> Iterable[Anchor]:
    for start, quantity in placed_in(text):
        if quantity.unit or quantity.value != "1":
            kind = "time" if quantity.unit in DURATIONS else quantity.unit
            yield Anchor(f"in {kind}", f"{quantity.value} {quantity.unit}", place_of(start))
    for start, group, member in placed_members(text):
        yield Anchor(group, member, place_of(start), frozenset(stem_of(word) for word in member.split()))


def misplaced(sentence: Layout, source: Layout) -> float:
    """How far the neighbours of the sentence's anchors go with another one of the kind in the source, in [0, 1]."""
    return max((_mean(_votes(anchor, sentence, source)) for anchor in sentence.anchors), default=0.0)


def torn(sentence: Layout, source: Layout) -> float:
    """How much further apart the source has two words that stand beside each other in the sentence, in [0, 1]."""
    where: dict[str, list[int]] = {}
    for stem, place in source.words:
        where.setdefault(stem, []).append(place)
    worst = 0
    for (one, here), (other, there) in itertools.pairwise(sentence.words):
        if one != other and one in where and other in where and there - here <= _BESIDE:
            apart = min(abs(a - b) for a in where[one] for b in where[other])
            worst = max(worst, min(apart - (there - here), _TORN))
    return worst / _TORN


def rebound_in(sentence: Layout, source: Layout, topic: frozenset[str]) -> list[tuple[float, Anchor]]:
    """Anchors of which every neighbour stands nearer to another one of the kind in the source, and how much so.

    Words of the source's ``topic`` are no witnesses: they go with everything in it.
    """
    found = []
    for anchor in sentence.anchors:
        votes = [
            vote for vote, distance, stem in _votes(anchor, sentence, source) if stem not in topic and distance <= _NEAR
        ]
        if votes and min(votes) > 0:
            found.append((min(votes), anchor))
    return found


def _mean(votes: Sequence[tuple[float, int, str]]) -> float:
    """The votes' mean, a near neighbour counting more than a far one."""
    total = sum(1.0 / (1.0 + distance) for _, distance, _ in votes)
    return sum(max(vote, 0.0) / (1.0 + distance) for vote, distance, _ in votes) / total if total else 0.0


def _votes(anchor: Anchor, sentence: Layout, source: Layout) -> list[tuple[float, int, str]]:
    """For each neighbour of the anchor how much nearer a rival is in the source, in [-1, 1], its distance and stem.

    A neighbour that stands nearer to another anchor of the kind is that one's.
    """
    own = [other.place for other in source.anchors if other.kind == anchor.kind and other.value == anchor.value]
    if not own:
        return []
    others = [other.place for other in sentence.anchors if other.kind == anchor.kind and other.value != anchor.value]
    rivals = [other.place for other in source.anchors if other.kind == anchor.kind and other.value != anchor.value]
    found = []
    for stem, place in sentence.words:
        distance = abs(place - anchor.place)
        if stem in anchor.words or distance > _REACH or any(abs(place - other) <= distance for other in others):
            continue
        there = [where for known, where in source.words if known == stem]
        if there:
            near, far = _nearest(there, own), _nearest(there, rivals)
            found.append(((near - far) / (near + far + 1.0), distance, stem))
    return found


def _nearest(ones: Sequence[int], others: Sequence[int]) -> float:
    return min((abs(one - other) for one in ones for other in others), default=1e3)
