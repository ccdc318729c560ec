"""Starting, leaving, resuming and correcting the forms. What waits lies on a stack in one slot, innermost last."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.another_matter import is_another_matter
from actions.before_all_else import before_all_else
from actions.codes import known_code_in, speaks_of_a_code
from actions.escalation import topic_of
from actions.handoff.handing_over import hand_over
from actions.journey.choosing import number_meant
from actions.journey.end import after_stopping, cleared, stopped_response
from actions.journey.model import (
    AGREED,
    CODE_SENT,
    DONE_PLAN,
    EMAIL,
    LAST_ORDER,
    OPENING,
    ORDER_NUMBER,
    PLAN,
    SHARED,
    Journey,
)
from actions.journey.tone import CalmAction
from actions.journeys import BY_FORM, BY_INTENT, BY_NAME, likely_journeys
from actions.order_status import ORDER_STATUS
from actions.orders_named import spoken_of_before
from actions.part_lookups import looked_up
from actions.payments import PAYMENT_FAILED
from actions.promo_code import PROMO_CODE_PROBLEM, for_the_trouble
from actions.questions import decline_topic, question_from, say_entry, say_part
from actions.reply_address import read_reply_address
from actions.requests import Request, names_a_person, requests_in, wants_a_person_too
from actions.safety import MAY_HURT
from actions.several_orders import same_for_other_orders
from actions.small_talk import ITS_OWN_WORDS
from actions.subject import articles_in
from actions.told_first import offer_after_it, told_instead
from actions.turn import CONTACT_FORM, LISTEN, PERSON_BUTTON, DeskAction, Turn
from actions.went_before import answers_what_went_before
from actions.wishes import (
    asks_in_general,
    asks_too,
    instead_of,
    only_asks,
    rules_out,
    speaks_of_own,
    takes_return_back,
    wants_a_call,
)
from answering.model import TOLD
from backoffice.parsing import order_numbers_in, parse_email, parse_order_number
from contracts.escalation.history import HANDOVER_ACTION
from contracts.escalation.model import Reason
from contracts.questions import asks

FORM_SLOTS = {form: journey.slots for form, journey in BY_FORM.items()} | {CONTACT_FORM: ("contact_email",)}
"""The slots of each form in the order they are asked."""

PARSERS = {"contact_email": read_reply_address}
"""How a slot's value is found in free text where no journey reads it."""

_THE_ORDER = re.compile(r"(?i)\bcancel (?:it|that|this|the order|order|my order)\b")
_UNDO = re.compile(r"(?i)\b(?:undo|revert|reverse|un-?cancel|take (?:it|that) back)\b")

_INSTEAD = re.compile(
    r"(?i)\binstead\b|\brather\b|\b(?:don'?t|do not|no longer) (?:cancel|return|send|want to|change)\b"
    r"|\bno\W+(?:just|only)\b"
)
"""What is asked for takes the place of what was going on."""

_IT = re.compile(r"(?i)\b(?:it|that|this|them)\b")
_ANOTHER = re.compile(r"(?i)\b(?:other|another|second|different)\b")

_MAYBE = 0.3

_POSSIBLY = 0.2

_TROUBLE = "product_support"
"""Advice may mend what a claim would only report."""

_NOT_RESUMED = frozenset({AGREED, PLAN, CODE_SENT})
"""What is asked anew when a journey comes back: a yes from before an interruption is not taken for one now."""


