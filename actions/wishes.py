"""Whether words that sound like a journey want it: an order, a question about it, or the very opposite."""

import re

from actions.appointments.change import CANCEL_APPOINTMENT
from actions.contact_details import CONTACT_DETAILS
from actions.journey.model import LAST_JOURNEY, LAST_ORDER, Journey
from actions.missing_parcel import MISSING_PARCEL
from actions.order_status import ORDER_STATUS
from actions.subscriptions import CANCEL_SUBSCRIPTION
from actions.turn import CONTACT_FORM, Turn
from backoffice.parsing import order_numbers_in, parse_ticket_number
from contracts.questions import asks

_ASKS_HOW = re.compile(
    r"(?i)\b(?:how (?:do|can|does|to|long)|until when|what happens|is it (?:still )?possible|"
    r"(?:can|may) (?:i|we) still)\b"
    r"|^\W*(?:(?:and|so|but|ok|okay|then)\W+)*(?:can|could|may)\s+(?:i|we)\b.+"
    r"\b(?:after|once|without|(?:even )?(?:if|though))\b"
    r"|\bcan\s+(?:\w+\s+){1,3}?(?:go back|be (?:returned|refunded|cancelled|changed))\b"
)
"""Requests that are questions, too: answered before the journey asks for anything."""

_IN_GENERAL = re.compile(
    r"(?i)\bhow (?:long|soon|fast|quick(?:ly)?|many (?:\w+ )?(?:days|weeks|hours))\b"
    r"|^(?!.*\b(?:my|mine|where)\b).*\b(?:(?:general|normal|typical|usual)\w*y|on average|in general|as a rule)\b"
)
_AS_A_RULE = re.compile(r"(?i)\b(?:generally|normally|typically|usually|on average|in general|as a rule)\b")
"""Words about how things are for everybody: what could be looked up for one customer is not meant yet."""

_THOUGHT_OF = re.compile(
    r"(?i)^\W*(?:(?:so|and|but|ok|okay|well|hi|hello|hey)\W+)*(?:what (?:if|happens (?:if|when))\b"
    r"|(?:do|does|will|would|can|could|is|are|what|how much|who)\b(?!.*\bwhere\b).*"
    r"(?<!check )(?<!see )(?<!know )(?<!wonder )(?<!wondering )(?<!sure )(?<!ask )(?<!say )(?<!tell me )(?<!find out )"
    r"\bif (?:my|the|an?|i|we|it|you|something|nobody|no one)\b)"
)
"""A case that is only thought of: "what if I lost the receipt", "do you pay interest if my refund is late"."""

_WHETHER_DONE = re.compile(
    r"(?i)^\W*(?:(?:so|and|but|ok|okay|wait|sorry|hi|hello)\W+)*"
    r"(?:did|have|has|is|was|are|were)n?'?t?\b(?! (?:it|there) possible).{0,40}"
    r"\b(?:cancell?ed|cancel|changed?|moved?|returned|refunded|done|updated?|gone through|went through)\b(?! if\b)"
)
"""Whether something was done, not that it should be: "did you cancel it now"."""

_NOT_THAT = re.compile(
    r"(?i)\b(?:don'?t|do not|not|never)\s+(?:(?:want|need|going) (?:you )?to |you dare )?"
    r"(?:cancel|return|send|change|move|delete)\b"
)
"""The change is named to be ruled out: "don't cancel it, just tell me where it is"."""

_EXPLAIN = re.compile(r"(?i)^\W*(?:please\s+)?(?:describe|explain|tell me (?:a (?:bit|little) )?(?:more )?about)\b")
_MINE = re.compile(r"(?i)\b(?:my|mine|our|ours)\b")
_CALL_ME = re.compile(
    r"(?i)\b(?:please|(?:can|could|would|will|may) (?:you|some ?(?:one|body)|any ?(?:one|body)|an? \w+)"
    r"|i (?:want|need|would like)|i'?d like|arrange|request)\b.{0,40}"
    r"\b(?:(?:call|ring|phone) (?:me|us)\b|call[ -]?back\b|be called\b)"
)
_WHERE = re.compile(r"(?i)\bwhere")
_RETURN_BACK = re.compile(
    r"(?i)\b(?:cancel|stop|withdraw|undo|call off|take back)"
    r"(?: (?:my|the|that|this|our)(?: (?!order|and|or)\w+)?)? returns?\b(?! (?:fee|cost|label))"
)

_APPOINTMENTS = frozenset({"book_appointment", "change_appointment"})
_IT = re.compile(r"(?i)\bcancel (?:it|that|this)(?: (?:again|then|later|please|now|if\b.*))*\W*$")
"""What was arranged last is meant: an appointment is no order."""

