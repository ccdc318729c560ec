"""When a message fits no intent, or the intent service is down: still try to help, then say what the bot can do."""

import asyncio
import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.ambiguity import meanings_of
from actions.bare_facts import of_an_order
from actions.before_all_else import before_all_else
from actions.codes import speaks_of_a_code
from actions.escalation import reason_after_failure, topic_of
from actions.flows import PARSERS, offer_to_take_back, start
from actions.gaps import note_gap
from actions.handoff.handing_over import hand_over
from actions.journey.again import AGAIN, ASKED_BEFORE, SHORT
from actions.journey.model import LAST_JOURNEY, LAST_ORDER, Journey
from actions.journey.tone import CalmAction, half_sentence
from actions.journeys import BY_INTENT, BY_NAME
from actions.metrics import ANSWERS
from actions.notes import brings_a_note
from actions.offers import taken_up
from actions.order_facts import asks_of_an_order
from actions.order_status import ORDER_STATUS
from actions.orders_named import asks_where, other_order
from actions.promo_code import PROMO_CODE_PROBLEM
from actions.questions import (
    NONE_OF_THESE,
    answer_in_context,
    decline_topic,
    record_of,
    say_entry,
    say_suggestions,
    say_written,
)
from actions.suggestions import entry_meant
from actions.ticket_status import TICKET_STATUS
from actions.turn import CONTACT_FORM, PERSON_BUTTON, STOP_BUTTON, Turn
from actions.what_follows import tell_again, what_was_arranged
from actions.wishes import takes_return_back
from answering.follow_up import leans
from answering.model import TOLD, Answer
from backoffice.parsing import parse_order_number
from contracts.escalation import thresholds, words
from contracts.escalation.history import HANDOVER_ACTION, PastTurn, fell_short, turns_in
from contracts.escalation.model import Reason
from contracts.questions import asks

_WHAT_NOW = re.compile(
    r"(?i)^\W*(?:(?:so|and|ok|okay|well|but|hm+)\W+)*"
    r"what(?:'?s| is| happens| do i do| can i do| should i do| else can i do)?"
    r"(?: (?:now|next|then|about it|about that))+\W*$"
)

_WHEN_HERE = re.compile(
    r"(?i)\b(?:when|what (?:day|time)|how long|where)\b.*"
    r"\b(?:here|arriv\w*|com(?:e|es|ing)|deliver\w*|with me|show(?:ing)? up|turn(?:ing)? up)\b"
)
"""When it comes: asked of the order spoken of last, whatever the intent seems to be."""

_YES = re.compile(r"(?i)\W*(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please|go ahead)(?:\W+(?:please|thanks|do|do it))*\W*")
_NO = re.compile(r"(?i)\W*(?:no|nope|nah|not now)(?:\W+(?:thanks|thank you|leave it|don'?t))*\W*")

FALLBACKS_BEFORE_A_PERSON = 2

_FEW_WORDS = 4
_GRUMBLE_WORDS = 6
_GRUMPY_BELOW, _SOUR_BELOW = -0.3, -0.15
_THE_BOT = re.compile(r"(?i)\b(?:chat ?)?bots?\b")
_LIKELY_ENOUGH = 0.25
_MOSTLY = 0.5
_POSSIBLY = 0.15
_ASIDE = frozenset({"deny", "affirm", "not_helpful", "complain", "stop", "goodbye", "greet", "thank", "how_are_you"})
"""Intents that ask for nothing."""

UNDERSTOOD_LANGUAGES = frozenset({"en", "und"})
"""What the intents and the knowledge are written in; ``und`` is a text too short to tell."""


