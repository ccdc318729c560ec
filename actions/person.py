"""Bringing in a person: the handover, the address for the reply, and the offers that lead there."""

import asyncio
import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.before_all_else import before_all_else
from actions.bootstrap import Services, services
from actions.escalation import state_of
from actions.flows import answer_question, start
from actions.gaps import note_gap
from actions.handoff.handing_over import hand_over
from actions.journey.again import ASKED_BEFORE, SHORT
from actions.journey.model import DONE_PLAN, PLAN, Journey
from actions.journeys import BY_INTENT, BY_NAME
from actions.metrics import WARNINGS
from actions.notes import adds_to_ticket, what_to_add
from actions.offers import taken_up
from actions.questions import say_entry
from actions.reply_address import read_reply_address
from actions.requests import requests_in
from actions.safety import is_misuse, is_pressing
from actions.suggestions import only_suggestion, suggested_before
from actions.ticket_status import ADD, TICKET_STATUS, WHICH, WISH
from actions.transcript import answered_before, question_behind_suggestions
from actions.turn import CONTACT_FORM, LISTEN, PERSON_BUTTON, DeskAction, Turn
from backoffice.errors import BackofficeUnavailable
from backoffice.model.act import Act, Done
from backoffice.parsing import parse_ticket_number
from contracts.escalation import thresholds, words
from contracts.escalation.history import HANDOVER_ACTION, fell_short, turns_in
from contracts.escalation.model import Reason, Step
from contracts.escalation.rules import decide

NO_ADDRESS = "none"
"""Value of ``contact_email`` when the customer would rather not leave one."""

_TRIED = re.compile(r"(?i)\b(?:did|done|tried|checked|have)\b.*\b(?:that|this|it|all|already)\b|\balready\b")
_WRONG = re.compile(
    r"(?i)\b(?:wrong|not (?:right|true|correct|it)|isn'?t (?:right|true|it)|never(?! ?mind)|incorrect)\b"
)
_HEARD = re.compile(
    r"(?i)\W*(?:(?:ok(?:ay)?|k|cool|fine|great|good|perfect|alright|all right|right|got it|gotcha|i see|understood|"
    r"noted|brilliant|super|lovely|nice|ah|oh|aha|makes sense|fair enough|sound|grand|no worries)\b\W*)+"
)
"""Words that only say that something was heard: no yes to anything."""
_PLAIN_NO = 4
"""Words of a no that only declines."""

_HIGHER_UP = re.compile(
    r"(?i)\b(?:manager|supervisor|superior|boss|head of|in charge|director|ceo|complain\w*|(?:second|third|fourth|"
    r"(?:\d|two|three|four) )(?:rd|th|nd)? ?times?)\b"
)
_COMPLAINTS = "store-complaint"

_ANGRY = frozenset({Reason.URGENT_COMPLAINT, Reason.VERY_NEGATIVE, Reason.NEGATIVE_RUN, Reason.COMPLAINT, None})
"""Reasons beside which a customer whose account is misused is told what to do at once."""

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
        if decision.reason in _ANGRY and is_misuse(turn.text):
            return await before_all_else(turn, self.services)
        named = adds_to_ticket(turn.text) or parse_ticket_number(turn.text)
        if turn.slot("ticket_number") and turn.intent == "open_ticket" and named:
            return start(turn, TICKET_STATUS)
        if turn.intent == "request_human" and decision.reason in {None, Reason.ASKED_FOR_PERSON}:
            await self._answer_what_is_asked_beside(turn)
        if turn.slot("ticket_number") and _HIGHER_UP.search(turn.text):
            await self._tell_how_complaints_go(turn)
        reason = decision.reason or _REASONS.get(turn.intent or "", Reason.ASKED_FOR_PERSON)
        events = await hand_over(self.services, turn, reason=reason)
        wants_to_add = turn.intent == "open_ticket" and adds_to_ticket(turn.text) and not what_to_add(turn.text)
        return _asking_what_to_add(events) if wants_to_add else events

    async def _tell_how_complaints_go(self, turn: Turn) -> None:
        """Who has a ticket and asks for somebody above is told that we are sorry, and who decides."""
        turn.say("utter_sorry_for_the_wait")
        if entry := await self.services.ladder.entry(_COMPLAINTS):
            say_entry(turn, entry)

    async def _answer_what_is_asked_beside(self, turn: Turn) -> None:
        """The answer that an entry has comes before the person: "a human please, and how long is the warranty"."""
        _, others = requests_in(turn)
        for other in others:
            if other.intent not in BY_INTENT:
                await answer_question(self, turn, other, guess=False)


def _asking_what_to_add(events: list[EventType]) -> list[EventType]:
    """A new ticket that has nothing to read yet: the detail is asked for, then what the handover would ask.

    A person in the chat asks for it.
    """
    number = next((event["value"] for event in events if event.get("name") == "ticket_number"), None)
    if number is None or events[-1]["name"] == "action_save_contact":
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


_WHEN = re.compile(
    r"(?i)\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mornings?|afternoons?|evenings?"
    r"|any ?time|asap|urgent\w*|(?:at|after|before|until|from) \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)\b"
)
"""When somebody can be reached, told where the address was asked for."""