_A_SUBSCRIPTION = re.compile(
    r"(?i)\bS\s?[-–]\s?\d{6}\b|\b(?:cancel|end|stop|quit)\w*\b.{0,20}\b(?:bean box|filter plan|subscription)"
)
"""What is to be ended is no order, though an order is named beside it."""

_MOVED_HOUSE = re.compile(
    r"(?i)^(?!.*(?:\b(?:orders?|parcels?|packages?|deliver\w*|ship\w*|send\w*)\b|\d{5})).*"
    r"\b(?:i|we)(?:'?ve| have|'?m| am|'?re| are)? (?:just |recently )?(?:moved|moving)\b"
)
"""Whose address changes, without a word of an order: the account's is meant, and an order's offered."""

_LOST_PARCEL = re.compile(
    r"(?i)\b(?<!return )(?:parcel|package|delivery)\b.{0,12}\b(?:lost|gone missing|never (?:came|arrived|turned up))\b"
    r"|\blost (?:parcel|package)\b"
)


def speaks_of_own(text: str) -> bool:
    """Whether somebody speaks of what is theirs: "my parcel", not "a parcel"."""
    return bool(_MINE.search(text))


def takes_return_back(text: str) -> bool:
    """Whether a return is to be called off: no order is to be cancelled, and nothing sent back."""
    return not text.startswith("/") and bool(_RETURN_BACK.search(text))


def rules_out(asked: str) -> bool:
    """Whether the words name a change to say that it should not be: "actually don't cancel it"."""
    return bool(_NOT_THAT.search(asked))


def instead_of(turn: Turn, journey: Journey, asked: str) -> Journey | None:
    """What is meant where the words speak of a change without ordering it.

    Who asks whether it was done, or says that it should not be, is told how the order stands.
    """
    if journey.name == "refund_status" and _LOST_PARCEL.search(asked):
        return MISSING_PARCEL  # the money for what never came: settled there, with the wish that was said
    if not journey.agrees or asked.startswith("/"):
        return None
    if journey.name == "cancel_order" and _A_SUBSCRIPTION.search(asked):
        return CANCEL_SUBSCRIPTION
    if journey.name == "cancel_order" and turn.slot(LAST_JOURNEY) in _APPOINTMENTS and _IT.search(asked):
        return CANCEL_APPOINTMENT
    if journey.name == "change_delivery_address" and not turn.slot(LAST_ORDER) and _MOVED_HOUSE.search(asked):
        return CONTACT_DETAILS
    about_known = journey.about_order and (turn.slot(LAST_ORDER) or order_numbers_in(asked))
    return ORDER_STATUS if about_known and (_WHETHER_DONE.search(asked) or rules_out(asked)) else None


def only_asks(turn: Turn, journey: Journey, asked: str) -> bool:
    """Whether the words are a question that begins nothing, though they sound like the journey's.

    Within another journey a question never starts a change: "where do I drop it off" books nothing.
    """
    if asked.startswith("/"):
        return False
    if journey.never_means and journey.never_means.search(asked):
        return True
    if journey.agrees and _EXPLAIN.search(asked) and not _MINE.search(asked):
        return True  # "describe the coffee subscription" ends none
    inside = turn.active_form not in {None, CONTACT_FORM}
    if inside and _THOUGHT_OF.search(asked) and not order_numbers_in(asked):
        return True
    general = journey.agrees or (journey.name == "refund_status" and not _WHERE.search(asked))
    return inside and general and asks(asked) and not order_numbers_in(asked)


def asks_in_general(journey: Journey, asked: str, *, order_number: str | None) -> bool:
    """Whether the words ask how it is for everybody: nobody is asked for a number to look their own matter up."""
    if not journey.offered or order_number or parse_ticket_number(asked) or asked.startswith("/"):
        return False
    return bool(_THOUGHT_OF.search(asked) or (_AS_A_RULE.search(asked) and not _MINE.search(asked)))


def wants_a_call(text: str) -> bool:
    """Whether a person is to ring: whatever it is about, no journey can do that."""
    return not text.startswith("/") and bool(_CALL_ME.search(text))


def asks_too(journey: Journey, asked: str, *, order_number: str | None) -> bool:
    """Whether what starts a journey asks something, too. Who names an order or a ticket wants it looked up."""
    if journey.agrees:
        return bool(_ASKS_HOW.search(asked))
    named = order_number or parse_ticket_number(asked)
    return not named and bool(_ASKS_HOW.search(asked) or (journey.offered and _IN_GENERAL.search(asked)))
