"""A calm sentence for the customer's mood, before the matter goes on."""

import fnmatch
import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import DeskAction, Turn
from contracts.escalation.history import turns_in

ANGRY_BELOW, FURIOUS_BELOW = -0.5, -0.62
"""Sentiment that is anger in a complaint, and anywhere: "my headphones are broken" is read down to -0.6."""

SOUR_BELOW = -0.3
"""Sentiment with which words of contempt, or shouting, are anger: "it's a present!!!" is none."""

_REMEMBERED = 8
"""Messages: who was met with a sentence needs none for the same mood so soon again."""

_ANGRY = re.compile(r"(?i)\b(?:ridiculous|unacceptable|angry|furious|fed up|joke of a|disgrace|scandal|useless)\b")
_SHOUTED = re.compile(r"!!!")
_CONTEMPT = re.compile(
    r"(?i)\b(?:garbage|trash|rubbish|pathetic|crap|bullshit|worst|awful|terrible|sucks?|stupid|dumb|hopeless|rip-?off|"
    r"scam(?:mers)?|thieves|liars)\b"
)
_SAD = re.compile(r"(?i)\b(?:sad|crying|heartbroken|funeral|passed away|died|hospital|depress\w*|devastated)\b")
_JOKING = re.compile(r"(?i)\b(?:ha(?:ha)+|lol|lmao|rofl|joking|just kidding|joke)\b|[😂🤣😄😆😜😉]")
_COMPLAINING = frozenset({"complain", "not_helpful"})
_SORRY_ALREADY = (
    "utter_tone_*",
    "utter_handoff_*",
    "utter_handed_*",
    "utter_ticket_*",
    "utter_abuse_*",
    "utter_off_topic_*",
    "utter_complaint",
    "utter_not_helpful",
    "utter_backoffice_down",
    "utter_knowledge_down",
    "utter_understanding_down",
    "utter_other_language",
)
"""Replies that meet the mood themselves, or that no other sentence should stand before."""


def half_sentence(turn: Turn) -> str | None:
    """The response for the message's mood; none for an even one, nor where the same was said a while ago."""
    mood = _mood(turn)
    past = turns_in(turn.tracker.events)[-_REMEMBERED:]
    return None if any(mood in earlier.replies for earlier in past) else mood


def _meets_it(response: str) -> bool:
    return any(fnmatch.fnmatchcase(response, pattern) for pattern in _SORRY_ALREADY)


def _mood(turn: Turn) -> str | None:
    if turn.text.startswith("/"):
        return None
    if _SAD.search(turn.text):
        return "utter_tone_sad"
    sour = turn.sentiment < SOUR_BELOW and (_SHOUTED.search(turn.text) or _CONTEMPT.search(turn.text))
    limit = ANGRY_BELOW if turn.intent in _COMPLAINING else FURIOUS_BELOW
    if _ANGRY.search(turn.text) or sour or turn.sentiment < limit:
        return "utter_tone_angry"
    return "utter_tone_joking" if _JOKING.search(turn.text) else None


class CalmAction(DeskAction):
    """An action whose answer to an upset customer begins with a calm sentence, if it says nothing of the kind itself.

    A joke is answered inside a journey only, where it stands between two questions.
    """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        events = await super().run(dispatcher, tracker, domain)
        mood = half_sentence(Turn(tracker, dispatcher))
        said = [str(message.get("response") or "") for message in dispatcher.messages]
        if mood in {"utter_tone_angry", "utter_tone_sad"} and not any(map(_meets_it, said)):
            dispatcher.utter_message(response=mood)
            dispatcher.messages.insert(0, dispatcher.messages.pop())
        return events
