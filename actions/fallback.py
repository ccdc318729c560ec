"""When a message fits no intent, or the intent service is down: still try to help, then say what the bot can do."""

import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.flows import PARSERS, start
from actions.gaps import note_gap
from actions.journey.tone import half_sentence
from actions.metrics import ANSWERS
from actions.order_status import ORDER_STATUS
from actions.person import open_ticket
from actions.questions import question_from, say_entry, say_suggestions
from actions.turn import CONTACT_FORM, PERSON_BUTTON, STOP_BUTTON, DeskAction, Turn
from answering.model import TOLD
from backoffice.parsing import parse_order_number

ASKS_FOR_A_PERSON = re.compile(
    r"\b(human|real person|an? person|agents?|representative|someone real|somebody real)\b", re.IGNORECASE
)
"""Read only while the intent service is down, so that the way to a person never closes."""

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
        if turn.nlu_status == "down" and ASKS_FOR_A_PERSON.search(turn.text):
            return await open_ticket(self, turn, reason="asked_for_person")
        return start(turn, ORDER_STATUS) if parse_order_number(turn.text) else None

    async def _by_knowledge(self, turn: Turn) -> list[EventType]:
        if turn.language not in UNDERSTOOD_LANGUAGES:
            turn.say("utter_other_language", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        answer = await self.services.ladder.answer(await question_from(turn, self.services))
        if answer.kind in TOLD:
            return [*say_entry(turn, answer, offer_person=False), *turn.moving_on()]
        if answer.kind == "did_you_mean" and turn.active_form in (None, CONTACT_FORM):
            return [*say_suggestions(turn, answer, offer_person=False), *turn.moving_on()]
        if not turn.active_form:
            await note_gap(self.services, turn.text, "none")
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
