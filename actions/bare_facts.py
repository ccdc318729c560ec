"""Bare facts and corrections outside a journey: what somebody may want who only names an order, an address, a day."""

import asyncio
import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.another_matter import is_another_matter
from actions.bootstrap import Services
from actions.codes import CAPITALS, speaks_of_a_code
from actions.escalation import reason_after_failure
from actions.flows import start
from actions.handoff.handing_over import hand_over
from actions.journey.end import LOOKED_UP_BY
from actions.journey.model import LAST_JOURNEY, ORDER_NUMBER, Journey
from actions.journeys import BY_INTENT, BY_NAME, likely_journeys
from actions.order_status import ORDER_STATUS
from actions.orders_named import only_names_an_order
from actions.places import country_in
from actions.promo_code import PROMO_CODE_PROBLEM
from actions.questions import question_from, say_entry, say_suggestions
from actions.reply_address import read_reply_address
from actions.requests import Request
from actions.safety import is_pressing
from actions.subject import articles_in
from actions.suggestions import entry_meant
from actions.transcript import messages_before, question_before, told_last
from actions.turn import CONTACT_FORM, LISTEN, DeskAction, Turn
from answering.follow_up import is_follow_up
from answering.model import TOLD
from contracts.escalation.history import turns_in
from contracts.questions import asks

_LIKELY_ENOUGH, _MAYBE = 0.15, 0.3
_NOTHING_CAME = re.compile(r"(?i)\b(?:never|not|n't|nothing) (?:\w+ )?(?:received?|arrived?|came|come|got|reached)\b")
_AND = re.compile(r"(?i)^\W*(?:and|also|plus|then|what about|how about|same (?:for|with)|for)\b")
_TAKEN_BACK = re.compile(
    r"(?i)^\W*(?:(?:no|nope|not (?:that|this|it)(?: one)?|sorry|oh|"
    r"ah|oops|wait|actually|i (?:mean|meant)|meant|rather|but|"
    r"and|wrong|my (?:bad|mistake)|i was (?:talking|asking) about)\b\W*)+"
)
_FRESH = 3
"""Messages; what was asked longer ago is not what is asked again."""

_NO_QUESTION = frozenset({"inform", "correct_detail", "affirm", "deny", "nlu_fallback", "thank", "not_helpful"})
_OF_AN_ORDER = frozenset({ORDER_NUMBER, "email", "ticket_number", "name", "phone"})
"""Entities that may be meant to look something up with."""

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
        if is_pressing(turn) or await asyncio.to_thread(only_names_an_order, turn, self.services):
            return [FollowupAction("action_fallback")]
        if turn.entity(ORDER_NUMBER):
            last = BY_NAME.get(turn.slot(LAST_JOURNEY) or "") or _next_best(turn) or ORDER_STATUS
            return start(turn, last if last.about_order else ORDER_STATUS)
        if events := await asked_again(turn, self.services):
            return events
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
        if await is_another_matter(turn, self.services):
            return [FollowupAction("action_fallback")]
        return await self._outside_a_form(turn)

    async def _outside_a_form(self, turn: Turn) -> list[EventType]:
        if turn.entity(ORDER_NUMBER):
            return start(turn, _offered_for_an_order(turn) or _same_for_another(turn) or of_an_order(turn))
        if speaks_of_a_code(turn, self.services) or _is_another_code(turn):
            return start(turn, PROMO_CODE_PROBLEM)
        if turn.slot("ticket_number") and (address := read_reply_address(turn.entity("email") or "")):
            return [SlotSet("contact_email", address), FollowupAction("action_save_contact")]
        if meant := await entry_meant(turn, self.services):
            return [*say_entry(turn, meant), *turn.moving_on()]
        asked_anew = _asked_anew(turn)
        if asked_anew:
            return [FollowupAction(asked_anew)]
        return await asked_again(turn, self.services) or await self._ask_what_for(turn)

    async def _ask_what_for(self, turn: Turn) -> list[EventType]:
        times = _times_asked_what_for(turn)
        if not times and not {name for name, _ in turn.named} & _OF_AN_ORDER:
            turn.say(_TELL_ME_MORE)
            return [SlotSet("pending_offer", None), FollowupAction(LISTEN)]
        if times >= len(_WHAT_FOR) and (reason := reason_after_failure(turn)):
            return await hand_over(self.services, turn, reason=reason)
        asked = _WHAT_FOR[min(times, len(_WHAT_FOR) - 1)]
        turn.say(asked)
        return [SlotSet("pending_offer", "person" if asked == _WHAT_FOR[-1] else None), FollowupAction(LISTEN)]


def _offered_for_an_order(turn: Turn) -> Journey | None:
    """What was offered a moment ago, where the number of an order takes it up."""
    offered = BY_NAME.get(turn.slot("pending_offer") or "")
    return offered if offered and offered.about_order else None


def _same_for_another(turn: Turn) -> Journey | None:
    """What was looked up last, for one more order: "and 10026" after an invoice."""
    last = BY_NAME.get(turn.slot(LAST_JOURNEY) or "")
    return last if last and last.about_order and not last.agrees and _AND.search(turn.text) else None


def _is_another_code(turn: Turn) -> bool:
    """Whether the words are nothing but a code, after one that was looked at."""
    return turn.slot(LAST_JOURNEY) == PROMO_CODE_PROBLEM.name and bool(CAPITALS.fullmatch(turn.text.strip(" .!")))


async def asked_again(turn: Turn, services: Services) -> list[EventType]:
    """The last question once more, with what the customer says now; empty where none was asked, or nothing fits.

    "no, the toaster" asks the same of another article, "to Greece" tells what the question had left out.
    """
    asked_before = (one for one in reversed(messages_before(turn, _FRESH)) if one.intent not in _NO_QUESTION)
    past = next(asked_before, None)
    words = _TAKEN_BACK.sub("", turn.text).strip()
    if past is None or past.is_button or past.intent in BY_INTENT or not words:
        return []
    articles = await asyncio.to_thread(articles_in, words, services.backoffice.catalogue)
    named = {
        "check_stock": articles,
        "ask_price": articles,
        "ask_shipping_region": country_in(words),
        "ask_opening_hours": turn.entity("date"),
    }
    if named.get(past.intent):
        return [FollowupAction(LOOKED_UP_BY[past.intent])]
    before = "" if turn.intent == "correct_detail" else past.text  # what was taken back is not searched for
    answer = await services.ladder.answer(await question_from(turn, services, Request(words, past.intent, before)))
    if answer.kind in TOLD:
        return [*say_entry(turn, answer), *turn.moving_on()]
    return [*say_suggestions(turn, answer), *turn.moving_on()] if answer.suggestions else []


def _asked_anew(turn: Turn) -> str | None:
    """The action that answers a bare fact which asks the last question anew: "and on sunday"."""
    if turn.entity("date") and _HOURS in told_last(turn):
        return "action_opening_hours"
    return "action_answer_question" if is_follow_up(turn.text) and question_before(turn) is not None else None


def _times_asked_what_for(turn: Turn) -> int:
    """How often this conversation was asked already; after a handover, or in a new session, it begins anew."""
    return sum(not {*_WHAT_FOR, _TELL_ME_MORE}.isdisjoint(past.replies) for past in turns_in(turn.tracker.events))
