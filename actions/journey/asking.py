"""The questions that depend on the back office: which order, whether to do it, the code."""

import asyncio
import json
import re
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Services, services
from actions.journey.again import ASKED_BEFORE, SHORT, is_first_question
from actions.journey.form import away, case_of
from actions.journey.held_back import ANOTHER_BUTTON, held_back, say_held_back
from actions.journey.model import (
    AGREED,
    CODE,
    CODE_SENT,
    EMAIL,
    ORDER_NUMBER,
    PLAN,
    RETRY,
    TRIED_NUMBER,
    TRIES_LEFT,
    Case,
    Journey,
    Sentence,
)  # fmt: skip
from actions.journey.reading import ANSWERING
from actions.journey.steps import orders_to_offer
from actions.order_words import SHOP_TIME, day, items_of
from actions.turn import PERSON_BUTTON, STOP_BUTTON, Turn
from backoffice.errors import BackofficeUnavailable
from backoffice.model.act import Refusal
from backoffice.parsing import order_numbers_in, parse_email
from contracts.escalation.history import turns_in
from contracts.questions import asks

MOST_ORDERS_OFFERED = 6

_ANOTHER_NUMBER = re.compile(r"(?i)\border(?: (?:number|no|nr|id))?[\s:.]*#?\s?\d{3,12}\b|(?<!\w)#\s?\d{3,12}\b")
"""A number that somebody takes for an order's, in the words that begin a journey."""

_WITHOUT_NUMBER = re.compile(
    r"(?i)(?:\b(?:lost|forgot(?:ten)?|deleted)|(?:n'?t|\bdo not|\bcan ?not) (?:have|know|remember|find))"
    r" (?:the|my|an?|any) (?:order )?(?:number|no\b|nr\b|confirmation)"
)
"""The words that begin a journey say already that there is no number at hand."""


class Asking(Action, ABC):
    """``action_ask_<slot>``: says the question; when the back office is away the question is whether to retry."""

    def __init__(self, services: Services | None = None, journeys: Any = None) -> None:
        self._services = services
        self._journeys = journeys

    @property
    @abstractmethod
    def slot(self) -> str: ...

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        del domain
        turn = Turn(tracker, dispatcher)
        case = case_of(turn, self._services or services())
        journey = self._journey_of(turn)
        if journey is None:
            return []
        try:
            return await asyncio.to_thread(self.ask, journey, case)
        except BackofficeUnavailable as error:
            away(error)
            turn.say("utter_ask_retry")
            return [SlotSet("requested_slot", RETRY)]

    def _journey_of(self, turn: Turn) -> Journey | None:
        from actions.journeys import BY_FORM  # noqa: PLC0415  # the list imports the journeys, which import this package

        return BY_FORM.get(turn.active_form or "")

    @abstractmethod
    def ask(self, journey: Journey, case: Case) -> list[EventType]:
        """Say the question; the events are slots that go with it."""


class ActionAskOrderNumber(Asking):
    """Offers the verified customer's own orders; a stranger is asked for the number."""

    slot = ORDER_NUMBER

    def ask(self, journey: Journey, case: Case) -> list[EventType]:
        orders = orders_to_offer(journey, case) if journey.about_order else []
        if orders:
            buttons = [button_for(order) for order in orders[:MOST_ORDERS_OFFERED]]
            case.turn.say("utter_ask_which_order", buttons=buttons)
        elif case[TRIED_NUMBER]:
            self._ask_for_a_pair(case)
        elif case[ASKED_BEFORE] is None:
            if _WITHOUT_NUMBER.search(case.turn.text):
                case.turn.say("utter_no_order_number", buttons=[PERSON_BUTTON, STOP_BUTTON])
                return []
            if _ANOTHER_NUMBER.search(case.turn.text):
                case.turn.say("utter_invalid_order_number")
            case.turn.say(f"utter_ask_order_number_{journey.name}")  # what it is for
        else:
            case.turn.say("utter_ask_order_number")
        return []

    @staticmethod
    def _ask_for_a_pair(case: Case) -> None:
        """After a pair that does not go together. Words that bring no other one are met with other words."""
        tries_left = str(int(case[TRIES_LEFT] or 0))
        tried = order_numbers_in(case.turn.text) or parse_email(case.turn.text)
        before = turns_in(case.turn.tracker.events)[-2:-1]
        if tried or not any("utter_verification_failed" in past.replies for past in before):
            case.turn.say("utter_verification_failed", tries_left=tries_left)
        else:
            case.turn.say("utter_pair_needed", tries_left=tries_left, buttons=[PERSON_BUTTON, STOP_BUTTON])