def start(
    turn: Turn,
    journey: Journey,
    *,
    text: str | None = None,
    then: list[dict[str, Any]] | None = None,
    intent: str | None = None,
) -> list[EventType]:
    """Make a journey the active one with what the message says; the one that was active waits.

    Args:
        turn: The message.
        journey: What to start.
        text: The part of the message that asks for it; the whole one if it asks for nothing else.
        then: What else the message asks for: it waits behind this.
        intent: The intent of that part.
    """
    gone = {journey.form, *(f"{name}_form" for name in journey.replaces)}
    waiting = [entry for entry in turn.slot("suspended") or [] if entry["form"] not in gone]
    active = BY_FORM.get(turn.active_form or "")
    instead = _INSTEAD.search(turn.text) is not None
    if active and active is not journey and active.name not in journey.replaces:
        if instead:
            turn.say(stopped_response(active))
        else:
            waiting.append(waiting_entry(active, turn.tracker.slots))
    waiting += then or []
    opened = opening_slots(turn, journey, turn.text if text is None else text)
    opened |= journey.known_from(intent or turn.intent or "")
    same_order = instead or (not _ANOTHER.search(turn.text) and (active is journey or _IT.search(turn.text)))
    if active and active.about_order and journey.about_order and same_order and not opened[ORDER_NUMBER]:
        opened |= {slot: turn.slot(slot) for slot in (ORDER_NUMBER, EMAIL) if not opened[slot]}
    if active and turn.slot(ORDER_NUMBER):
        opened[LAST_ORDER] = turn.slot(ORDER_NUMBER)  # what was spoken of a moment ago
    return [
        *cleared(journey),
        *(SlotSet(slot, value) for slot, value in opened.items()),
        SlotSet("suspended", waiting or None),
        SlotSet("pending_offer", None),
        SlotSet(DONE_PLAN, None),
        FollowupAction(journey.form),
    ]


def opening_slots(turn: Turn, journey: Journey, text: str) -> dict[str, Any]:
    """What the words that start a journey already say; the rest of them is read when its field is reached."""
    words = "" if text.startswith("/") else text
    numbers = order_numbers_in(turn.text)
    only = numbers[0] if len(numbers) == 1 and not turn.text.startswith("/") else None
    earlier = spoken_of_before(turn) if journey.about_order else None
    return {
        ORDER_NUMBER: number_meant(words)
        or only
        or (parse_order_number(turn.entity(ORDER_NUMBER) or "") if text == turn.text else None)
        or earlier,
        EMAIL: (parse_email(words) or parse_email(turn.text)) if journey.owns_address(words) else None,
        OPENING: words or None,
    }


def waiting_entry(journey: Journey, slots: Mapping[str, Any]) -> dict[str, Any]:
    kept = [slot for slot in dict.fromkeys((*SHARED, *journey.slots)) if slot not in _NOT_RESUMED]
    return {"form": journey.form, "slots": {slot: slots[slot] for slot in kept if slots.get(slot) is not None}}


class ActionStartFlow(CalmAction):
    """Starts the journey that belongs to the intent; what else the message asks for is answered or waits."""

    def name(self) -> str:
        return "action_start_flow"

    async def perform(self, turn: Turn) -> list[EventType]:
        if events := await before_all_else(turn, self.services):
            return events
        own, others = first_said(turn)
        journey = BY_INTENT[(own.intent if own else turn.intent) or ""]
        asked = own.text if own else turn.text
        events = await self._other_than_it_sounds(turn) or await self._no_journey(turn, journey, asked)
        return events or await start_with(self, turn, journey, own, others)

    async def _other_than_it_sounds(self, turn: Turn) -> list[EventType]:
        """What a message gets whose words say that it is about something else than its intent."""
        if await is_another_matter(turn, self.services):
            return [FollowupAction("action_fallback")]
        if names_a_person(turn):
            return [FollowupAction(HANDOVER_ACTION)]
        if wants_a_call(turn.text):
            return await hand_over(self.services, turn, reason=Reason.ASKED_FOR_PERSON)
        return turn.moving_on() if await answers_what_went_before(turn, self.services) else []

    async def _no_journey(self, turn: Turn, journey: Journey, asked: str) -> list[EventType]:
        """What a message gets that names a change without ordering it, only asks, or hardly sounds like a journey."""
        if events := self._not_its_words(turn, journey, asked):
            return events
        if other := instead_of(turn, journey, asked) or _next_likely(turn, journey, asked):
            return start(turn, other)
        if turn.unsure and order_numbers_in(asked):
            if journey.agrees and asks(asked):
                return start(turn, ORDER_STATUS)  # "what happened to 10026": looked up before anything is changed
        elif turn.unsure and (events := await self._unsure(turn, journey)):
            return events
        if only_asks(turn, journey, asked):
            await answer_question(self, turn, Request(asked, turn.intent or ""))
            return turn.moving_on()
        return [] if MAY_HURT.search(asked) else await told_instead(turn, self.services, journey, asked)

    def _not_its_words(self, turn: Turn, journey: Journey, asked: str) -> list[EventType]:
        """What words get that sound like one journey and name the matter of another."""
        if takes_return_back(turn.text):
            return offer_to_take_back(turn)
        if journey is PROMO_CODE_PROBLEM and for_the_trouble(turn):
            turn.say("utter_discount_for_trouble", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), *turn.moving_on()]
        if journey is PAYMENT_FAILED and known_code_in(asked, self.services.backoffice.promotions):
            return start(turn, PROMO_CODE_PROBLEM)
        return []

    async def _unsure(self, turn: Turn, journey: Journey) -> list[EventType]:
        """What a promotion code, a topic to decline or a question gets instead."""
        if speaks_of_a_code(turn, self.services):
            return start(turn, PROMO_CODE_PROBLEM)
        if topic := topic_of(turn):
            return decline_topic(turn, topic)
        if turn.active_form:
            return []
        question = next((name for name, chance in turn.intent_ranking if chance >= _MAYBE and _asks(turn, name)), None)
        if question is None:
            return []
        answer = await self.services.ladder.answer(
            await question_from(turn, self.services, Request(turn.text, question))
        )
        if answer.kind not in TOLD:
            return []
        return [*say_entry(turn, answer), *offer_after_it(turn, journey), *turn.moving_on()]


