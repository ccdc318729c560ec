"""What the last answer about an order left to be said, in the words it was told in: "send it again then"."""

import re

from actions.journey.model import LAST_JOURNEY, LAST_ORDER
from actions.turn import Turn
from backoffice.parsing import order_numbers_in
from contracts.questions import asks

_STATUS, _MISSING = "order_status", "missing_parcel"
_MOST_WORDS = 9
"""Who writes more has more to say than that."""

_WISH = re.compile(
    r"(?i)\b(?:(?:re-?)?send|again|(?:new|another|other) (?:one|parcel)|replace\w*|money|refund\w*|reimburs\w*)\b"
)
_NOT_THERE = re.compile(
    r"(?i)\b(?:he|she|they|we|i|nobody|no ?one|neighbou?rs?)\b.{0,20}"
    r"\b(?:\w+n'?t|not|never|nothing)\b.{0,12}\b(?:have|has|got|get|took?|seen|there|here|receiv\w*)\b"
    r"|\bnot (?:there|here)\b|\b(?:nobody|no ?one) (?:has|got|took) it\b"
)
_WHICH_PLACE = re.compile(
    r"(?i)^\W*(?:(?:and|but|ok|okay|so)\W+)?(?:which|what|who)\b.{0,12}\b(?:neighbou?rs?|has it|took it)\b"
)


def taken_up(turn: Turn) -> str | None:
    """The name of the journey that the words go on with; none where they do not lean on the last answer."""
    text = turn.text
    if turn.active_form or not turn.slot(LAST_ORDER) or text.startswith("/"):
        return None
    if len(text.split()) > _MOST_WORDS or order_numbers_in(text):
        return None
    if turn.slot("pending_offer") == _MISSING and _WISH.search(text) and not asks(text):
        return _MISSING
    if turn.slot(LAST_JOURNEY) not in {_STATUS, _MISSING}:
        return None
    if _NOT_THERE.search(text):
        return _MISSING
    return _STATUS if _WHICH_PLACE.search(text) else None