class ActionAskEmail(Asking):
    """The address of the order; as the first question it says what it is for."""

    slot = EMAIL

    def ask(self, journey: Journey, case: Case) -> list[EventType]:
        number = case[ORDER_NUMBER]
        if number and is_first_question(case.turn):
            case.turn.say(f"utter_ask_email_{journey.name}", number=number)
        else:
            case.turn.say("utter_ask_email")
        return []


def button_for(order: Any) -> dict[str, str]:
    payload = json.dumps({ORDER_NUMBER: order.number})
    return {
        "title": f"{order.number}: {items_of(order.lines)}, {day(order.placed_at)}",
        "payload": f"/inform{payload}",
    }


class ActionAskAgreed(Asking):
    """Reads the plan back with a button for exactly this plan."""

    slot = AGREED

    def ask(self, journey: Journey, case: Case) -> list[EventType]:
        plan = journey.preview(case)
        if isinstance(plan, Refusal):
            return [SlotSet("requested_slot", None)]
        said = journey.read_back(case, plan)
        if _nothing_between(case) and _just_read_back(case, said.response, plan.token):
            said = Sentence("utter_go_ahead", data=said.data)
        yes = {"title": "Yes, please", "payload": "/affirm" + json.dumps({"plan": plan.token})}
        no = {"title": "No, leave it", "payload": "/deny" + json.dumps({"plan": plan.token})}
        Sentence(said.response, said.values, [*said.buttons, yes, no], said.data).say(case.turn)
        return [SlotSet("plan", plan.token)]


def _nothing_between(case: Case) -> bool:
    """Whether nothing was answered in between that "that" could mean instead of the plan."""
    turn = case.turn
    question = "?" in turn.text or asks(turn.text)
    if "utter_after_this_one" in turns_in(turn.tracker.events)[-1].replies:
        return False
    return case[ASKED_BEFORE] == SHORT or (case[ASKED_BEFORE] is not None and turn.intent in ANSWERING and not question)


def _just_read_back(case: Case, response: str, token: str) -> bool:
    """Whether the same plan stands in the reply right before: its words need not come again after a "thanks"."""
    events = case.turn.tracker.events
    told, latest = None, None
    for event in events:
        if event.get("event") == "user":
            told = latest
        elif event.get("event") == "slot" and event.get("name") == PLAN:
            latest = event.get("value")
    return told == token and any(response in one.replies for one in turns_in(events)[-2:-1])


class ActionAskCode(Asking):
    """Sends a code once, then asks for it; another one only when the customer wants it."""

    slot = CODE

    def ask(self, journey: Journey, case: Case) -> list[EventType]:
        del journey
        if case[CODE_SENT]:
            case.turn.say("utter_ask_code_again", buttons=[ANOTHER_BUTTON, STOP_BUTTON])
            return []
        answer = case.backoffice.codes.send_code(case.conversation_id, message_id=case.turn.message_id)
        if held_back(answer):
            sent = case.turn.message_id if answer.holds else None
            return [SlotSet(CODE_SENT, sent), *say_held_back(case.turn, answer)]
        until = answer.until.astimezone(SHOP_TIME).strftime("%H:%M") if answer.until else ""
        customer = case.backoffice.access.verified_customer(case.conversation_id)
        case.turn.say("utter_code_sent", address=masked(customer.email if customer else ""), until=until)
        return [SlotSet(CODE_SENT, case.turn.message_id)]


def masked(email: str) -> str:
    """Enough of an address for its owner to know it, not enough for anybody else to learn it."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
