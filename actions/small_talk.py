"""Small talk: how it goes, and questions about the bot itself."""

import re

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.escalation import topic_of
from actions.journey.end import cleared
from actions.journeys import BY_FORM
from actions.order_facts import asks_of_an_order
from actions.questions import answer_in_context, decline_topic, say_entry
from actions.turn import LISTEN, PERSON_BUTTON, DeskAction, Turn
from actions.what_follows import what_was_arranged
from answering.model import TOLD

_HOW_IT_GOES = re.compile(
    r"(?i)\b(?:how(?:'?s|'?re| is| are| r)?\b(?! old| much| many| long| tall).*"
    r"\b(?:you|u|ya|ye|things|life|it|going|day|doing|keeping|craic|tricks|form|morning|evening|week|everything|all)"
    r"|how do you do|what'?s up|(?:you|u) (?:ok|okay|well|good|alright|all right)|all (?:good|well|right))\b"
)
_ABOUT_ITSELF = {
    "ask_if_bot": re.compile(
        r"(?i)\b(?:\w*bots?|humans?|persons?|people|some ?(?:one|body)|any ?(?:one|body)|"
        r"who(?! reads?| sees?| gets?)|real|alive|machine|"
        r"ai|a\.i|computer|automat\w*|\w*gpt|program\w*|software|script|assistant|virtual|typing|talking|chatting)\b"
    ),
    "ask_capabilities": re.compile(
        r"(?i)\b(?:what|which|how)\b.*\b(?:you|u|ya|this|it|here|topics?|questions?|things|options)\b|\bhelp\b|\bmenu\b"
        r"|\bable to\b|\bcapab\w*|\bare you (?:good|any)\b|\bcan (?:you|u|it|this) (?:also |even )?do\b"
    ),
}
"""Words without which a question is hardly about the bot: "are you hiring" sounds like it and is about the shop."""

ITS_OWN_WORDS = {"ask_if_bot": "utter_bot", "ask_capabilities": "utter_capabilities"}
"""What the bot says of itself, by the intent that asks for it."""

_LEAVING = re.compile(
    r"(?i)\b(?:good ?)?bye+\b|\bgood ?night\b|\b(?:see|c) ?(?:you|ya|u)\b(?! (?:on|at|in)\b)|\bcya\b|\bfarewell\b"
    r"|\b(?:catch|talk to) (?:you|ya|u) later\b|\bhave a (?:nice|good|great|lovely)\b"
)
"""Plain words of leaving: "see you on Friday" may be the answer to a question."""

_SOUR = re.compile(
    r"(?i)\b(?:for nothing|wast(?:e|ed|ing)\b.*\btime|useless|no help|not help\w*|unhelpful|for not |"
    r"expected (?:so much |far |a lot )?(?:better|more)\b|(?<!not )(?<!n't )(?<!never )disappoint\w*|"
    r"let (?:me|us) down\b)|^\W*(?:\w+\W+){0,3}(?:unbelievable|ridiculous|a joke)\W*$"
)
_ABOUT_US = frozenset({"how_are_you", "ask_if_bot", "ask_capabilities", "greet", "praise"})
_SURELY_ABOUT_US, _SURE, _SOUR_BELOW = 0.8, 0.95, -0.2


class ActionSmallTalk(DeskAction):
    """Answers "how are you"; of itself the bot says only that it is one, and the weather is not its trade."""

    def name(self) -> str:
        return "action_small_talk"

    async def perform(self, turn: Turn) -> list[EventType]:
        if topic := topic_of(turn):
            return decline_topic(turn, topic)
        if asks_of_an_order(turn):
            return [FollowupAction("action_fallback")]  # "what's the hold-up" is asked of the order
        asked = turn.text.startswith("/") or _HOW_IT_GOES.search(turn.text)
        about_us = sum(chance for name, chance in turn.intent_ranking if name in _ABOUT_US)
        if not asked and about_us < _SURELY_ABOUT_US:
            return [FollowupAction("action_fallback")]
        turn.say("utter_how_are_you" if asked else "utter_about_me")
        return [turn.then()]


class ActionGoodbye(DeskAction):
    """Takes leave. Who says goodbye in the middle of a journey is asked nothing more, and told that it is left."""

    def name(self) -> str:
        return "action_goodbye"

    async def perform(self, turn: Turn) -> list[EventType]:
        journey = BY_FORM.get(turn.active_form or "")
        if journey and not (turn.text.startswith("/") or _LEAVING.search(turn.text)):
            return [FollowupAction("action_fallback")]  # "it's late" of an order only sounds like it
        if journey is None:
            turn.say("utter_goodbye")
            return [turn.then()]
        turn.say("utter_goodbye_unfinished")
        left = [SlotSet(slot, None) for slot in ("requested_slot", "suspended", "pending_offer")]
        return [ActiveLoop(None), *cleared(journey), *left, FollowupAction(LISTEN)]


class ActionAboutItself(DeskAction):
    """Says that it is a bot, or what it can do; a question about the shop is answered from the knowledge."""

    def name(self) -> str:
        return "action_about_itself"

    async def perform(self, turn: Turn) -> list[EventType]:
        if what_was_arranged(turn):
            return [FollowupAction("action_fallback")]  # "do I have to do anything" is asked of what was done
        intent = turn.intent or ""
        if not turn.text.startswith("/") and not _ABOUT_ITSELF[intent].search(turn.text):
            answer = await answer_in_context(turn, self.services)
            if answer.kind in TOLD:
                return [*say_entry(turn, answer), *turn.moving_on()]
        turn.say(ITS_OWN_WORDS[intent])
        return [turn.then()]


class ActionPleasantry(DeskAction):
    """Takes thanks and praise as they are meant: "thanks for nothing" is none."""

    def name(self) -> str:
        return "action_pleasantry"

    async def perform(self, turn: Turn) -> list[EventType]:
        if not turn.text.startswith("/") and meant_sourly(turn):
            turn.say("utter_not_helpful", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person"), turn.then()]
        turn.say("utter_praise" if turn.intent == "praise" else "utter_thanks")
        return [turn.then()]


def meant_sourly(turn: Turn) -> bool:
    """Whether kind words are meant the other way round; a single word is not read so closely."""
    in_doubt = turn.sentiment < _SOUR_BELOW and turn.intent_confidence < _SURE and len(turn.text.split()) > 1
    return in_doubt or bool(_SOUR.search(turn.text))
