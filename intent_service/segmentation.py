"""Two requests in one message: where a message may be cut, and which cuts are real.

A message is cut at sentence ends and conjunctions; each piece is judged like a message. Only pieces that are
requests by themselves and want different things make segments: "pick up and deliver" stays one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from intent_service.word_lists import word_list

_JOINTS = (
    r"and also|and then|and secondly|and|also|plus|then|but|oh and|oh,? and|oh|as well as|another thing|one more thing|"
    r"by the way|btw|besides|in addition|additionally|apart from that|on top of that|while you'?re at it|secondly|"
    r"second(?:ly)?,|next,"
)
_ENDS = frozenset(".!?;\n")
_WORD = re.compile(r"\w+")

FEWEST_WORDS = 2
"""A shorter piece beside a conjunction belongs to its neighbour: "pick up and deliver"."""

MOST_PIECES = 6
"""Beyond this a message is a story, and its end is cut no further."""


SOCIAL_INTENTS = frozenset(
    [
        "affirm",
        "ask_capabilities",
        "ask_if_bot",
        "complain",
        "correct_detail",
        "deny",
        "goodbye",
        "greet",
        "how_are_you",
        "inform",
        "not_helpful",
        "praise",
        "stop",
        "thank",
    ]
)
"""Intents that accompany a request and are none themselves: they never make a segment."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the message that may be a request of its own; offsets are characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class JudgedPiece:
    """A piece with its most probable intent, how sure that is, and whether it is a request of its own."""

    piece: Piece
    intent: str
    confidence: float
    stands_alone: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A stretch that is one request; ``judged_by`` is the place of the surest of its pieces."""

    piece: Piece
    judged_by: int


def pieces(text: str) -> list[Piece]:
    """Candidates for segments, covering the words of the text; one piece when there is nowhere to cut."""
    cuts = [(match.start(), match.end()) for match in _cut().finditer(text)]
    cut: list[Piece] = []
    start = 0
    for end, following in [*cuts, (len(text), len(text))]:
        ends_here = text[end : end + 1] in _ENDS
        too_short = len(_WORD.findall(text[start:end])) < (1 if ends_here else FEWEST_WORDS)
        if end < len(text) and (too_short or len(cut) == MOST_PIECES - 1):
            continue
        cut.append(_trimmed(text, start, end))
        start = following
    if len(cut) > 1 and len(_WORD.findall(text[cut[-1].start : cut[-1].end])) < FEWEST_WORDS:
        last = cut.pop()
        cut[-1] = Piece(cut[-1].start, last.end)
    return cut


@cache
def _cut() -> re.Pattern[str]:
    """A conjunction with what stands before it, a sentence end, a dash, a number, or a comma before a request."""
    openers = "|".join(sorted(map(re.escape, word_list("openers"))))
    return re.compile(
        rf"(?:[.!?;\n]+\s*|,\s+)?(?<!\w)(?:{_JOINTS})\b[,:]?\s+"
        rf"|[.!?;\n]+\s+|[?!](?=[a-z])|\s+[-–—&+/]\s+|\n+|,\s+(?=(?:{openers})\b)|\s+(?:\d\)|[2-9]\.)\s+"
        rf"|\s+(?=(?:can|could|would|will) (?:you|i) also\b)",
        re.IGNORECASE,
    )


def _trimmed(text: str, start: int, end: int) -> Piece:
    while start < end and (text[start].isspace() or text[start] in ",;.-–—"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Piece(start, end)


def requests_of(judged: Sequence[JudgedPiece]) -> list[Request]:
    """Join what belongs together.

    A piece that cannot stand alone goes to the request before it (before the first request: to that one);
    neighbours with the same intent become one.

    Returns:
        The requests in the order of the text, or nothing when the message is one request.
    """
    groups: list[list[int]] = []
    leading: list[int] = []
    for place, one in enumerate(judged):
        if not one.stands_alone:
            (groups[-1] if groups else leading).append(place)
        elif groups and judged[_surest(groups[-1], judged)].intent == one.intent:
            groups[-1].append(place)
        else:
            groups.append([*(leading if not groups else []), place])
    found = [_request(group, judged) for group in groups]
    return found if len({judged[one.judged_by].intent for one in found}) > 1 else []


def _surest(group: Sequence[int], judged: Sequence[JudgedPiece]) -> int:
    return max((place for place in group if judged[place].stands_alone), key=lambda place: judged[place].confidence)


def _request(group: Sequence[int], judged: Sequence[JudgedPiece]) -> Request:
    stretch = Piece(judged[group[0]].piece.start, judged[group[-1]].piece.end)
    return Request(stretch, _surest(group, judged))
