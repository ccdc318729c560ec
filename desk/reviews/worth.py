"""Which conversation a reviewer should read next.

    worth = 0.45 · uncertain + 0.35 · unhappy + 0.20 · new        each in [0, 1]

*uncertain*: of the most doubtful message, one minus the distance of the two likeliest intents (margin sampling:
B. Settles, Active Learning Literature Survey, 2009, section 3.1). A message that was taken for nothing counts 0.8 when
it was like what was trained, 0.5 when it was not (it may be noise); one that the intent service could not judge, 0.
*unhappy*: the worst of sentiment (−1 is 1), rating (1 is 1, 2 is 0.8, 3 is 0.3) and a handoff that anger or failure
caused (0.7). *new*: of the message least like the trained ones, one minus its scope score.

Once a wording was judged, other unread conversations that lead with the same one lose half their worth
(``judgements.judged``): reading the same sentence again teaches little.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk.reviews.model import FALLBACK_INTENT, Knew, Turn

_UNCERTAIN, _UNHAPPY, _NEW = 0.45, 0.35, 0.20
_NOT_UNDERSTOOD, _STRANGE = 0.8, 0.5
_TELLING = 0.08
"""A share of the worth below this is no reason to name."""
_BY_RATING = {1: 1.0, 2: 0.8, 3: 0.3}
_UNHAPPY_HANDOFFS = frozenset({
    *("abuse", "complaint", "failed_attempts", "legal_or_press", "negative_run", "not_understood", "unresolved"),
    *("urgent_complaint", "very_negative"),
})  # fmt: skip
SAME_WORDING = 0.5
"""What is left of the worth where somebody has read a conversation that leads with the same wording."""
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
UNSURE, UNHAPPY, NEW_WORDING = "unsure", "unhappy", "new_wording"


@dataclass(frozen=True, slots=True)
class Worth:
    """How much, why most of all (``unsure``, ``unhappy``, ``new_wording``), and the wording that leads."""

    points: float
    why: str | None
    wording: str | None


def worth_of(worded: Sequence[Turn], *, rating: int | None, handoff_reason: str | None) -> Worth:
    """What reading a conversation with these messages (buttons left out) pays."""
    doubts = [(_doubt(turn.knew), turn) for turn in worded if turn.knew is not None]
    doubt, doubtful = max(doubts, key=lambda one: one[0], default=(0.0, None))
    shares = {
        UNSURE: _UNCERTAIN * doubt,
        UNHAPPY: _UNHAPPY * _unhappiness(worded, rating, handoff_reason),
        NEW_WORDING: _NEW * max((_strangeness(turn.knew) for turn in worded if turn.knew), default=0.0),
    }
    why, most = max(shares.items(), key=lambda one: one[1])
    wording = wording_of(doubtful.text) if doubtful is not None else None
    return Worth(round(sum(shares.values()), 4), why if most >= _TELLING else None, wording)


def wording_of(text: str) -> str:
    """A short key of how something was put: the same whatever its case, spaces, end marks and numbers."""
    plain = _DIGITS.sub("0", _SPACES.sub(" ", text.casefold()).strip(" .!?…"))
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def _doubt(knew: Knew) -> float:
    if knew.intent is None or knew.scope is None:
        return 0.0  # nobody could say: the service's failure, not the model's
    if knew.intent["name"] == FALLBACK_INTENT:
        return _NOT_UNDERSTOOD if knew.in_scope else _STRANGE
    ranked = sorted((float(one["confidence"]) for one in knew.ranking), reverse=True)
    first = ranked[0] if ranked else float(knew.intent["confidence"])
    second = ranked[1] if len(ranked) > 1 else 0.0
    return _between_0_and_1(1.0 - (first - second))


def _strangeness(knew: Knew) -> float:
    return 0.0 if knew.scope is None else _between_0_and_1(1.0 - knew.scope)


def _unhappiness(worded: Sequence[Turn], rating: int | None, handoff_reason: str | None) -> float:
    felt = [-turn.knew.sentiment for turn in worded if turn.knew and turn.knew.sentiment is not None]
    caused = 0.7 if handoff_reason in _UNHAPPY_HANDOFFS else 0.0
    return _between_0_and_1(max([*felt, _BY_RATING.get(rating or 0, 0.0), caused]))


def _between_0_and_1(value: float) -> float:
    return min(1.0, max(0.0, value))
