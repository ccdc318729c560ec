"""Two requests in one message: where a message may be cut, and which cuts are real.

A message is cut at sentence ends and conjunctions; each piece is judged like a message. Only pieces that are
requests by themselves and want different things make segments: "pick up and deliver" stays one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_JOINTS = r"and also|and then|and|also|plus|then|but|oh and|as well as|another thing"
_CUT = re.compile(rf"(?:[.!?;\n]+\s*|,\s+)?(?<!\w)(?:{_JOINTS})\b[,:]?\s+|[.!?;\n]+\s+|\s+[-–—]\s+|\n+", re.IGNORECASE)
_ENDS = frozenset(".!?;\n")
_WORD = re.compile(r"\w+")

FEWEST_WORDS = 2
"""A shorter piece beside a conjunction belongs to its neighbour: "pick up and deliver"."""

MOST_PIECES = 6
"""Beyond this a message is a story, and its end is cut no further."""


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
    cuts = [(match.start(), match.end()) for match in _CUT.finditer(text)]
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


def _trimmed(text: str, start: int, end: int) -> Piece:
    while start < end and (text[start].isspace() or text[start] in ",;.-–—"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Piece(start, end)


def requests(judged: Sequence[JudgedPiece]) -> list[Request]:
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
