"""What is said when no code can go out now: why, from when on, whether the last one still counts, and who helps."""

import json
from datetime import datetime, timedelta

from rasa_sdk.events import EventType, SlotSet

from actions.journey.fields import ANOTHER_CODE
from actions.journey.model import CODE
from actions.order_words import SHOP_TIME
from actions.transcript import messages_before
from actions.turn import PERSON_BUTTON, STOP_BUTTON, Turn
from backoffice.model.code import CodeAnswer, CodeOutcome

ANOTHER_BUTTON = {"title": "Send another code", "payload": "/inform" + json.dumps({CODE: ANOTHER_CODE})}
_LATELY = 3
"""Messages."""


def held_back(answer: CodeAnswer) -> bool:
    return answer.outcome in {CodeOutcome.WAIT, CodeOutcome.LIMITED}


def say_held_back(turn: Turn, answer: CodeAnswer) -> list[EventType]:
    """Say it, in other words the second time. Where no code counts a plain yes brings a person."""
    response = _response_for(answer)
    said = {reply for earlier in messages_before(turn, _LATELY) for reply in earlier.replies}
    buttons = [PERSON_BUTTON, STOP_BUTTON]
    if answer.outcome is CodeOutcome.WAIT:
        buttons.insert(0, ANOTHER_BUTTON)
    turn.say(
        f"{response}_again" if said & {response, f"{response}_again"} else response,
        until=_from_then_on(answer.until) if answer.until else "",
        buttons=buttons,
    )
    return [] if answer.holds else [SlotSet("pending_offer", "person")]


def _response_for(answer: CodeAnswer) -> str:
    if answer.outcome is CodeOutcome.LIMITED:
        return "utter_code_limited_holds" if answer.holds else "utter_code_limited"
    return "utter_code_wait" if answer.holds else "utter_code_pause"


def _from_then_on(until: datetime) -> str:
    """The first full minute that is not too early."""
    return (until + timedelta(seconds=59)).astimezone(SHOP_TIME).strftime("%H:%M")
