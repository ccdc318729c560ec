"""Words about what may hurt somebody, and about an account or a card in a stranger's hands."""

import re

from actions.turn import CONTACT_FORM, Turn
from backoffice.parsing import order_numbers_in
from contracts.questions import asks

MAY_HURT = re.compile(
    r"(?i)\b(?:very|really|too|is|so|gets?|got) hot\b|\b(?:smells?|smok\w+|burn(?:ing|t)|(?:on|catch\w*|caught) fire|"
    r"sparks?|sparking|bulg\w+|swollen|swell\w*|electric shock|melt\w*|overheat\w*)\b"
)
"""What may hurt somebody: the safety advice comes before any form."""

_REMEMBERED = 8
"""Messages for which a warning holds."""

_EMERGENCY = "utter_handoff_crisis_emergency"
_BATTERY = "damage-battery-swollen"

_ORDER_NAMED = "utter_danger_order_named"
_AFTER_A_WARNING = {
    "utter_danger_new_one": re.compile(
        r"(?i)\b(?:(?:new|another|different|working) (?:ones?|\w+)|replace\w*|exchange|refund\w*|money)\b"
    ),
    "utter_danger_no_number": re.compile(
        r"(?i)\b(?:no|without|lost|don'?t|haven'?t|can'?t|cannot)\b.{0,25}\b(?:number|receipt|invoice)\b"
    ),
    "utter_danger_no_post": re.compile(
        r"(?i)\b(?:post|mail(?!\W+(?:is|address))|ship|send|return|courier|drop (?:it|them) off|parcel|pack)\w*\b"
    ),
    "utter_danger_no_use": re.compile(
        r"(?i)\b(?:use|using|charg\w+|plug\w*|(?:switch|turn|put) (?:it|them) (?:back )?on|keep|safe|open it|touch|bin|"
        r"throw)\b"
    ),
    "utter_danger_heard": re.compile(
        r"(?i)\b(?:danger\w*|listen\w*|read(?:ing)?|serious\w*|fires?|hurt|burn\w*|explo\w+|smok\w+|scared|emergency)\b"
    ),
}
"""What is said to words that, after a warning, would begin something else; the first that fits."""

_STRANGER = r"(?:some(?:one|body)(?: else)?|(?:a )?(?:stranger|thief|hacker|scammer)s?|my ex|not me)"
_DID = r"(?:order\w*|bought|buy\w*|us(?:ed?|ing)|pa(?:id|ys?|ying)|shop\w*|cancel\w*|chang\w*|log\w*)"
_MISUSE = re.compile(
    rf"(?i)\b{_STRANGER}\b.{{0,40}}\b{_DID}\b"
    r".{0,40}\b(?:account|cards?|name|login|profile|paypal|password)\b"
    r"|\b(?:fraud\w*|stolen|hacked|hijacked)\b.{0,60}\b(?:account|cards?|payments?|login|paypal)\b"
    r"|\b(?:account|cards?|payments?|login|paypal)\b.{0,60}\b(?:fraud\w*|stolen|hacked|hijacked)\b"
    r"|\b(?:i|we) (?:never|did ?no?'?t|have ?no?'?t) (?:ever )?cancel(?:led|ed|l)? (?:that|this|it|my|the|any)\b"
)
_PLANS = re.compile(r"(?i)\b(?:if|could|would|might|can) (?:some(?:one|body)|any(?:one|body))\b|\bgift\b|\bpresent\b")
"""A question for some other day, or somebody who ordered for the customer as a present."""


def is_pressing(turn: Turn) -> bool:
    """Whether a message is about a danger or a misuse, whatever it sounds like."""
    return after_a_warning(turn) is not None or is_misuse(turn.text)


def after_a_warning(turn: Turn) -> str | None:
    """What is said first to words that, after a warning, would begin something else; None for all others."""
    elsewhere = turn.text.startswith("/") or turn.active_form not in {None, CONTACT_FORM}
    if elsewhere or MAY_HURT.search(turn.text) or not warned_lately(turn):
        return None
    said = next((response for response, words in _AFTER_A_WARNING.items() if words.search(turn.text)), None)
    return said or (_ORDER_NAMED if order_numbers_in(turn.text) else None)


def is_misuse(text: str) -> bool:
    """Whether somebody else ordered, paid or cancelled in the customer's name."""
    return not (text.startswith("/") or _PLANS.search(text) or asks(text)) and bool(_MISUSE.search(text))


def warned_lately(turn: Turn) -> bool:
    """Whether a warning was given in the last few messages; a handover in between changes nothing about it."""
    age = 0
    for event in reversed(turn.tracker.events):
        if event.get("event") == "session_started" or age > _REMEMBERED:
            return False
        if event.get("event") == "user":
            age += 1
        elif event.get("event") == "bot" and _warns(event):
            return True
    return False


def _warns(event: dict[str, object]) -> bool:
    metadata, data = event.get("metadata"), event.get("data")
    said = str(metadata.get("utter_action") or "") if isinstance(metadata, dict) else ""
    record = data.get("custom") if isinstance(data, dict) else None
    cited = record.get("citations") or () if isinstance(record, dict) else ()
    return said in {_EMERGENCY, _ORDER_NAMED, *_AFTER_A_WARNING} or any(
        citation.get("entry_id") == _BATTERY for citation in cited
    )
