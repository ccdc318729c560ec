"""Bringing in a person: the ticket, the address for the reply, and the offers that lead there."""

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.gaps import note_gap
from actions.journey.end import cleared
from actions.journey.model import DONE_PLAN, PLAN
from actions.journeys import BY_FORM
from actions.metrics import HANDOFFS
from actions.transcript import question_behind_suggestions
from actions.turn import CONTACT_FORM, LISTEN, PERSON_BUTTON, DeskAction, Turn
from backoffice.model.ticket import Priority
from backoffice.parsing import parse_email

NO_ADDRESS = "none"
"""Value of ``contact_email`` when the customer would rather not leave one."""

_REASONS = {"request_human": "asked_for_person", "open_ticket": "ticket_requested", "complain": "complaint"}
_MAX_LAST_WORDS = 500


class ActionRequestHandoff(DeskAction):
    """Opens a ticket with what is known and tells its number; asks where to reply if nobody knows."""

    def name(self) -> str:
        return "action_request_handoff"

    async def perform(self, turn: Turn) -> list[EventType]:
        if number := turn.slot("ticket_number"):
            turn.say("utter_ticket_exists", ticket_number=number)
            return [*_leave_forms(turn), FollowupAction(LISTEN)]
        return await open_ticket(self, turn, reason=_REASONS.get(turn.intent or "", "asked_for_person"))


async def open_ticket(action: DeskAction, turn: Turn, *, reason: str) -> list[EventType]:
    """Make the ticket first, so that nothing is lost, then ask for the address."""
    backoffice = action.services.backoffice
    customer = await asyncio.to_thread(backoffice.access.verified_customer, turn.conversation_id)
    email = customer.email if customer else None
    ticket = await asyncio.to_thread(
        backoffice.tickets.open_ticket,
        idempotency_key=f"handoff:{turn.message_id}",
        conversation_id=turn.conversation_id,
        reason=reason,
        priority=Priority.HIGH if reason == "complaint" else Priority.NORMAL,
        summary=summary_of(turn, reason),
        collected=collected_in(turn),
        contact_email=email,
        message_id=turn.message_id,
    )
    HANDOFFS.labels(reason).inc()
    turn.say("utter_ticket_opened_known_customer" if email else "utter_ticket_opened", ticket_number=ticket.number)
    after = LISTEN if email else CONTACT_FORM
    return [
        *_leave_forms(turn),
        SlotSet("ticket_number", ticket.number),
        SlotSet("pending_offer", None),
        SlotSet("fallback_count", 0.0),
        FollowupAction(after),
    ]


def summary_of(turn: Turn, reason: str) -> str:
    """What a colleague reads first: why, what was going on, and the customer's own last words."""
    said = [event.get("text") for event in turn.tracker.events if event.get("event") == "user" and event.get("text")]
    words = [text for text in said if not text.startswith("/")]
    lines = [f"Reason: {reason.replace('_', ' ')}."]
    if turn.active_form:
        lines.append(f"Was in the middle of: {turn.active_form.removesuffix('_form').replace('_', ' ')}.")
    lines.append(f"Customer messages so far: {len(said)}.")
    if words:
        lines.append(f'Last words: "{words[-1][:_MAX_LAST_WORDS]}"')
    return "\n".join(lines)


def collected_in(turn: Turn) -> dict[str, Any]:
    """The slots a colleague can use, so that the customer is not asked again."""
    journey = BY_FORM.get(turn.active_form or "")
    slots = ("order_number", "email", *(item.slot for item in journey.fields)) if journey else ("order_number", "email")
    known = {name: value for name in slots if (value := turn.slot(name)) is not None}
    waiting = [
        entry["slots"] | {"journey": entry["form"].removesuffix("_form")} for entry in turn.slot("suspended") or []
    ]
    return known | ({"waiting": waiting} if waiting else {})


def _leave_forms(turn: Turn) -> list[EventType]:
    journey = BY_FORM.get(turn.active_form or "")
    return [
        ActiveLoop(None),
        *(cleared(journey) if journey else [SlotSet("invalid_tries", 0.0)]),
        SlotSet("requested_slot", None),
        SlotSet("suspended", None),
    ]


class ValidateContactForm(FormValidationAction):
    """Checks the address for the reply; saying no is an answer too."""

    def name(self) -> str:
        return "validate_contact_form"

    def validate_contact_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        del domain
        turn = Turn(tracker, dispatcher)
        if email := parse_email(str(value)):
            return {"contact_email": email, "invalid_tries": 0.0}
        tries = (turn.slot("invalid_tries") or 0.0) + 1
        if turn.intent == "deny" or declines(turn.text) or tries > 2:  # noqa: PLR2004  # the third try ends it
            return {"contact_email": NO_ADDRESS, "invalid_tries": 0.0}
        turn.say("utter_invalid_email")
        return {"contact_email": None, "invalid_tries": tries}


def declines(text: str) -> bool:
    """Whether the customer would rather leave no address."""
    return text.strip(" .!").casefold() in {
        "skip",
        "no",
        "nope",
        "none",
        "no thanks",
        "rather not",
        "i'd rather not",
    }


class ActionSaveContact(DeskAction):
    """Adds the address to the ticket."""

    def name(self) -> str:
        return "action_save_contact"

    async def perform(self, turn: Turn) -> list[EventType]:
        number, email = turn.slot("ticket_number"), turn.slot("contact_email")
        cleared = [SlotSet("contact_email", None), FollowupAction("action_resume")]
        if not number or email in (None, NO_ADDRESS):
            turn.say("utter_contact_skipped", ticket_number=number or "")
            return cleared
        tickets = self.services.backoffice.tickets
        await asyncio.to_thread(tickets.add_contact, number, turn.conversation_id, email, message_id=turn.message_id)
        turn.say("utter_contact_saved", ticket_number=number, email=email)
        return cleared


class ActionOfferPerson(DeskAction):
    """After a complaint, or an answer that did not help: say sorry, offer a person."""

    def name(self) -> str:
        return "action_offer_person"

    async def perform(self, turn: Turn) -> list[EventType]:
        if turn.intent == "not_helpful" and (question := question_behind_suggestions(turn)):
            await note_gap(self.services, question, "none_of_these")
        turn.say("utter_complaint" if turn.intent == "complain" else "utter_not_helpful", buttons=[PERSON_BUTTON])
        offer = "complaint" if turn.intent == "complain" else "person"
        return [SlotSet("pending_offer", offer)]


class ActionAcceptOffer(DeskAction):
    """A plain yes: takes up what was offered last."""

    def name(self) -> str:
        return "action_accept_offer"

    async def perform(self, turn: Turn) -> list[EventType]:
        offer = turn.slot("pending_offer")
        if offer and not turn.slot("ticket_number"):
            reason = "complaint" if offer == "complaint" else "asked_for_person"
            return await open_ticket(self, turn, reason=reason)
        button, done = turn.entity(PLAN), turn.slot(DONE_PLAN)
        if done and button in (None, done):
            turn.say("utter_already_done")
        else:
            turn.say("utter_plan_gone" if button else "utter_yes_to_what")
        return [turn.then()]


class ActionDeclineOffer(DeskAction):
    """A plain no: leaves what was offered last."""

    def name(self) -> str:
        return "action_decline_offer"

    async def perform(self, turn: Turn) -> list[EventType]:
        turn.say("utter_offer_declined" if turn.slot("pending_offer") else "utter_anything_else")
        return [SlotSet("pending_offer", None), turn.then()]
