"""Several orders in one request: each gets its turn."""

import re
from typing import Any

from actions.journey.choosing import number_meant
from actions.journey.model import ORDER_NUMBER, Journey
from actions.journeys import BY_NAME
from backoffice.parsing import order_numbers_in

_VERBS = {
    "order_status": re.compile(r"(?i)\b(?:where|when|track\w*|status|how far|look up|check)\b"),
    "refund_status": re.compile(r"(?i)\b(?:refund|money)\b"),
    "request_invoice": re.compile(r"(?i)\binvoice\b"),
    "return_item": re.compile(r"(?i)\b(?:return|send back)\b"),
    "cancel_order": re.compile(r"(?i)\bcancel\b"),
}


def same_for_other_orders(journey: Journey, text: str) -> list[dict[str, Any]]:
    """Each order of "cancel 10041 and 10046" gets its turn, under its own verb if it has one.

    A number taken back in the same breath is none.
    """
    numbers = sorted(order_numbers_in(text), key=text.find) if journey.about_order else []
    if len(numbers) < 2 or number_meant(text) != numbers[0]:  # noqa: PLR2004
        return []
    waiting, wanted, said = [], journey, text.find(numbers[0])
    for number in numbers[1:]:
        at = text.find(number)
        wanted = _verb_in(text[max(said, 0) : at]) or wanted
        waiting.append({"form": wanted.form, "slots": {ORDER_NUMBER: number}})
        said = at
    return waiting[::-1]


def _verb_in(words: str) -> Journey | None:
    """What the words between two order numbers ask for the second: "cancel 10041 and tell me where 10046 is"."""
    return next((BY_NAME[name] for name, verb in _VERBS.items() if verb.search(words)), None)
