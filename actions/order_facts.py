"""Questions that the record of one order answers: what was paid and how, when it was placed or sent, what was in it."""

import re
from enum import StrEnum

from actions.journey.model import LAST_ORDER
from actions.turn import CONTACT_FORM, Turn
from backoffice.parsing import order_numbers_in


class Fact(StrEnum):
    """What is asked; ``utter_order_fact_<fact>`` tells it."""

    PAID = "paid"
    PLACED = "placed"
    SENT = "sent"
    CONTENTS = "contents"


_I = r"(?:i|we)"
_ASKED = {
    Fact.PAID: re.compile(
        r"(?i)\b(?:how(?! long| soon| many)|what|which)\b.{0,40}"
        rf"\b(?:did|have) {_I}\b.{{0,20}}\b(?:pay|paid|spen[dt])\b"
        rf"|\b(?:which|what) (?:card|account|payment|method)\b.{{0,30}}\bdid {_I} use\b"
        rf"|\bdid {_I} (?:pay|use)\b.{{0,30}}\b(?:card|visa|mastercard|amex|paypal|klarna|transfer|apple|google)\b"
        r"|\bhow much (?:did|was)\b.{0,40}\bcost (?:me|us)\b|\bwhat (?:was|is) (?:the|my) (?:order )?total\b"
    ),
    Fact.SENT: re.compile(
        r"(?i)\b(?:when|(?:what|which) day)\b.{0,30}\b(?:was|were|did|has|have)\b.{0,30}"
        r"\b(?:shipped|ship|sent|send|dispatch(?:ed)?|posted|leave|left)\b"
    ),
    Fact.PLACED: re.compile(
        rf"(?i)\b(?:when|(?:what|which) day)\b.{{0,12}}\b"
        rf"(?:did {_I} (?:place|order|buy)\b|was\b.{{0,20}}\b(?:placed|ordered)\b)"
    ),
    Fact.CONTENTS: re.compile(
        r"(?i)\bwhat(?:'?s| is| was)? (?:was |is )?in (?:it|that|this|the|my|order)\b(?!.{0,12}\bbox\b)"
        r"|\b(?:what|which (?:items|articles|things|products))\b.{0,12}"
        rf"\b(?:did {_I} (?:order|buy)|(?:are|were) in)\b"
    ),
}
_DELIVERED = re.compile(r"(?i)\bwhen (?:was|were|did)\b.{0,30}\b(?:delivered|arrive|come)\b")
"""The order's status tells it."""

_GOES_ON = re.compile(
    r"(?i)^\W*(?:(?:and|so|but|ok|okay|well|yes|no|hm+|fine)\W+)*(?:"
    r"(?:by )?when(?: (?:exactly|then|roughly|about|precisely))*|what (?:day|time)(?: (?:exactly|roughly|about))?"
    r"|what(?:'?s| is) (?:the |with the )?(?:hold ?-?up|delay|problem)(?: (?:with|about|on) (?:it|that|this))?"
    r"|what(?:'?s| is) (?:it |that )?taking (?:it |them )?so long"
    r"|why(?:'?s| is| does)? (?:it |that |this )?(?:so |taking so |take so |still )?"
    r"(?:late|slow|long|delayed|not (?:here|moving))"
    r"|why (?:the|this) (?:hold ?-?up|delay|wait)"
    r")\W*$"
)
"""Asked right after an order was told of: how it goes on with that."""

_STATUS_TOO = re.compile(r"(?i)\bwhere(?:'?s| is| are)\b|\bstatus\b|\btrack\w*")
_AN_ORDER = re.compile(r"(?i)\b(?:my|our|the|this|that) (?:last |latest )?(?:order|parcel|purchase)\b")
_MOST_WORDS = 14
"""Who writes more has more to say than one question."""

_FRESH = 3
"""Messages, this one among them."""


def fact_asked(text: str) -> Fact | None:
    """The one thing of an order that the words ask for; ``None`` where they ask for how it stands, or for nothing."""
    if len(text.split()) > _MOST_WORDS or _STATUS_TOO.search(text):
        return None
    return next((fact for fact, asked in _ASKED.items() if asked.search(text)), None)


def asks_how_it_goes_on(text: str) -> bool:
    """Whether the words ask when, or why not yet: of what was told last."""
    return bool(_GOES_ON.search(text))


def asks_of_an_order(turn: Turn) -> bool:
    """Whether the words ask something that the record of an order answers: the one they name, or that was spoken of."""
    text = turn.text
    if text.startswith("/") or turn.active_form not in {None, CONTACT_FORM}:
        return False
    if asks_how_it_goes_on(text) and _was_told_of_one(turn):
        return True
    named = bool(order_numbers_in(text))
    if named and _DELIVERED.search(text) and len(text.split()) <= _MOST_WORDS:
        return True
    return fact_asked(text) is not None and bool(named or turn.slot(LAST_ORDER) or _AN_ORDER.search(text))


def _was_told_of_one(turn: Turn) -> bool:
    """Whether the last thing that was told, in this or the two messages before, was how an order stands."""
    age = 0
    for event in reversed(turn.tracker.events):
        age += event.get("event") == "user"
        record = (event.get("data") or {}).get("custom") or {}
        if age > _FRESH or record.get("citations"):
            return False
        if event.get("event") == "bot" and record.get("kind") == "order_status":
            return True
    return False
