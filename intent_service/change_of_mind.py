"""A change of mind inside one message: "cancel 10041, actually no, change the address". The last word counts.

The words that take something back are looked for; what stands on both sides is judged like a message. Only where
both sides are requests, and different ones, is the first taken back: "I'd actually like to cancel" stays as it is.
"""

import re
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from intent_service.model import Reading
from intent_service.segmentation import Piece

_PHRASES = re.compile(
    r"\b(?:no,? wait|wait,? no|oh,? wait|no,? sorry|sorry,? no|scratch that|strike that|"
    r"forget (?:about )?(?:that|it|this)|never ?mind(?: (?:that|it))?|nvm|on second thoughts?|thinking about it|"
    r"better yet|or rather|"
    r"(?:sorry|no),? i me(?:an|ant)(?! to (?!say)\w)(?: to say)?|make that|or no)\b",
    re.IGNORECASE,
)
_WITHDRAWS = re.compile(
    r"(?:forget (?:about )?(?:that|it|this)|never ?mind|nvm|scratch that|strike that)", re.IGNORECASE
)
_FILLING = re.compile(
    r"(?:[\s,.;:!–—-]+|\b(?:no|wait|actually|instead|rather|sorry|please|pls|just|so|ok|okay)\b)*", re.IGNORECASE
)
_ADDS = re.compile(r"\b(?:also|too|as well|another|besides|plus|additionally)\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:instead|another address)\b", re.IGNORECASE)
_CLAUSE_STARTS = re.compile(r"(?:^|[,.;:!?\n–—-]|\b(?:but|and|oh|no|or|wait|hmm|um)|\.\.+)\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{6,}")

_LIKE_ACTUALLY = 85
"""Similarity in percent; "acutally" and "actualy" reach it, "factually" does so too and says the same here."""

_LEAST_SHARE = 0.02
"""What the message as a whole leaves an intent that it hardly shows."""


@dataclass(frozen=True, slots=True)
class Turnaround:
    """What was said before the customer thought better of it, and what after; ``after`` is empty in "…, never mind".

    Offsets are characters of the message.
    """

    before: Piece
    after: Piece

    @property
    def withdraws(self) -> bool:
        return self.after.start == self.after.end


def turnaround(text: str) -> Turnaround | None:
    """The last place where the words take back what was said before, if there is one."""
    found = [(match.start(), match.end(), bool(_WITHDRAWS.match(match[0]))) for match in _PHRASES.finditer(text)]
    found += [(start, end, False) for start, end in _actually(text)]
    for start, end, withdraws in sorted(found, reverse=True):
        before = len(text[:start].rstrip(" ,.;:!–—-"))
        after = Piece(end + len(_FILLING.match(text, end)[0]), len(text.rstrip()))  # type: ignore[index]  # matches ""
        adds = _ADDS.search(text, after.start) and not _INSTEAD.search(text, after.start)
        if not before or adds:
            continue
        if after.start < after.end:
            return Turnaround(Piece(0, before), after)
        if withdraws:
            return Turnaround(Piece(0, before), Piece(end, end))
    return None


def in_the_light_of(after: Reading, whole: Reading, *, instead_of: Reading) -> Reading:
    """The second request as the whole message makes it likely: "change the address" beside an order is the order's."""
    shares = after.probabilities * (whole.probabilities + _LEAST_SHARE)
    shares[int(instead_of.probabilities.argmax())] = 0.0
    return replace(after, probabilities=shares / shares.sum())


def _actually(text: str) -> list[tuple[int, int]]:
    """Where a clause begins with "actually", typing mistakes forgiven."""
    return [
        match.span()
        for match in _WORD.finditer(text)
        if fuzz.ratio(match[0].casefold(), "actually") >= _LIKE_ACTUALLY
        and _CLAUSE_STARTS.search(text[: match.start()])
    ]