class ActionFallback(CalmAction):
    """Reads the message as the open form's value, as a question, or not at all; the second miss offers a person."""

    def name(self) -> str:
        return "action_fallback"

    async def perform(self, turn: Turn) -> list[EventType]:
        if brings_a_note(turn):
            return start(turn, TICKET_STATUS)
        if pressing := await before_all_else(turn, self.services):
            return pressing
        if arranged := what_was_arranged(turn):
            return tell_again(turn, arranged)
        if answer := _plain_answer(turn):
            return [FollowupAction(answer)]
        if takes_return_back(turn.text):
            return offer_to_take_back(turn)
        events = await self._by_pattern(turn)
        return events if events is not None else await self._by_knowledge(turn)

    async def _by_pattern(self, turn: Turn) -> list[EventType] | None:
        """What can be read without knowing the intent; None when nothing can."""
        if (parser := PARSERS.get(turn.requested_slot or "")) and turn.active_form and (value := parser(turn.text)):
            return [SlotSet(turn.requested_slot, value), FollowupAction(turn.active_form)]
        if to_a_person := await self._to_a_person(turn):
            return to_a_person
        if turn.language not in UNDERSTOOD_LANGUAGES and len(turn.text.split()) > _FEW_WORDS:
            return None  # what a number in a foreign sentence is to do is anybody's guess
        if events := await self._about_an_order(turn):
            return events
        if parse_order_number(turn.text):
            return start(turn, of_an_order(turn))
        return start(turn, PROMO_CODE_PROBLEM) if speaks_of_a_code(turn, self.services) else None

    async def _to_a_person(self, turn: Turn) -> list[EventType]:
        """What hands over words that name a person, if nobody can tell intents, or one was thought of; else nothing."""
        if not words.load().asks_for_person(turn.text):
            return []
        if turn.nlu_status == "down":
            return await hand_over(self.services, turn, reason=Reason.ASKED_FOR_PERSON)
        likely = dict(turn.intent_ranking).get("request_human", 0.0) >= _POSSIBLY
        return [FollowupAction(HANDOVER_ACTION)] if likely else []

    async def _about_an_order(self, turn: Turn) -> list[EventType] | None:
        """What looks up the order spoken of last, or another one of the customer's that is named beside it."""
        if goes_on := ORDER_STATUS.name if asks_of_an_order(turn) else taken_up(turn):
            return start(turn, BY_NAME[goes_on])
        last = BY_NAME.get(turn.slot(LAST_JOURNEY) or "")
        if other := await asyncio.to_thread(other_order, turn, self.services):
            again = last if last and last.about_order and not last.agrees else ORDER_STATUS
            return start(turn, again, text=other.number)
        if await asyncio.to_thread(asks_where, turn, self.services):
            return start(turn, ORDER_STATUS)
        if last and last.remarks and not turn.active_form and last.remarks.search(turn.text):
            return start(turn, last)  # what belongs to the matter that was dealt with last
        if follows := _of_the_last_order(turn):
            return start(turn, follows)
        return None

    async def _by_knowledge(self, turn: Turn) -> list[EventType]:
        if turn.language not in UNDERSTOOD_LANGUAGES:
            past = turns_in(turn.tracker.events)[:-1]
            again = past and "utter_other_language" in past[-1].replies
            turn.say("utter_other_language_again" if again else "utter_other_language", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        if not turn.active_form and (events := await self._no_question(turn)) is not None:
            return events
        answer = await answer_in_context(turn, self.services)
        if answer.kind in TOLD:
            return [*say_entry(turn, answer), *turn.moving_on()]
        return await self._not_told(turn, answer)

    async def _no_question(self, turn: Turn) -> list[EventType] | None:
        """Words outside a journey that ask nothing of the knowledge; None where they may."""
        if meant := await entry_meant(turn, self.services):
            return [*say_entry(turn, meant), *turn.moving_on()]
        if _WHAT_NOW.match(turn.text):
            turn.say("utter_what_now", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        if adds_nothing(turn):
            return await self._missed(turn, Answer("none"))
        if grumbles(turn):
            turn.say("utter_not_helpful", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        return None

    async def _not_told(self, turn: Turn, answer: Answer) -> list[EventType]:
        """No entry answers outright: decline, ask back, offer, or bring in a person."""
        if answer.kind != "generated" and (topic := topic_of(turn)):
            return decline_topic(turn, topic)
        if answer.kind != "generated" and not turn.active_form and (meanings := meanings_of(turn)):
            turn.say("utter_which_of_these", buttons=[*meanings, NONE_OF_THESE])
            return [SlotSet("pending_offer", None), turn.then()]
        if answer.kind == "did_you_mean" and (turn.active_form in (None, CONTACT_FORM) or asks(turn.text)):
            return [*say_suggestions(turn, answer), *turn.moving_on()]
        if answer.kind == "generated" and (not turn.active_form or (answer.text and answer.citations)):
            return [*say_written(turn, answer), *turn.moving_on()]
        return await self._missed(turn, answer)

    async def _missed(self, turn: Turn, answer: Answer) -> list[EventType]:
        """Nothing to tell, offer or ask: another miss, and perhaps one too many."""
        if not turn.active_form and not adds_nothing(turn):
            await note_gap(self.services, turn, turn.text, "none")
        reason = reason_after_failure(turn, relevance=answer.relevance)
        if reason is None and adds_nothing(turn) and offered_a_person(turn):
            reason = Reason.FAILED_ATTEMPTS  # the offer once more would be the same words once more
        if reason:
            return await hand_over(self.services, turn, reason=reason)
        if answer.generated and not turn.active_form:  # understood, but the material does not hold it
            ANSWERS.labels("none").inc()
            turn.say("utter_no_answer", buttons=[PERSON_BUTTON], data=record_of(answer))
            return [SlotSet("pending_offer", "person"), turn.then()]
        return self._not_understood(turn)

    @staticmethod
    def _not_understood(turn: Turn) -> list[EventType]:
        ANSWERS.labels("none").inc()
        if turn.active_form:
            return _not_understood_in_form(turn)
        if turn.nlu_status == "down":
            turn.say("utter_understanding_down")
            return [turn.then()]
        misses = (turn.slot("fallback_count") or 0.0) + 1
        if misses < FALLBACKS_BEFORE_A_PERSON and not adds_nothing(turn):
            turn.say("utter_not_understood")
            return [SlotSet("fallback_count", misses), turn.then()]
        turn.say("utter_not_understood_again", buttons=[PERSON_BUTTON])
        return [SlotSet("fallback_count", misses), SlotSet("pending_offer", "person"), turn.then()]


def _plain_answer(turn: Turn) -> str | None:
    """The action for a plain yes or no to what was offered, while nobody can tell intents."""
    if turn.nlu_status != "down" or turn.active_form or not turn.slot("pending_offer"):
        return None
    if _YES.fullmatch(turn.text):
        return "action_accept_offer"
    return "action_decline_offer" if _NO.fullmatch(turn.text) else None


def adds_nothing(turn: Turn) -> bool:
    """Whether a few words only say that the last reply was no help: "still nothing", "same again", "??"."""
    past = turns_in(turn.tracker.events)[:-1]
    limits = thresholds.load()
    if not past or not fell_short(past[-1], limits) or len(turn.text.split()) > _FEW_WORDS:
        return False
    if said_before(turn, past[-1]):
        return True
    aside = sum(chance for name, chance in turn.intent_ranking if name in _ASIDE)
    return not turn.intent_ranking or aside >= _MOSTLY


def offered_a_person(turn: Turn) -> bool:
    """Whether the last reply was that the bot does not get it, with the offer of a person."""
    past = turns_in(turn.tracker.events)[:-1]
    return bool(past) and "utter_not_understood_again" in past[-1].replies


def said_before(turn: Turn, past: PastTurn) -> bool:
    """Whether the customer says the same once more, perhaps louder."""
    return _letters(turn.text) == _letters(past.text) != ""


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalpha())


def grumbles(turn: Turn) -> bool:
    """Whether a few words are about the bot and in no good mood: there is nothing to look up for them."""
    if len(turn.text.split()) > _GRUMBLE_WORDS:
        return False
    if _THE_BOT.search(turn.text):
        return turn.sentiment < _SOUR_BELOW
    about_us = sum(chance for name, chance in turn.intent_ranking if name in _ASIDE | {"ask_if_bot", "praise"})
    return turn.sentiment < _GRUMPY_BELOW and about_us >= _MOSTLY


def _of_the_last_order(turn: Turn) -> Journey | None:
    """What looks up "and when will it be here": a follow-up to the order spoken of last."""
    name, chance = (turn.intent_ranking or [("", 0.0)])[0]
    journey = BY_INTENT.get(name)
    if turn.active_form or not turn.slot(LAST_ORDER) or not leans(turn.text):
        return None
    if _WHEN_HERE.search(turn.text):
        return ORDER_STATUS
    if journey is None:
        return None
    return journey if chance >= _LIKELY_ENOUGH and journey.about_order and not journey.agrees else None


def _not_understood_in_form(turn: Turn) -> list[EventType]:
    """The form asks again; from the second time with the ways out as buttons."""
    if mood := half_sentence(turn):
        turn.say(mood)
        return [SlotSet(ASKED_BEFORE, AGAIN), turn.then()]
    if asks(turn.text):
        turn.say("utter_no_answer_in_form", buttons=[PERSON_BUTTON, STOP_BUTTON])
        return [SlotSet(ASKED_BEFORE, SHORT), turn.then()]
    misses = (turn.slot("invalid_tries") or 0.0) + 1
    buttons = [PERSON_BUTTON, STOP_BUTTON] if misses >= FALLBACKS_BEFORE_A_PERSON else []
    turn.say("utter_not_understood_in_form", buttons=buttons)
    return [SlotSet("invalid_tries", misses), SlotSet(ASKED_BEFORE, SHORT), turn.then()]
