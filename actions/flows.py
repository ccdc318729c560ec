"""Starting, leaving, resuming and correcting the forms. What waits lies on a stack in one slot, innermost last."""

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.escalation import reason_after_failure
from actions.handoff.handing_over import hand_over
from actions.journey.choosing import number_meant
from actions.journey.end import cleared, stopped_response
from actions.journey.model import (
    AGREED,
    CODE_SENT,
    DONE_PLAN,
    EMAIL,
    LAST_JOURNEY,
    LAST_ORDER,
    OPENING,
    ORDER_NUMBER,
    PLAN,
    SHARED,
    Journey,
)
from actions.journeys import BY_FORM, BY_INTENT, BY_NAME
from actions.order_status import ORDER_STATUS
from actions.questions import question_from, say_entry, say_suggestions, say_written
from actions.requests import Request, requests_in
from actions.turn import CONTACT_FORM, LISTEN, DeskAction, Turn
from answering.model import TOLD
from backoffice.parsing import order_numbers_in, parse_email, parse_ticket_number
from contracts.escalation.history import turns_in

FORM_SLOTS = {form: journey.slots for form, journey in BY_FORM.items()} | {CONTACT_FORM: ("contact_email",)}
"""The slots of each form in the order they are asked."""

PARSERS = {"contact_email": parse_email}
"""How a slot's value is found in free text where no journey reads it."""

_ASKS_HOW = re.compile(
    r"(?i)\b(?:how (?:do|can|does|to|long)|until when|what happens|is it (?:still )?possible|"
    r"(?:can|may) (?:i|we) still)\b"
)
"""Requests that are questions, too: answered before the journey asks for anything."""

_IN_GENERAL = re.compile(
    r"(?i)\bhow (?:long|soon|fast|quick(?:ly)?|many (?:\w+ )?(?:days|weeks|hours))\b"
    r"|^(?!.*\b(?:my|mine|where)\b).*\b(?:(?:general|normal|typical|usual)\w*y|on average|in general|as a rule)\b"
)
"""Words about how things are for everybody: what could be looked up for one customer is not meant yet."""

_DANGER = re.compile(
    r"(?i)\b(?:very|really|too|is|so|gets?|got) hot\b|\b(?:smells?|smok\w+|burn(?:ing|t)|(?:on|catch\w*|caught) fire|"
    r"sparks?|sparking|bulg\w+|swollen|swell\w*|electric shock|melt\w*|overheat\w*)\b"
)
"""What may hurt somebody: the safety advice comes before any form."""

_INSTEAD = re.compile(
    r"(?i)\binstead\b|\brather\b|\b(?:don'?t|do not|no longer) (?:cancel|return|send|want to|change)\b"
)
"""What is asked for takes the place of what was going on."""

_LIKELY_ENOUGH = 0.15

_WHAT_FOR = ("utter_what_for", "utter_what_for_again", "utter_what_for_person")
"""What a bare fact that belongs to nothing is answered with, the first time and after."""

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
    if active and active is not journey and active.name not in journey.replaces:
        if _INSTEAD.search(turn.text):
            turn.say(stopped_response(active))
        else:
            waiting.append(waiting_entry(active, turn.tracker.slots))
    waiting += then or []
    opened = opening_slots(turn, journey, turn.text if text is None else text)
    opened |= journey.known_from(intent or turn.intent or "")
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
    return {
        ORDER_NUMBER: number_meant(words) or only or (turn.entity(ORDER_NUMBER) if text == turn.text else None),
        EMAIL: (parse_email(words) or parse_email(turn.text)) if journey.owns_address(words) else None,
        OPENING: words or None,
    }


def waiting_entry(journey: Journey, slots: Mapping[str, Any]) -> dict[str, Any]:
    kept = [slot for slot in dict.fromkeys((*SHARED, *journey.slots)) if slot not in _NOT_RESUMED]
    return {"form": journey.form, "slots": {slot: slots[slot] for slot in kept if slots.get(slot) is not None}}


class ActionStartFlow(DeskAction):
    """Starts the journey that belongs to the intent; what else the message asks for is answered or waits."""

    def name(self) -> str:
        return "action_start_flow"

    async def perform(self, turn: Turn) -> list[EventType]:
        journey = BY_INTENT[turn.intent or ""]
        own, others = requests_in(turn)
        return await start_with(self, turn, journey, own, others)


async def start_with(
    action: DeskAction, turn: Turn, journey: Journey, own: Request | None, others: list[Request]
) -> list[EventType]:
    """Answer the message's questions, start ``journey``, and let its other requests wait behind it."""
    asked = own.text if own else turn.text
    told = _is_question(turn, journey, asked) and await answer_question(
        action, turn, Request(asked, turn.intent or ""), guess=False
    )
    danger = _DANGER.search(asked) and await answer_question(
        action, turn, Request(asked, turn.intent or ""), guess=False
    )
    if danger or (told and (turn.active_form or not journey.agrees)):
        # a question about how things are, not a wish; or no time for one
        return [*([] if danger else _offer_own(turn, journey)), *turn.moving_on()]
    then = _same_for_other_orders(journey, asked)
    for other in others:
        if (follows := BY_INTENT.get(other.intent)) is None:
            await answer_question(action, turn, other)
        elif follows is not journey:
            opened = {slot: value for slot, value in opening_slots(turn, follows, other.text).items() if value}
            opened |= follows.known_from(other.intent)
            then.insert(0, {"form": follows.form, "slots": opened})
    return start(turn, journey, text=asked, then=then, intent=own.intent if own else None)


