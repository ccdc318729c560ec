"""What the knowledge says of a trouble or a question comes before the journey that its words sound like."""

import re

from rasa_sdk.events import EventType, SlotSet

from actions.bootstrap import Services
from actions.journey.model import Journey
from actions.questions import question_from, say_entry
from actions.requests import Request, more_is_asked
from actions.transcript import told_last
from actions.turn import CONTACT_FORM, PERSON_BUTTON, Turn
from actions.wishes import speaks_of_own
from answering.model import TOLD
from backoffice.parsing import order_numbers_in, parse_email
from contracts.questions import asks

_TROUBLES = frozenset({"claim", "payment_failed", "promo_code_problem"})
"""Journeys that a mere description sounds like: an entry about the very trouble may end it."""

_OFFERED = {"claim": "Report it", "book_appointment": "Book an appointment"}
"""Journeys that ``utter_offer_<name>`` offers after the entry, with the button's title.

To type a code is offered to nobody: it may be the bank's.
"""

_WISH = re.compile(
    r"(?i)\b(?:(?:i|we)\W+(?:\w+ ){0,2}(?:want|need|wish|wanna|would like)|(?:i|we)'?d (?:\w+ )?like|please|pls|plz|"
    r"(?:can|could|would|will) (?:you|u|ya)|report\w*|return\w*|send(?:ing)? (?:it|this|that|them|me)|cancel\w*|"
    r"replac\w*|exchang\w*|swap\w*|refund\w*|money back|new one|claim|complain\w*)\b"
)
"""A plain wish to have something done."""

_ITS_OWN_SUBJECT = frozenset(
    {
        "damage-broken-on-arrival", "damage-wrong-item", "damage-missing-item", "damage-photos", "damage-send-back",
        "damage-replacement-time", "damage-after-14-days", "warranty-claim", "payment-declined",
        "payment-double-charge", "promotions-code-not-working", "promotions-excluded", "promotions-one-code",
        "appointments-book", "appointments-change", "payment-invoice", "orders-cancel-before-shipping",
        "orders-cancel-after-shipping", "orders-change-address", "orders-delivered-not-received", "orders-late",
        "orders-track", "orders-tracking-not-moving", "returns-how-to", "subscriptions-cancel", "subscriptions-pause",
        "account-change-details", "account-change-email", "privacy-delete-data",
    }
)  # fmt: skip
"""Entries that describe what a journey does: better done than told."""


def wants_it_done(text: str) -> bool:
    """Whether the words plainly ask for something to be done, or name what it is to be done with."""
    return text.startswith("/") or bool(_WISH.search(text) or order_numbers_in(text) or parse_email(text))


async def told_instead(turn: Turn, services: Services, journey: Journey, asked: str) -> list[EventType]:
    """Tell the entry that answers a trouble or a question outright, and offer the journey; empty where none does.

    What was told a moment ago did not end the matter.
    """
    if turn.active_form not in {None, CONTACT_FORM} or wants_it_done(asked) or more_is_asked(turn):
        return []
    question = asks(asked) and not speaks_of_own(asked) and not journey.offered
    if not (question or journey.name in _TROUBLES):
        return []
    answer = await services.ladder.answer(await question_from(turn, services, Request(asked, turn.intent or "")))
    if answer.kind not in TOLD or answer.entry_ids & (_ITS_OWN_SUBJECT | told_last(turn)):
        return []
    return [*say_entry(turn, answer), *offer_after_it(turn, journey), *turn.moving_on()]


def offer_after_it(turn: Turn, journey: Journey) -> list[EventType]:
    """Offer the journey that the words sound like, once an entry is told in its place."""
    title = _OFFERED.get(journey.name)
    if title is None:
        return []
    turn.say(f"utter_offer_{journey.name}", buttons=[{"title": title, "payload": "/affirm"}, PERSON_BUTTON])
    return [SlotSet("pending_offer", journey.name)]
