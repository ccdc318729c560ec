"""Giving a conversation to a person, and telling the customer what happens now."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.handoff.dossier import handoff_from
from actions.handoff.summing_up import summed_up
from actions.metrics import HANDOFFS
from actions.reply_address import read_reply_address
from backoffice.errors import BackofficeUnavailable
from backoffice.parsing import order_numbers_in
from contracts.escalation.history import CONTACT_FORM
from contracts.escalation.model import Reason

if TYPE_CHECKING:  # a turn's actions hand over, so they import this module
    from actions.bootstrap import Services
    from actions.handoff.model import Accepted
    from actions.turn import Turn

logger = structlog.get_logger()

_LISTEN, _SAVE_CONTACT = "action_listen", "action_save_contact"
_CRISES = frozenset({Reason.CRISIS_SELF_HARM, Reason.CRISIS_EMERGENCY})
_KEPT = frozenset({
    *("ticket_number", "contact_email", "pending_offer", "fallback_count", "invalid_tries", "session_started_metadata"),
    *("last_order", "last_journey", "done_plan"),
})  # fmt: skip
"""Slots that outlive a journey."""
EXPLAINED = frozenset(Reason) - {Reason.ASKED_FOR_PERSON, Reason.TICKET_REQUESTED, Reason.COMPLAINT}
"""Reasons that the customer did not give: a sentence says them, ``utter_handoff_<reason>``."""


async def hand_over(services: Services, turn: Turn, *, reason: Reason) -> list[EventType]:
    """Give the conversation to a person; a matter that has its ticket already gets no second one.

    Args:
        services: what hands over.
        turn: the message that brought it here.
        reason: why.
    """
    if reason in EXPLAINED:
        turn.say(f"utter_handoff_{reason.value}")
    email = await _email_of_verified(services, turn, needed=not services.handoffs.has_desk)
    handoff = handoff_from(turn, reason, services.personal_data, email=email)
    if reason not in _CRISES:  # who is in danger gets an urgent ticket besides, and waits for no model
        filed_before = turn.slot("ticket_number") and not services.handoffs.has_desk  # then nobody reads a summary
        handoff = handoff if filed_before else await summed_up(handoff, turn, services.summaries)
        handoff = replace(handoff, ticket_number=turn.slot("ticket_number"))
    accepted = await services.handoffs.take(handoff)
    HANDOFFS.labels(reason.value, accepted.kind).inc()
    logger.info("handoff.accepted", reason=reason.value, priority=handoff.priority, kind=accepted.kind)
    _say_where(turn, accepted, email=email)
    # Nobody in danger is asked for an address first.
    ask = accepted.kind == "ticket" and not (email or accepted.known) and reason not in _CRISES
    said = _address_said(turn.text) if ask else None  # "call me on 087 …": what is said already is not asked
    return [
        *_leave_forms(turn),
        SlotSet("ticket_number", accepted.ticket_number or turn.slot("ticket_number")),
        SlotSet("pending_offer", None),
        SlotSet("fallback_count", 0.0),
        *([SlotSet("contact_email", said)] if said else []),
        FollowupAction(_SAVE_CONTACT if said else CONTACT_FORM if ask else _LISTEN),
    ]


def _address_said(text: str) -> str | None:
    """Where to reply, told in the words that ask for a person; two order numbers in a row are no telephone."""
    for number in order_numbers_in(text):
        text = text.replace(number, " ")
    return read_reply_address(text)


async def _email_of_verified(services: Services, turn: Turn, *, needed: bool) -> str | None:
    """The verified customer's address; a back office that is down costs no handoff that a desk could take."""
    try:
        customer = await asyncio.to_thread(services.backoffice.access.verified_customer, turn.conversation_id)
    except BackofficeUnavailable:
        if needed:
            raise
        return None
    return customer.email if customer else None


def _say_where(turn: Turn, accepted: Accepted, *, email: str | None) -> None:
    if accepted.kind == "chat" and accepted.opening is not None:
        turn.say("utter_handed_to_desk_closed", opening=accepted.opening)
    elif accepted.kind == "chat":
        turn.say("utter_handed_to_desk")
    elif accepted.known:
        turn.say("utter_ticket_exists", ticket_number=accepted.ticket_number)
    elif accepted.instead:
        turn.say("utter_ticket_instead_of_desk", ticket_number=accepted.ticket_number)
    else:
        known = "utter_ticket_opened_known_customer" if email else "utter_ticket_opened"
        turn.say(known, ticket_number=accepted.ticket_number)


def _leave_forms(turn: Turn) -> list[EventType]:
    """Out of every journey, also those that wait, with nothing of them left behind: an outburst is no value."""
    begun = [name for name, value in turn.tracker.slots.items() if value is not None and name not in _KEPT]
    return [
        ActiveLoop(None),
        *(SlotSet(name, None) for name in begun),
        SlotSet("requested_slot", None),
        SlotSet("suspended", None),
        SlotSet("invalid_tries", 0.0),
    ]
