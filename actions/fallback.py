"""When a message fits no intent, or the intent service is down: still try to help, then say what the bot can do."""

import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.ambiguity import meanings_of
from actions.escalation import reason_after_failure, topic_of
from actions.flows import PARSERS, start
from actions.gaps import note_gap
from actions.handoff.handing_over import hand_over
from actions.journey.tone import half_sentence
from actions.metrics import ANSWERS
from actions.missing_parcel import MISSING_PARCEL
from actions.order_status import ORDER_STATUS
from actions.questions import (
    NONE_OF_THESE,
    decline_topic,
    question_from,
    record_of,
    say_entry,
    say_suggestions,
    say_written,
)
from actions.turn import CONTACT_FORM, PERSON_BUTTON, STOP_BUTTON, DeskAction, Turn
from answering.model import TOLD, Answer
from backoffice.parsing import parse_order_number
from contracts.escalation import words
from contracts.escalation.model import Reason

_NOTHING_CAME = re.compile(r"(?i)\b(?:never|not|n't|nothing) (?:\w+ )?(?:received?|arrived?|came|come|got|reached)\b")

FALLBACKS_BEFORE_A_PERSON = 2

UNDERSTOOD_LANGUAGES = frozenset({"en", "und"})
"""What the intents and the knowledge are written in; ``und`` is a text too short to tell."""


class ActionFallback(DeskAction):
    """Reads the message as the open form's value, as a question, or not at all; the second miss offers a person."""

    def name(self) -> str:
        return "action_fallback"

    async def perform(self, turn: Turn) -> list[EventType]:
        events = await self._by_pattern(turn)
        return events if events is not None else await self._by_knowledge(turn)

    async def _by_pattern(self, turn: Turn) -> list[EventType] | None:
        """What can be read without knowing the intent; None when nothing can."""
        if (parser := PARSERS.get(turn.requested_slot or "")) and turn.active_form and (value := parser(turn.text)):
            return [SlotSet(turn.requested_slot, value), FollowupAction(turn.active_form)]
        if turn.nlu_status == "down" and words.load().asks_for_person(turn.text):
            return await hand_over(self.services, turn, reason=Reason.ASKED_FOR_PERSON)
        if parse_order_number(turn.text):
            return start(turn, MISSING_PARCEL if _NOTHING_CAME.search(turn.text) else ORDER_STATUS)
        return None

    async def _by_knowledge(self, turn: Turn) -> list[EventType]:
        if turn.language not in UNDERSTOOD_LANGUAGES:
            turn.say("utter_other_language", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        answer = await self.services.ladder.answer(await question_from(turn, self.services))
        if answer.kind in TOLD:
            return [*say_entry(turn, answer), *turn.moving_on()]
        return await self._not_told(turn, answer)

    async def _not_told(self, turn: Turn, answer: Answer) -> list[EventType]:
        """No entry answers outright: decline, ask back, offer, or bring in a person."""
        if answer.kind != "generated" and (topic := topic_of(turn)):
            return decline_topic(turn, topic)
        if answer.kind != "generated" and not turn.active_form and (meanings := meanings_of(turn)):
            turn.say("utter_which_of_these", buttons=[*meanings, NONE_OF_THESE])
            return [SlotSet("pending_offer", None), turn.then()]
        if answer.kind == "did_you_mean" and turn.active_form in (None, CONTACT_FORM):
            return [*say_suggestions(turn, answer), *turn.moving_on()]
        if answer.kind == "generated" and (not turn.active_form or (answer.text and answer.citations)):
            return [*say_written(turn, answer), *turn.moving_on()]
        return await self._missed(turn, answer)

    async def _missed(self, turn: Turn, answer: Answer) -> list[EventType]:
        """Nothing to tell, offer or ask: another miss, and perhaps one too many."""
        if not turn.active_form:
            await note_gap(self.services, turn.text, "none")
        if reason := reason_after_failure(turn, relevance=answer.relevance):
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
        if misses < FALLBACKS_BEFORE_A_PERSON:
            turn.say("utter_not_understood")
            return [SlotSet("fallback_count", misses), turn.then()]
        turn.say("utter_not_understood_again", buttons=[PERSON_BUTTON])
        return [SlotSet("fallback_count", misses), SlotSet("pending_offer", "person"), turn.then()]


def _not_understood_in_form(turn: Turn) -> list[EventType]:
    """The form asks again; from the second time with the ways out as buttons."""
    if mood := half_sentence(turn):
        turn.say(mood)
        return [turn.then()]
    misses = (turn.slot("invalid_tries") or 0.0) + 1
    buttons = [PERSON_BUTTON, STOP_BUTTON] if misses >= FALLBACKS_BEFORE_A_PERSON else []
    turn.say("utter_not_understood_in_form", buttons=buttons)
    return [SlotSet("invalid_tries", misses), turn.then()]