class ValidateContactForm(FormValidationAction):
    """Checks the address for the reply, or the number to call; saying no is an answer too."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    def name(self) -> str:
        return "validate_contact_form"

    async def validate_contact_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        del domain
        turn = Turn(tracker, dispatcher)
        if address := read_reply_address(str(value)):
            return {"contact_email": address, "invalid_tries": 0.0}
        tries = (turn.slot("invalid_tries") or 0.0) + 1
        if tries == 1 and _WHEN.search(turn.text) and await self._noted(turn):
            return {"contact_email": None, "invalid_tries": tries, ASKED_BEFORE: SHORT}
        if turn.intent == "deny" or declines(turn.text) or tries > 2:  # noqa: PLR2004  # the third try ends it
            return {"contact_email": NO_ADDRESS, "invalid_tries": 0.0}
        turn.say("utter_invalid_email" if tries == 1 else "utter_contact_why", ticket_number=turn.slot("ticket_number"))
        return {"contact_email": None, "invalid_tries": tries, ASKED_BEFORE: SHORT}

    async def _noted(self, turn: Turn) -> bool:
        """Whether a detail such as when to ring is on the ticket now, which the customer is told."""
        number = turn.slot("ticket_number")
        if not number:
            return False
        act = Act(turn.conversation_id, turn.message_id, f"contact:{turn.message_id}")
        account = (self._services or services()).backoffice.account
        try:
            noted = await asyncio.to_thread(account.add_note, act, number, turn.text)
        except BackofficeUnavailable:
            return False
        if isinstance(noted, Done):
            turn.say("utter_contact_detail_noted", ticket_number=number)
        return isinstance(noted, Done)


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
    """Adds the address to the ticket, a phone number as a note."""

    def name(self) -> str:
        return "action_save_contact"

    async def perform(self, turn: Turn) -> list[EventType]:
        number, email = turn.slot("ticket_number"), turn.slot("contact_email")
        cleared = [SlotSet("contact_email", None), FollowupAction("action_resume")]
        if not number or email in (None, NO_ADDRESS):
            turn.say("utter_contact_skipped", ticket_number=number or "")
            return cleared
        if "@" not in email:
            act = Act(turn.conversation_id, turn.message_id, f"contact:{turn.message_id}")
            add_note = self.services.backoffice.account.add_note
            noted = await asyncio.to_thread(add_note, act, number, f"Reachable by phone: {email}")
            turn.say(
                "utter_contact_phone_saved" if isinstance(noted, Done) else "utter_contact_skipped",
                ticket_number=number,
                phone=email,
            )
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
        if is_pressing(turn) or taken_up(turn):  # "he doesn't have it" is about the parcel, not about us
            return [FollowupAction("action_fallback")]
        if words.load().asks_for_person(
            turn.text
        ):  # "this is ridiculous, I want a person": asked for, not to be offered
            return await hand_over(self.services, turn, reason=Reason.ASKED_FOR_PERSON)
        if turn.intent == "not_helpful" and (question := question_behind_suggestions(turn)):
            await note_gap(self.services, turn, question, "none_of_these")
        turn.say("utter_complaint" if turn.intent == "complain" else "utter_not_helpful", buttons=[PERSON_BUTTON])
        offer = "complaint" if turn.intent == "complain" else "person"
        return [SlotSet("pending_offer", offer)]


class ActionAcceptOffer(DeskAction):
    """A plain yes: takes up what was offered last."""

    def name(self) -> str:
        return "action_accept_offer"

    async def perform(self, turn: Turn) -> list[EventType]:
        if is_pressing(turn):
            return [FollowupAction("action_fallback")]
        offer = turn.slot("pending_offer")
        if offer in BY_NAME:
            return _taken_up(turn, BY_NAME[offer])
        if offer and not turn.slot("ticket_number"):
            return await hand_over(
                self.services, turn, reason=Reason.COMPLAINT if offer == "complaint" else Reason.ASKED_FOR_PERSON
            )
        if meant := await only_suggestion(turn, self.services):
            return [*say_entry(turn, meant), turn.then()]
        if _TRIED.search(turn.text) and answered_before(turn):
            turn.say("utter_tried_already", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        button, done = turn.entity(PLAN), turn.slot(DONE_PLAN)
        if not button and _HEARD.fullmatch(turn.text) and turns_in(turn.tracker.events)[:-1]:
            turn.say("utter_offer_declined")
        elif done and button in (None, done):
            turn.say("utter_already_done")
        else:
            turn.say("utter_plan_gone" if button else "utter_yes_to_what")
        return [turn.then()]


def _taken_up(turn: Turn, journey: Journey) -> list[EventType]:
    """Start what was offered; the words it was offered for say what it is about, if they sounded like it."""
    past = turns_in(turn.tracker.events)[:-1]
    if past and BY_INTENT.get(past[-1].intent) is journey and not past[-1].is_button:
        return start(turn, journey, text=past[-1].text, intent=past[-1].intent)
    return start(turn, journey)


def denies_what_was_told(text: str) -> bool:
    """Whether a no says outright that what was told is not so: no offer beside it is meant."""
    return not text.startswith("/") and bool(_WRONG.search(text))


def contradicts(text: str) -> bool:
    """Whether a no is about what was just told, and not a plain one."""
    return denies_what_was_told(text) or (not text.startswith("/") and len(text.split()) > _PLAIN_NO)


class ActionDeclineOffer(DeskAction):
    """A plain no: leaves what was offered last. To "did you mean one of these" it says that none was meant."""

    def name(self) -> str:
        return "action_decline_offer"

    async def perform(self, turn: Turn) -> list[EventType]:
        if suggested_before(turn):  # none of these
            if question := question_behind_suggestions(turn):
                await note_gap(self.services, turn, question, "none_of_these")
            turn.say("utter_not_helpful", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        past = turns_in(turn.tracker.events)[:-1]
        missed = bool(past) and fell_short(past[-1], thresholds.load())
        if denies_what_was_told(turn.text) or (not turn.slot("pending_offer") and (missed or contradicts(turn.text))):
            turn.say("utter_not_helpful", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        turn.say("utter_offer_declined")
        return [SlotSet("pending_offer", None), turn.then()]