def offer_to_take_back(turn: Turn) -> list[EventType]:
    """A return that is to be called off: nothing here undoes one, and nothing else may be cancelled for it."""
    turn.say("utter_take_return_back", buttons=[PERSON_BUTTON])
    return [SlotSet("pending_offer", "person"), *turn.moving_on()]


def _asks(turn: Turn, intent: str) -> bool:
    """Whether an intent has the knowledge answer: advice always, a question where the words ask how things are."""
    question = intent.startswith("ask_") and intent not in ITS_OWN_WORDS
    return intent == _TROUBLE or (question and asks(turn.text) and not speaks_of_own(turn.text))


def _next_likely(turn: Turn, journey: Journey, asked: str) -> Journey | None:
    """The journey that is likely next to one that the words never mean."""
    if turn.active_form or not (journey.never_means and journey.never_means.search(asked)):
        return None
    likely = likely_journeys(turn.intent_ranking, _POSSIBLY)
    return next((other for other in likely if other is not journey), None)


def first_said(turn: Turn) -> tuple[Request | None, list[Request]]:
    """The requests of a message as ``requests_in`` has them, but the journey that was said first before all others."""
    own, others = requests_in(turn)
    said = [str(part["text"]).strip() for part in turn.segments]
    begun = [one for one in (own, *others) if one and one.intent in BY_INTENT]
    journeys = sorted(begun, key=lambda one: said.index(one.text))
    if own is None or not others or not journeys or _INSTEAD.search(turn.text):
        return own, others
    return journeys[0], [one for one in (own, *others) if one is not journeys[0]]


async def start_with(
    action: DeskAction, turn: Turn, journey: Journey, own: Request | None, others: list[Request]
) -> list[EventType]:
    """Answer the message's questions, start ``journey``, and let its other requests wait behind it."""
    asked = own.text if own else turn.text
    number = opening_slots(turn, journey, asked)[ORDER_NUMBER]
    told = asks_too(journey, asked, order_number=number) and await answer_question(
        action, turn, Request(asked, turn.intent or ""), guess=False
    )
    if not told and asks_in_general(journey, asked, order_number=number):
        return [FollowupAction("action_answer_question")]
    danger = MAY_HURT.search(asked) and await answer_question(
        action, turn, Request(asked, turn.intent or ""), guess=False
    )
    if danger or (told and (turn.active_form or not journey.agrees)):
        # a question about how things are, not a wish; or no time for one
        return [*([] if danger else _offer_own(turn, journey)), *turn.moving_on()]
    then = same_for_other_orders(journey, asked)
    for other in others:
        if rules_out(other.text):
            continue
        if (follows := BY_INTENT.get(other.intent)) is None:
            await answer_question(action, turn, other)
        elif follows is not journey:
            opened = {slot: value for slot, value in opening_slots(turn, follows, other.text).items() if value}
            if not number_meant(other.text) and await asyncio.to_thread(_names_articles, action, other):
                opened.pop(ORDER_NUMBER, None)  # "cancel 10041 and send back the headphones": another order's
            opened |= follows.known_from(other.intent)
            then.insert(0, {"form": follows.form, "slots": opened})
    return start(turn, journey, text=asked, then=then, intent=own.intent if own else None)