def _is_question(turn: Turn, journey: Journey, asked: str) -> bool:
    """Whether what starts a journey asks something, too. Who names an order or a ticket wants it looked up."""
    if journey.agrees:
        return bool(_ASKS_HOW.search(asked))
    named = opening_slots(turn, journey, asked)[ORDER_NUMBER] or parse_ticket_number(asked)
    return not named and bool(_ASKS_HOW.search(asked) or (journey.offered and _IN_GENERAL.search(asked)))


def _offer_own(turn: Turn, journey: Journey) -> list[EventType]:
    """After the general answer: the customer's own order, refund or ticket, if nothing else is going on."""
    if not journey.offered or turn.active_form not in {None, CONTACT_FORM}:
        return []
    turn.say(f"utter_offer_{journey.name}")
    return [SlotSet("pending_offer", journey.name)]


async def answer_question(action: DeskAction, turn: Turn, request: Request, *, guess: bool = True) -> bool:
    """Answer one part of a message from the knowledge; true when an entry answers it."""
    answer = await action.services.ladder.answer(await question_from(turn, action.services, request))
    if answer.kind in TOLD:
        say_entry(turn, answer)
    elif answer.kind == "generated" and answer.citations:  # a question back would stand beside the journey's own
        say_written(turn, answer)
    elif guess and answer.kind == "did_you_mean":
        say_suggestions(turn, answer)
    return answer.kind in TOLD


def _same_for_other_orders(journey: Journey, text: str) -> list[dict[str, Any]]:
    """Each order of "cancel 10041 and 10046" gets its turn. A number taken back in the same breath is none."""
    numbers = sorted(order_numbers_in(text), key=text.find) if journey.about_order else []
    if len(numbers) < 2 or number_meant(text) != numbers[0]:  # noqa: PLR2004
        return []
    return [{"form": journey.form, "slots": {ORDER_NUMBER: number}} for number in reversed(numbers[1:])]


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
        if journey:
            turn.say(stopped_response(journey))
        elif turn.active_form == CONTACT_FORM:
            turn.say("utter_stopped_contact", ticket_number=turn.slot("ticket_number") or "")
        else:
            turn.say("utter_anything_else")
        gone = cleared(journey) if journey else [SlotSet("contact_email", None)]
        return [
            ActiveLoop(None),
            *gone,
            SlotSet("requested_slot", None),
            SlotSet("pending_offer", None),
            SlotSet("invalid_tries", 0.0),
            FollowupAction("action_resume"),
        ]


class ActionCorrectDetail(DeskAction):
    """The customer takes back a detail of what is done already: the same again with the right one."""

    def name(self) -> str:
        return "action_correct_detail"

    async def perform(self, turn: Turn) -> list[EventType]:
        if turn.active_form == CONTACT_FORM:
            return [SlotSet("contact_email", None), FollowupAction(CONTACT_FORM)]
        if turn.active_form:
            return [FollowupAction(turn.active_form)]
        if turn.entity(ORDER_NUMBER):
            last = BY_NAME.get(turn.slot(LAST_JOURNEY) or "") or _next_best(turn) or ORDER_STATUS
            return start(turn, last if last.about_order else ORDER_STATUS)
        turn.say("utter_correct_what")
        return [FollowupAction(LISTEN)]


def _next_best(turn: Turn) -> Journey | None:
    """The journey that the message may be about, where there is nothing to correct."""
    likely = (BY_INTENT.get(name) for name, confidence in turn.ranking if confidence >= _LIKELY_ENOUGH)
    return next((journey for journey in likely if journey), None)


class ActionTakeInformation(DeskAction):
    """A bare fact outside a form: an order number starts its status, an address goes to the ticket that lacks one."""

    def name(self) -> str:
        return "action_take_information"

    async def perform(self, turn: Turn) -> list[EventType]:
        if turn.active_form:
            return [FollowupAction(turn.active_form)]
        if turn.entity(ORDER_NUMBER):
            return start(turn, ORDER_STATUS)
        if turn.entity("email") and turn.slot("ticket_number"):
            return [SlotSet("contact_email", turn.entity("email")), FollowupAction("action_save_contact")]
        times = _times_asked_what_for(turn)
        if times >= len(_WHAT_FOR) and (reason := reason_after_failure(turn)):
            return await hand_over(self.services, turn, reason=reason)
        asked = _WHAT_FOR[min(times, len(_WHAT_FOR) - 1)]
        turn.say(asked)
        return [SlotSet("pending_offer", "person" if asked == _WHAT_FOR[-1] else None), FollowupAction(LISTEN)]


def _times_asked_what_for(turn: Turn) -> int:
    """How often this conversation was asked already; after a handover, or in a new session, it begins anew."""
    return sum(not set(_WHAT_FOR).isdisjoint(past.replies) for past in turns_in(turn.tracker.events))
