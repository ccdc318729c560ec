"""When a message fits no intent, or the intent service is down: still try to help, then say what the bot can do."""

import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.flows import start
from actions.metrics import ANSWERS
from actions.person import open_ticket
from actions.questions import question_from, say_entry, say_suggestions
from actions.turn import PERSON_BUTTON, DeskAction, Turn
from backoffice.parsing import parse_email, parse_order_number

PARSERS = {"order_number": parse_order_number, "email": parse_email, "contact_email": parse_email}
"""How the value of a requested slot is found in free text, by slot."""

ASKS_FOR_A_PERSON = re.compile(
    r"\b(human|real person|an? person|agents?|representative|someone real|somebody real)\b", re.IGNORECASE
)
"""Read only while the intent service is down, so that the way to a person never closes."""

FALLBACKS_BEFORE_A_PERSON = 2


class ActionFallback(DeskAction):
    """Reads the message as the open form's value, as a question, or not at all; the second miss offers a person."""

    def name(self) -> str:
        return "action_fallback"

    async def perform(self, turn: Turn) -> list[EventType]:
        if (parser := PARSERS.get(turn.requested_slot or "")) and turn.active_form and (value := parser(turn.text)):
            return [SlotSet(turn.requested_slot, value), FollowupAction(turn.active_form)]
        if turn.nlu_status == "down":
            if ASKS_FOR_A_PERSON.search(turn.text):
                return await open_ticket(self, turn, reason="asked_for_person")
            if number := parse_order_number(turn.text):
                return [SlotSet("order_number", number), *start(turn, "order_status_form")]
        answer = await self.services.ladder.answer(await question_from(turn, self.services))
        if answer.kind == "entry":
            return [*say_entry(turn, answer, offer_person=False), turn.then()]
        if answer.kind == "did_you_mean" and not turn.active_form:
            return [*say_suggestions(turn, answer), turn.then()]
        return self._not_understood(turn)

    @staticmethod
    def _not_understood(turn: Turn) -> list[EventType]:
        ANSWERS.labels("none").inc()
        if turn.active_form:
            turn.say("utter_not_understood_in_form")
            return [turn.then()]
        if turn.nlu_status == "down":
            turn.say("utter_understanding_down")
            return [turn.then()]
        misses = (turn.slot("fallback_count") or 0.0) + 1
        if misses < FALLBACKS_BEFORE_A_PERSON:
            turn.say("utter_not_understood")
            return [SlotSet("fallback_count", misses), turn.then()]
        turn.say("utter_not_understood_again", buttons=[PERSON_BUTTON])
        return [SlotSet("fallback_count", misses), SlotSet("pending_offer", "person"), turn.then()]