def _names_articles(action: DeskAction, part: Request) -> bool:
    return not part.leans_on and bool(articles_in(part.text, action.services.backoffice.catalogue))


def _offer_own(turn: Turn, journey: Journey) -> list[EventType]:
    """After the general answer: the customer's own order, refund or ticket, if nothing else is going on."""
    if not journey.offered or turn.active_form not in {None, CONTACT_FORM}:
        return []
    turn.say(f"utter_offer_{journey.name}")
    return [SlotSet("pending_offer", journey.name)]


async def answer_question(action: DeskAction, turn: Turn, request: Request, *, guess: bool = True) -> bool:
    """Answer one part of a message from the back office or the knowledge; true when that answers it."""
    if await looked_up(action.services, turn, request):
        return True
    answer = await action.services.ladder.answer(await question_from(turn, action.services, request))
    return say_part(turn, request, answer, guess=guess)


class ActionNextRequest(DeskAction):
    """After the answer to one part of a message: its other parts, each answered or started."""

    def name(self) -> str:
        return "action_next_request"

    async def perform(self, turn: Turn) -> list[EventType]:
        _, others = requests_in(turn)
        first = next((part for part in others if part.intent in BY_INTENT), None)
        if first is None:
            for other in others:
                await answer_question(self, turn, other)
            if wants_a_person_too(turn):
                return await hand_over(self.services, turn, reason=Reason.ASKED_FOR_PERSON)
            return turn.moving_on()
        return await start_with(
            self, turn, BY_INTENT[first.intent], first, [part for part in others if part is not first]
        )


class ActionResume(DeskAction):
    """Goes back to what waits, innermost first, or hands the turn to the customer."""

    def name(self) -> str:
        return "action_resume"

    async def perform(self, turn: Turn) -> list[EventType]:
        waiting = list(turn.slot("suspended") or [])
        if not waiting:
            return [FollowupAction(LISTEN)]
        entry = waiting.pop()
        if entry["form"] == CONTACT_FORM:
            return [SlotSet("suspended", waiting or None), FollowupAction(CONTACT_FORM)]
        journey = BY_FORM[entry["form"]]
        turn.say(f"utter_resume_{journey.name}")
        # What both are about was said a moment ago; a journey that waited has its own.
        return [
            *cleared(journey),
            *(SlotSet(slot, value) for slot, value in entry["slots"].items()),
            SlotSet("suspended", waiting or None),
            FollowupAction(journey.form),
        ]


class ActionStopFlow(DeskAction):
    """Leaves the active form at the customer's word."""

    def name(self) -> str:
        return "action_stop_flow"

    async def perform(self, turn: Turn) -> list[EventType]:
        journey = BY_FORM.get(turn.active_form or "")
        if not turn.active_form and await is_another_matter(turn, self.services):
            return [FollowupAction("action_fallback")]  # "send it again then" stops nothing
        if not turn.active_form and takes_return_back(turn.text):
            return offer_to_take_back(turn)
        if not turn.active_form and _THE_ORDER.search(turn.text) and turn.slot(LAST_ORDER):
            return start(turn, BY_NAME["cancel_order"])
        if not turn.active_form and _UNDO.search(turn.text) and turn.slot(DONE_PLAN):
            turn.say("utter_cannot_undo", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), FollowupAction(LISTEN)]
        if journey:
            turn.say(stopped_response(journey))
        elif turn.active_form == CONTACT_FORM:
            turn.say("utter_stopped_contact", ticket_number=turn.slot("ticket_number") or "")
        else:
            turn.say("utter_anything_else")
        gone = cleared(journey) if journey else [SlotSet("contact_email", None)]
        if journey and turn.slot(ORDER_NUMBER):
            gone.append(SlotSet(LAST_ORDER, turn.slot(ORDER_NUMBER)))
        return [
            ActiveLoop(None),
            *gone,
            SlotSet("requested_slot", None),
            SlotSet("pending_offer", None),
            SlotSet("invalid_tries", 0.0),
            FollowupAction(after_stopping(turn)),
        ]
