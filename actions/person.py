"""Bringing in a person: the handover, the address for the reply, and the offers that lead there."""

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.escalation import state_of
from actions.flows import start
from actions.gaps import note_gap
from actions.handoff.handing_over import hand_over
from actions.journey.model import DONE_PLAN, PLAN
from actions.journeys import BY_NAME
from actions.metrics import WARNINGS
from actions.ticket_status import ADD, TICKET_STATUS, WHICH, WISH, adds_to_ticket, what_to_add
from actions.transcript import question_behind_suggestions
from actions.turn import CONTACT_FORM, LISTEN, PERSON_BUTTON, DeskAction, Turn
from backoffice.parsing import parse_email
from contracts.escalation import thresholds
from contracts.escalation.history import HANDOVER_ACTION
from contracts.escalation.model import Reason, Step
from contracts.escalation.rules import decide

NO_ADDRESS = "none"
"""Value of ``contact_email`` when the customer would rather not leave one."""

_REASONS = {
    "request_human": Reason.ASKED_FOR_PERSON,
    "open_ticket": Reason.TICKET_REQUESTED,
    "complain": Reason.COMPLAINT,
}


class ActionRequestHandoff(DeskAction):
    """Hands over and says so; asks where to reply if it became a ticket and nobody knows.

    The customer's wish leads here by a rule, everything else by the escalation policy; the same rules, asked once
    more, say which it was.
    """

    def name(self) -> str:
        return HANDOVER_ACTION

    async def perform(self, turn: Turn) -> list[EventType]:
        decision = decide(state_of(turn), thresholds.load())
        if turn.slot("ticket_number") and turn.intent == "open_ticket" and adds_to_ticket(turn.text):
            return start(turn, TICKET_STATUS)
        reason = decision.reason or _REASONS.get(turn.intent or "", Reason.ASKED_FOR_PERSON)
        events = await hand_over(self.services, turn, reason=reason)
        wants_to_add = turn.intent == "open_ticket" and adds_to_ticket(turn.text) and not what_to_add(turn.text)
        return _asking_what_to_add(events) if wants_to_add else events


def _asking_what_to_add(events: list[EventType]) -> list[EventType]:
    """A new ticket that has nothing to read yet: the detail is asked for, then what the handover would ask.

    A person in the chat asks for it.
    """
    number = next((event["value"] for event in events if event.get("name") == "ticket_number"), None)
    if number is None:
        return events
    *left, follows = events
    waiting = [{"form": CONTACT_FORM, "slots": {}}] if follows["name"] == CONTACT_FORM else None
    known = {WHICH: number, WISH: ADD, "suspended": waiting}
    return [*left, *(SlotSet(slot, value) for slot, value in known.items()), FollowupAction(TICKET_STATUS.form)]


class ActionWarnAbuse(DeskAction):
    """Answers abuse calmly: first with a request, then with the offer of a supervisor. The third hands over."""

    def name(self) -> str:
        return "action_warn_abuse"

    async def perform(self, turn: Turn) -> list[EventType]:
        second = decide(state_of(turn), thresholds.load()).step is Step.OFFER_SUPERVISOR
        turn.say("utter_abuse_second_warning" if second else "utter_abuse_warning")
        WARNINGS.labels("second" if second else "first").inc()
        # What was shouted is no answer to what the form had asked.
        asked = [SlotSet(turn.requested_slot, None)] if turn.requested_slot else []
        return [*asked, SlotSet("pending_offer", "person" if second else None), FollowupAction(LISTEN)]


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
        if offer in BY_NAME:
            return start(turn, BY_NAME[offer])
        if offer and not turn.slot("ticket_number"):
            return await hand_over(
                self.services, turn, reason=Reason.COMPLAINT if offer == "complaint" else Reason.ASKED_FOR_PERSON
            )
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
