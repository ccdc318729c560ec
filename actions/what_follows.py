"""What comes after something was carried out: "when will I hear back", "so what happens now", "is that all?"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.journey.again import ASKED_BEFORE, SHORT
from actions.turn import CONTACT_FORM, Turn
from backoffice.parsing import order_numbers_in

_LEAD = r"(?:(?:so|and|ok|okay|well|but|hm+|great|good|fine|thanks|thank you|thx|cool|all ?right|right|then)\W+)*"
_ABOUT_IT = (
    r"(?: (?:then|now|today|from (?:you|u|them|(?:your )?colleagues?|someone|somebody)|back|about (?:it|that|this)))*"
)
_THEY = r"(?:they|he|she|you|u|some ?(?:one|body)|any ?(?:one|body)|an? (?:person|human|colleague)|your colleagues?)"
_WHEN = (
    r"(?:when|by when|what (?:day|time)|how (?:soon|quickly|fast|long))\b.{0,25}?\b(?:"
    r"hear(?: back| from| anything| something)*|get back to me|be in touch|(?:have|get) an? (?:answer|reply|decision)|"
    rf"(?:will|do|does|can|would|is|are|'?ll) {_THEY} (?:going to |gonna )?"
    r"(?:call|ring|phone|write|reply|respond|answer|contact|email|e-mail)(?:ing)?(?: (?:to )?(?:me|us))?|"
    r"(?:will|does|would|is|'?ll) (?:that|this|it) (?:going to |gonna )?(?:take|be (?:done|sorted|settled))"
    r")"
)
_NEXT = (
    r"(?:what (?:happens|comes|do you do|will you do|is going to happen) (?:now|next|then|after (?:that|this))"
    r"|what(?:'?s| is) (?:the )?next(?: steps?)?"
    r"|what (?:do|must|should) i (?:have to |need to )?do (?:now|next|then)|(?:what )?now(?: what)?)"
)
_ANYTHING_MORE = (
    r"(?:(?:do i|must i|have i got to) (?:have to |need to )?do (?:anything|something)"
    r"(?: (?:else|more|now|for (?:it|that)|myself))*)"
)
_IS_IT_DONE = (
    r"(?:(?:is|was) (?:that|this) (?:it|all|everything|done|settled|sorted)(?: (?:done|settled|sorted))?"
    r"|(?:is|are) (?:it|we) (?:all )?(?:done|sorted|settled|set|through|confirmed|booked)"
    r"|did (?:it|that) (?:work|go through))"
)


def _asks(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)^\W*{_LEAD}(?:{words}){_ABOUT_IT}(?: (?:please|pls|now|then))*\W*$")


_TIME = _asks(_WHEN)
_WHAT_FOLLOWS = _asks(f"{_WHEN}|{_NEXT}|{_ANYTHING_MORE}|{_IS_IT_DONE}")
"""Asked of what was just done; words that name a matter of their own ask about that."""

_WHEN_I_GET = r"when (?:do|will|can|would|should) i (?:get|have|see|receive|expect)"
_IF_TOLD = (
    (
        _asks(
            rf"{_WHEN_I_GET} (?:it|that)(?: all)?(?: back)?"
            r"|how much (?:do|will|would) i (?:get|have|receive|see)(?: back)?"
        ),
        re.compile("€"),
    ),
    (
        _asks(rf"{_WHEN_I_GET} (?:it|that|(?:the|my) (?:money|refund))(?: back)?"),
        re.compile(r"decides|take it up"),
    ),
    (
        _asks(
            r"(?:how long|how many days|until when|by when) (?:do|must|should|can) i (?:have|get|need)?"
            r"(?: ?to (?:send|post|bring|give|hand) (?:it|that|them|the parcel)(?: (?:back|off|in))?)?"
        ),
        re.compile(r"(?i)hand (?:it|the parcel)"),
    ),
    (
        _asks(
            r"(?:will|do|does|would) (?:i|you) (?:also )?(?:get|receive|send(?: me)?) (?:an?|the|any) "
            r"(?:e-?mail|mail|label|confirmation|reminder)"
        ),
        re.compile(r"e-mail"),
    ),
    (
        _asks(
            r"when (?:does|do|will|is|would) (?:the |my )?next (?:one|box|parcel|delivery|bag|beans|shipment)"
            r"(?: (?:come|coming|be|arrive|ship|due|sent|delivered|here|start))*"
        ),
        re.compile(r"(?i)deliveries start|further parcel|last parcel"),
    ),
)
"""A question, and what the words that were told must hold to answer it."""

_UTTER, _DONE = "utter_", "done_"
_TELLS_NO_TIME = frozenset({"change_address", "book_appointment", "change_appointment"})
"""What was done by these takes no time: "how long" means the parcel, or the workshop."""

_TICKET = frozenset(
    {"utter_ticket_opened", "utter_ticket_exists", "utter_ticket_instead_of_desk", "utter_contact_skipped"}
)
_REACHABLE = frozenset({"utter_ticket_opened_known_customer", "utter_contact_saved", "utter_contact_phone_saved"})
"""Tickets whose customer my colleagues can reach."""

_IN_THE_CHAT = frozenset({"utter_handed_to_desk", "utter_handed_to_desk_closed"})
_TOLD_AGAIN = frozenset({"utter_as_arranged", "utter_ticket_follows", "utter_ticket_follows_no_address"})
_FRESH = 3
"""Messages."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """What is said of what was arranged: a response of the domain with its values."""

    response: str
    values: Mapping[str, Any]


def what_was_arranged(turn: Turn) -> Arranged | None:
    """What the bot did a moment ago, in its own words, if the message asks how that goes on; else None."""
    if turn.active_form not in {None, CONTACT_FORM} or turn.text.startswith("/") or not _asks_what_follows(turn.text):
        return None
    age, spoken_of = 0, set[str]()
    for event in reversed(turn.tracker.events):
        kind, name = event.get("event"), str((event.get("metadata") or {}).get("utter_action") or "")
        age += kind == "user"
        age -= name in _TOLD_AGAIN
        if age > _FRESH or kind in {"session_started", "restart"} or name in _IN_THE_CHAT:
            return None
        if name in _TICKET | _REACHABLE:
            return _of_the_ticket(turn)
        if (done := name.removeprefix(_UTTER)).startswith(_DONE):
            return _of_what_was_done(turn.text, done.removeprefix(_DONE), str(event.get("text") or ""), spoken_of)
        record = (event.get("data") or {}).get("custom") or {}
        if record.get("order_number"):
            spoken_of.add(str(record["order_number"]))
        elif record and record.get("rung") not in {"did_you_mean", "none"}:
            return None  # another answer since, which "it" is about
    return None


def _asks_what_follows(text: str) -> bool:
    return bool(_WHAT_FOLLOWS.match(text) or any(question.match(text) for question, _ in _IF_TOLD))


def _of_what_was_done(asked: str, name: str, told: str, spoken_of: set[str]) -> Arranged | None:
    """The words themselves, unless another order was spoken of since, or they do not hold what is asked."""
    if not told or not spoken_of <= set(order_numbers_in(told)) or (name in _TELLS_NO_TIME and _TIME.match(asked)):
        return None
    held = any(question.match(asked) and answer.search(told) for question, answer in _IF_TOLD)
    return Arranged("utter_as_arranged", {"arranged": told}) if held or _WHAT_FOLLOWS.match(asked) else None


def _of_the_ticket(turn: Turn) -> Arranged | None:
    """Until when somebody answers; who left no address is told that nobody can."""
    number = turn.slot("ticket_number")
    if not number or not _WHAT_FOLLOWS.match(turn.text):
        return None
    if turn.active_form:
        return Arranged("utter_ticket_follows_once_known", {})
    said = {str((event.get("metadata") or {}).get("utter_action")) for event in turn.tracker.events}
    response = "utter_ticket_follows" if said & _REACHABLE else "utter_ticket_follows_no_address"
    return Arranged(response, {"ticket_number": str(number)})


def tell_again(turn: Turn, arranged: Arranged) -> list[EventType]:
    """Say once more what was arranged: it holds when what comes next happens."""
    turn.say(arranged.response, **arranged.values)
    asked = [SlotSet(ASKED_BEFORE, SHORT)] if turn.active_form else []
    return [SlotSet("fallback_count", 0.0), SlotSet("pending_offer", None), *asked, turn.then()]
