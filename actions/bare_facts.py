"""Bare facts and corrections outside a journey: what somebody may want who only names an order, an address, a day."""

import asyncio
import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.escalation import reason_after_failure
from actions.flows import start
from actions.handoff.handing_over import hand_over
from actions.journey.model import LAST_JOURNEY, ORDER_NUMBER, Journey
from actions.journeys import BY_INTENT, BY_NAME, likely_journeys
from actions.order_facts import asks_of_an_order
from actions.order_status import ORDER_STATUS
from actions.orders_named import only_names_an_order
from actions.questions import say_entry
from actions.reply_address import read_reply_address
from actions.suggestions import entry_meant
from actions.ticket_status import brings_a_note
from actions.transcript import question_before, told_last
from actions.turn import CONTACT_FORM, LISTEN, DeskAction, Turn
from answering.follow_up import is_follow_up
from contracts.escalation.history import turns_in
from contracts.questions import asks

_LIKELY_ENOUGH, _MAYBE = 0.15, 0.3
_NOTHING_CAME = re.compile(r"(?i)\b(?:never|not|n't|nothing) (?:\w+ )?(?:received?|arrived?|came|come|got|reached)\b")
_HOURS = "store-hours"
_TELL_ME_MORE = "utter_tell_me_more"
_WHAT_FOR = ("utter_what_for", "utter_what_for_again", "utter_what_for_person")
"""What a bare fact that belongs to nothing is answered with, the first time and after."""


class ActionCorrectDetail(DeskAction):
    """The customer takes back a detail of what is done already: the same again with the right one."""

    def name(self) -> str:
        return "action_correct_detail"

    async def perform(self, turn: Turn) -> list[EventType]:
        if turn.active_form == CONTACT_FORM:
            return [SlotSet("contact_email", read_reply_address(turn.text)), FollowupAction(CONTACT_FORM)]
        if turn.active_form:
            return [FollowupAction("action_fallback" if asks(turn.text) else turn.active_form)]
        if await asyncio.to_thread(only_names_an_order, turn, self.services):
            return [FollowupAction("action_fallback")]
        if turn.entity(ORDER_NUMBER):
            last = BY_NAME.get(turn.slot(LAST_JOURNEY) or "") or _next_best(turn) or ORDER_STATUS
            return start(turn, last if last.about_order else ORDER_STATUS)
        turn.say("utter_correct_what")
        return [FollowupAction(LISTEN)]


def of_an_order(turn: Turn) -> Journey:
    """What somebody may want who names an order; nothing is done before it is read back. Else its status is told."""
    if _NOTHING_CAME.search(turn.text):
        return BY_NAME["missing_parcel"]
    ranked = [("return_item" if name == "ask_return_policy" else name, chance) for name, chance in turn.intent_ranking]
    likely = ((BY_INTENT.get(name), chance) for name, chance in ranked if name != "inform")
    journey, chance = next(likely, (None, 0.0))
    return journey if journey and journey.about_order and chance >= _MAYBE else ORDER_STATUS


def _next_best(turn: Turn) -> Journey | None:
    """The journey that the message may be about, where there is nothing to correct."""
    return next(likely_journeys(turn.intent_ranking, _LIKELY_ENOUGH), None)


class ActionTakeInformation(DeskAction):
    """A bare fact outside a form: an order number starts its status, an address goes to the ticket that lacks one."""

    def name(self) -> str:
        return "action_take_information"

    async def perform(self, turn: Turn) -> list[EventType]:
        if turn.active_form:
            return [FollowupAction("action_fallback" if asks(turn.text) else turn.active_form)]
        if (
            brings_a_note(turn)
            or asks_of_an_order(turn)
            or await asyncio.to_thread(only_names_an_order, turn, self.services)
        ):
            return [FollowupAction("action_fallback")]
        return await self._outside_a_form(turn)

    async def _outside_a_form(self, turn: Turn) -> list[EventType]:
        if turn.entity(ORDER_NUMBER):
            return start(turn, of_an_order(turn))
        if turn.entity("email") and turn.slot("ticket_number"):
            return [SlotSet("contact_email", turn.entity("email")), FollowupAction("action_save_contact")]
        if meant := await entry_meant(turn, self.services):
            return [*say_entry(turn, meant), *turn.moving_on()]
        asked_anew = _asked_anew(turn)
        return [FollowupAction(asked_anew)] if asked_anew else await self._ask_what_for(turn)

    async def _ask_what_for(self, turn: Turn) -> list[EventType]:
        times = _times_asked_what_for(turn)
        if not times and not turn.tracker.latest_message.get("entities"):
            turn.say(_TELL_ME_MORE)
            return [SlotSet("pending_offer", None), FollowupAction(LISTEN)]
        if times >= len(_WHAT_FOR) and (reason := reason_after_failure(turn)):
            return await hand_over(self.services, turn, reason=reason)
        asked = _WHAT_FOR[min(times, len(_WHAT_FOR) - 1)]
        turn.say(asked)
        return [SlotSet("pending_offer", "person" if asked == _WHAT_FOR[-1] else None), FollowupAction(LISTEN)]


def _asked_anew(turn: Turn) -> str | None:
    """The action that answers a bare fact which asks the last question anew: "and on sunday"."""
    if turn.entity("date") and _HOURS in told_last(turn):
        return "action_opening_hours"
    return "action_answer_question" if is_follow_up(turn.text) and question_before(turn) is not None else None


def _times_asked_what_for(turn: Turn) -> int:
    """How often this conversation was asked already; after a handover, or in a new session, it begins anew."""
    return sum(not {*_WHAT_FOR, _TELL_ME_MORE}.isdisjoint(past.replies) for past in turns_in(turn.tracker.events))
